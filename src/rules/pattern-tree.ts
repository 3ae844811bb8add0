// Reads a pattern that RE2 accepted into a tree, and says where V8 would read it otherwise.

export interface Item {
  readonly node: PatternNode;
  readonly least: number;
  readonly most: number;
}
export type PatternNode =
  /** One character: `set` is the same class in V8's spelling, `text` the character where it is a single one. */
  | { readonly is: 'character'; readonly set: string; readonly text?: string; readonly isDot: boolean }
  | { readonly is: 'edge'; readonly text: string }
  | { readonly is: 'group'; readonly branches: Branches };
/** The alternatives of a group, or of the whole pattern. */
export type Branches = readonly (readonly Item[])[];

export interface PatternTree {
  readonly branches: Branches;
  /** Why V8 must not run it: it gives some form of it another meaning. */
  readonly foreign?: string;
}

const inClass = /^\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*/;

export function readPattern(pattern: string): PatternTree {
  let at = 0;
  let foreign: string | undefined;
  /** Inside `(?i:…)` a letter stands for two characters, so it is no text that a hit must hold. */
  let isCaseless = false;
  const means = (form: string): void => {
    foreign ??= `${form} means something else to V8`;
  };

  function quantifier(): Pick<Item, 'least' | 'most'> {
    const found = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(pattern.slice(at, at + 16));
    if (!found) return { least: 1, most: 1 };
    at += found[0].length;
    if (found[1]) return { least: found[1] === '+' ? 1 : 0, most: found[1] === '?' ? 1 : Number.POSITIVE_INFINITY };
    const least = Number(found[2]);
    const most = found[3] === '' ? least : found[4] === '' ? Number.POSITIVE_INFINITY : Number(found[4]);
    return { least, most };
  }

  function node(): PatternNode | undefined {
    const character = pattern[at++] ?? '';
    if (character === '\\') return escaped();
    if (character === '[') {
      const inner = inClass.exec(pattern.slice(at))?.[0] ?? '';
      if (/^\^?\]|\[:|\\[pPQS]/.test(inner)) means(`[${inner}]`);
      at += inner.length + 1;
      return { is: 'character', set: `[${inner}]`, isDot: false };
    }
    if (character === '(') return group();
    if (character === '.') return { is: 'character', set: '[^\\n]', isDot: true };
    if (character === '^' || character === '$') return { is: 'edge', text: character };
    return literal(character, isCaseless);
  }

  function escaped(): PatternNode {
    const character = pattern[at++] ?? '';
    if (/[bB]/.test(character)) return { is: 'edge', text: `\\${character}` };
    if (/[AzQECapP0-9]/.test(character)) means(`\\${character}`);
    if (character === 'x') {
      if (pattern[at] === '{') means('\\x{…}');
      const digits = /^(?:[0-9a-fA-F]{2}|\{[0-9a-fA-F]+\})/.exec(pattern.slice(at))?.[0] ?? '';
      at += digits.length;
      return { is: 'character', set: digits.startsWith('{') ? '[^]' : `\\x${digits}`, isDot: false };
    }
    if (!/[a-zA-Z0-9]/.test(character)) return literal(character, isCaseless);
    return { is: 'character', set: `\\${character}`, isDot: false };
  }

  function group(): PatternNode | undefined {
    const opening = /^\?(?:P?<\w+>|[a-zA-Z-]*(:|\)))/.exec(pattern.slice(at))?.[0] ?? '';
    const isFlagsOnly = opening.endsWith(')');
    if (/^\?[a-zA-Z]*[^ims\-PPa-z:)<>]/.test(opening) || /^\?[ims-]*U/.test(opening)) means(`(${opening}`);
    if (isFlagsOnly && at !== 1) {
      foreign ??= `(${opening} in the middle means something else to V8`;
      // up to the end of the group it stands in
      isCaseless ||= /^\?[ms]*i/.test(opening);
    }
    at += opening.length;
    if (isFlagsOnly) return undefined;
    const outer = isCaseless;
    isCaseless ||= /^\?[ms]*i[ims]*(?:-[ims]*)?:/.test(opening);
    const branches = alternation();
    isCaseless = outer;
    at += 1;
    return { is: 'group', branches };
  }

  function alternation(): Branches {
    const branches: Item[][] = [[]];
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        at += 1;
        branches.push([]);
        continue;
      }
      const found = node();
      const times = quantifier();
      if (found) branches.at(-1)?.push({ node: found, ...times });
    }
    return branches;
  }

  const branches = alternation();
  return { branches, ...(foreign !== undefined && { foreign }) };
}

function literal(text: string, isCaseless: boolean): PatternNode {
  const set = text.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
  return { is: 'character', set, ...(!isCaseless && { text }), isDot: false };
}
