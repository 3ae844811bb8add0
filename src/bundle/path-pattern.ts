// Path patterns of `rules/sources`: matched against the end of a path, from any depth.
//
//   namespaces/{namespace}/pods/{pod}/{pod}.yaml     {label}: one or more characters within a folder or file name,
//                                                    captured; used twice it must be the same text both times
//   proc/sys/{key*}                                  {label*}: any number of folders, captured (at the end: at least one)
//   cluster-scoped-resources/**/*.yaml               **: any number of folders; *: any characters within a name
//   {etc,usr/lib}/sysctl.d/{,*.}conf                 {a,b}: one of these; may be empty, may hold * and /
//   sys/fs/cgroup/{file:cpu.max,cpu.weight}          {label:a,b}: one of these, captured
//
// What precedes is the root; the shortest root that fits is taken. A step into an archive inside (`!`) acts like `/`.

export interface PathMatch {
  /** What precedes the pattern, without a final separator. */
  readonly root: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A pattern as plain data. */
export interface PatternForm {
  readonly text: string;
  /** How much of the pattern is written out: the longer, the more specific. */
  readonly literalLength: number;
  /** Every file name it can end in; absent when there is no end of them. */
  readonly fileNames?: readonly string[];
  /** A folder that every match passes through. */
  readonly folder?: string;
  /** Every matching file name begins with one of these. */
  readonly fileNameStarts: readonly string[];
  /** What it means as a regular expression. */
  readonly source: string;
}

export interface PathPattern extends PatternForm {
  match(path: string): PathMatch | undefined;
}

/** `at` counts characters of the pattern, from 0. */
export class PatternError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

type Atom =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'star' }
  | { readonly is: 'label'; readonly name: string }
  | { readonly is: 'choice'; readonly name?: string; readonly words: readonly string[] };
type Segment = readonly Atom[] | { readonly folders: true; readonly name?: string };

const separator = '[/!]';
const character = '[^/!]';

/** The pattern once for each word of a choice that holds a `/`, so that every pattern has a fixed number of folders. */
export function spellOut(text: string): readonly string[] {
  const choice = /\{([^{}:]*\/[^{}]*)\}/.exec(text);
  if (!choice?.[1]?.includes(',')) return [text];
  const [before, after] = [text.slice(0, choice.index), text.slice(choice.index + choice[0].length)];
  return choice[1].split(',').flatMap((word) => spellOut(before + word + after));
}

/** `under`: names (with `*`) of the folder or archive that the root must end in; '' is the top of the input or of an archive. */
export function compilePattern(text: string, under: readonly string[] = []): PathPattern {
  const segments = parse(text);
  const last = segments.at(-1);
  if (last === undefined || (isFolders(last) && last.name === undefined)) {
    throw new PatternError('a pattern ends in a file name; write `**/*` for every file below', text.length);
  }
  const { source } = new RegExp(`^${rootSource(under)}${bodySource(segments)}$`, 's');
  const fileNames = isFolders(last) || writtenOut(last) < last.length ? undefined : everyText(last);
  const folder = longest(segments.slice(0, -1).flatMap((segment) => plainText(segment) ?? []));
  return patternOf({
    text,
    literalLength: segments.reduce((sum, segment) => sum + lengthOf(segment), segments.length - 1),
    ...(fileNames && { fileNames }),
    ...(folder && { folder }),
    fileNameStarts: isFolders(last) ? [''] : everyText(last.slice(0, writtenOut(last))),
    source,
  });
}

/** Of patterns that were kept most never match a path of a bundle: the expression is made at the first try. */
export function patternOf(form: PatternForm): PathPattern {
  let expression: RegExp | undefined;
  return {
    ...form,
    match(path) {
      expression ??= new RegExp(form.source, 's');
      const found = expression.exec(path);
      if (!found) return undefined;
      const labels: Record<string, string> = {};
      for (const [name, value] of Object.entries(found.groups ?? {})) if (name !== '_root') labels[name] = value ?? '';
      return { root: found.groups?._root ?? '', labels };
    },
  };
}

function rootSource(under: readonly string[]): string {
  if (under.length === 0) return `(?:|(?<_root>.*?)${separator})`;
  const ways = under.map((name) => {
    if (name === '') return '|(?<_root>.*?)!';
    return `(?<_root>(?:.*?${separator})??${parse(name).map(segmentSource(new Set())).join('')})${separator}`;
  });
  return `(?:${ways.join('|')})`;
}

function bodySource(segments: readonly Segment[]): string {
  const source = segmentSource(new Set());
  return segments
    .map((segment, index) => {
      const isLast = index === segments.length - 1;
      if (!isFolders(segment)) return source(segment) + (isLast ? '' : separator);
      if (isLast) return `(?<${segment.name}>.+)`;
      return segment.name ? `(?:(?<${segment.name}>.+?)${separator})?` : `(?:.+?${separator})?`;
    })
    .join('');
}

function segmentSource(seen: Set<string>): (segment: Segment) => string {
  const captured = (name: string, source: string): string => {
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>${source})`;
  };
  return (segment) => {
    if (isFolders(segment)) return '.*';
    return segment
      .map((atom, index) => {
        if (atom.is === 'text') return escaped(atom.text);
        if (atom.is === 'star') return `${character}*`;
        // Before a choice a label stops early, so that `{mount}{,.txt}` leaves the ending to the choice.
        if (atom.is === 'label') {
          return captured(atom.name, `${character}+${segment[index + 1]?.is === 'choice' ? '?' : ''}`);
        }
        const words = atom.words.map((word) => word.split('*').map(escaped).join(`${character}*`)).join('|');
        return atom.name ? captured(atom.name, words) : `(?:${words})`;
      })
      .join('');
  };
}

function parse(text: string): readonly Segment[] {
  let offset = 0;
  return text.split('/').map((segment) => {
    const start = offset;
    offset += segment.length + 1;
    if (segment === '**') return { folders: true };
    const several = /^\{([a-z]\w*)\*\}$/i.exec(segment);
    if (several?.[1]) return { folders: true, name: several[1] };
    if (segment === '') throw new PatternError('an empty folder name: `/` at the start, at the end or twice', start);
    return parseSegment(segment, start);
  });
}

function parseSegment(segment: string, start: number): Atom[] {
  const atoms: Atom[] = [];
  const piece = /\*|\{([^{}]*)\}|[^*{}]+|[{}]/g;
  for (const found of segment.matchAll(piece)) {
    const at = start + found.index;
    const inner = found[1];
    if (found[0] === '*') atoms.push({ is: 'star' });
    else if (found[0] === '{' || found[0] === '}') throw new PatternError('a brace without its partner', at);
    else if (inner === undefined) atoms.push({ is: 'text', text: found[0] });
    else atoms.push(parseBraces(inner, at));
  }
  if (segment.includes('**'))
    throw new PatternError('`**` stands alone between two `/`', start + segment.indexOf('**'));
  return atoms;
}

function parseBraces(inner: string, at: number): Atom {
  const [, name, words] = /^(?:([a-z]\w*):)?(.*)$/s.exec(inner) ?? [];
  if (name !== undefined) return { is: 'choice', name, words: (words ?? '').split(',') };
  if (inner.includes(',')) return { is: 'choice', words: inner.split(',') };
  if (/^[a-z]\w*$/i.test(inner)) return { is: 'label', name: inner };
  throw new PatternError(`{${inner}} is neither {label}, {label*} as a whole folder, {a,b} nor {label:a,b}`, at);
}

const isFolders = (segment: Segment): segment is { readonly folders: true; readonly name?: string } =>
  !Array.isArray(segment);
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const longest = (texts: readonly string[]): string => texts.reduce((a, b) => (b.length > a.length ? b : a), '');

function plainText(segment: Segment): string | undefined {
  if (isFolders(segment) || !segment.every((atom) => atom.is === 'text')) return undefined;
  return segment.map((atom) => (atom.is === 'text' ? atom.text : '')).join('');
}

/** All texts a name can be, as long as nothing in it is open. */
function everyText(segment: readonly Atom[]): string[] {
  let texts = [''];
  for (const atom of segment) {
    const words = atom.is === 'text' ? [atom.text] : atom.is === 'choice' ? atom.words : [];
    texts = texts.flatMap((text) => words.map((word) => text + word));
  }
  return texts;
}

/** How many atoms at the start of a name have an end of possible texts. */
function writtenOut(segment: readonly Atom[]): number {
  const open = segment.findIndex((atom) => {
    return (
      atom.is === 'star' ||
      atom.is === 'label' ||
      (atom.is === 'choice' && atom.words.some((word) => word.includes('*')))
    );
  });
  return open < 0 ? segment.length : open;
}

function lengthOf(segment: Segment): number {
  if (isFolders(segment)) return 0;
  return segment.reduce((sum, atom) => {
    if (atom.is === 'text') return sum + atom.text.length;
    return atom.is === 'choice' ? sum + Math.min(...atom.words.map((word) => word.replaceAll('*', '').length)) : sum;
  }, 0);
}
