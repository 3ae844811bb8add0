// Many names looked for in a text at once: a name may be a part of another word between `-`, `.`, `_` and the like.

export interface NameIndex {
  /** In any case; a name begins with a letter or a digit. */
  add(name: string): void;
  /** The text with another one in place of each name, the longest first; `undefined` leaves it as it is. */
  replace(text: string, other: (name: string) => string | undefined): string;
  /** Each name that stands in the text, as often as it does. */
  in(text: string): Generator<string>;
}

export function createNameIndex(): NameIndex {
  /** By what they begin with up to the first sign that is no letter or digit. */
  const byBegin = new Map<string, { readonly names: Set<string>; lengths: readonly number[] }>();

  function* found(lower: string): Generator<{ readonly at: number; readonly name: string }> {
    for (const { 0: begin, index: at } of lower.matchAll(/[a-z0-9]+/g)) {
      const known = byBegin.get(begin);
      for (const length of known?.lengths ?? []) {
        if (isWordSign(lower.charCodeAt(at + length))) continue;
        const name = lower.slice(at, at + length);
        if (known?.names.has(name)) yield { at, name };
      }
    }
  }

  return {
    add(name) {
      const lower = lowered(name);
      const begin = /^[a-z0-9]+/.exec(lower)?.[0];
      if (begin === undefined) return;
      const known = byBegin.get(begin) ?? { names: new Set(), lengths: [] };
      byBegin.set(begin, known);
      known.names.add(lower);
      if (!known.lengths.includes(lower.length)) known.lengths = [...known.lengths, lower.length].sort((a, b) => b - a);
    },
    replace(text, other) {
      let out = '';
      let copied = 0;
      for (const { at, name } of found(lowered(text))) {
        if (at < copied) continue;
        const shown = other(name);
        if (shown === undefined) continue;
        out += text.slice(copied, at) + shown;
        copied = at + name.length;
      }
      return copied === 0 ? text : out + text.slice(copied);
    },
    *in(text) {
      for (const { name } of found(lowered(text))) yield name;
    },
  };
}

/** Of the same length: `İ` would get longer. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const isWordSign = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
