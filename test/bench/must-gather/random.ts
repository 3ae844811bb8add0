// Numbers and names that look random and are the same for the same seed, whatever was asked of other seeds before.

export interface Random {
  /** From 0 up to, not including, `bound`. */
  below(bound: number): number;
  /** True once in so many times. */
  once(inSoMany: number): boolean;
  pick<Each>(list: readonly Each[]): Each;
  hex(digits: number): string;
  /** `9d5db4f0-2a7f-418b-b693-de4fc5eb523a` */
  uid(): string;
  /** As Kubernetes ends generated names: `fxcgb`. */
  suffix(letters: number): string;
  /** Base64, which does not compress. */
  base64(characters: number): string;
}

const nameLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** Of the splitmix kind: one 32-bit state, good enough for shapes. */
export function seeded(seed: string): Random {
  let state = 0x811c9dc5;
  for (let at = 0; at < seed.length; at++) state = Math.imul(state ^ seed.charCodeAt(at), 0x01000193);

  function next(): number {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  const below = (bound: number): number => Math.floor((next() / 0x1_0000_0000) * bound);
  function hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += (next() | 0x1_0000_0000).toString(16).slice(-8).padStart(8, '0');
    return text.slice(0, digits);
  }

  return {
    below,
    once: (inSoMany) => below(inSoMany) === 0,
    pick: (list) => list[below(list.length)]!,
    hex,
    uid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    suffix: (letters) => Array.from({ length: letters }, () => nameLetters[below(nameLetters.length)]).join(''),
    base64(characters) {
      const bytes = Buffer.allocUnsafe(Math.ceil((characters * 3) / 4));
      for (let at = 0; at < bytes.length; at++) bytes[at] = next();
      return bytes.toString('base64').slice(0, characters);
    },
  };
}
