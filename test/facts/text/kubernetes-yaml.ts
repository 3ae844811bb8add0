// Makes random documents and prints them the way Go prints YAML for kubectl; the same seed gives the same documents.

export type Random = (below: number) => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// biome-ignore format: a list of odd words
const pieces = ['a', 'B', 'word', 'long-ish-word', ' ', ' ', '  ', '\n', '\n\n', '\t', ':', ': ', ' #', '- ', '-', '? ',
  '|', '>', '{', '}', '[', ']', ',', "'", '"', '\\', '&', '*', '!', '%', '@', '`', '0', '12', '.', 'e', '+', '_', '~',
  'null', 'true', 'yes', '=', '<<', 'é', '😀', '\u0007', '0x', '0o', '2024-01-01', '12:30', '50894e2477', '---', '...', '\r'];
const names = ['name', 'kind', 'k8s.io/x', 'metadata', 'labels', 'z-y_x', 'constructor', '__proto__'];
const plainScalars = [true, false, null, 0, 1, -5, 1627982456, 1.5, 1e21, -0.25];

function randomText(random: Random): string {
  const words = random(20) === 0 ? 'word '.repeat(random(60)) : '';
  return words + Array.from({ length: 1 + random(random(4) === 0 ? 12 : 4) }, () => pick(random, pieces)).join('');
}

export function randomValue(random: Random, depth = 0): unknown {
  const kind = random(depth > 4 ? 5 : 9);
  if (kind < 3) return randomText(random);
  if (kind === 3) return pick(random, plainScalars);
  if (kind === 4) return random(2) ? {} : [];
  if (kind === 5) return Array.from({ length: 1 + random(4) }, () => randomValue(random, depth + 1));
  return randomMapping(random, depth);
}

export function randomMapping(random: Random, depth = 0): Record<string, unknown> {
  const keys = Array.from({ length: 1 + random(5) }, () =>
    random(5)
      ? pick(random, names)
      : randomText(random)
          .replaceAll(/[\n\r]/g, '')
          .slice(0, 40),
  );
  return Object.fromEntries(keys.map((key) => [key, randomValue(random, depth + 1)]));
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random(from.length)]!;
}

/** The YAML of a mapping, with a line end. */
export function printYaml(mapping: Record<string, unknown>): string {
  return printEntries(mapping, 0);
}

function printEntries(mapping: Record<string, unknown>, indent: number): string {
  const keys = Object.keys(mapping).sort((a, b) => (a < b ? -1 : 1));
  return keys
    .map((key) => {
      const value = mapping[key];
      // A list stands at the column of its key.
      const inner = Array.isArray(value) ? printBelow(value, indent) : printBelow(value, indent + 2);
      return `${' '.repeat(indent)}${printKey(key)}:${inner}`;
    })
    .join('');
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function printBelow(value: unknown, indent: number): string {
  if (isFilled(value)) return `\n${printFilled(value, indent)}`;
  return ` ${printScalar(value, indent)}\n`;
}

function printFilled(value: object, indent: number): string {
  if (!Array.isArray(value)) return printEntries(value as Record<string, unknown>, indent);
  const dash = `${' '.repeat(indent)}- `;
  return value
    .map((element) => {
      if (!isFilled(element)) return `${dash}${printScalar(element, indent + 2)}\n`;
      return dash + printFilled(element, indent + 2).slice(indent + 2);
    })
    .join('');
}

function printKey(key: string): string {
  return isPlain(key) ? key : JSON.stringify(key);
}

/** `indent` is the column of what continues the scalar in further lines. */
function printScalar(value: unknown, indent: number): string {
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'object') return value === null ? 'null' : '{}';
  if (typeof value !== 'string') return String(value);
  const isPrintable = !/[^\n\x20-\x7e\xa0-\u{10ffff}]/u.test(value);
  if (isPrintable && value.includes('\n')) return printBlock(value, indent);
  if (isPrintable && isPlain(value)) return fold(value, indent);
  if (isPrintable && !value.includes('\\')) return fold(`'${value.replaceAll("'", "''")}'`, indent);
  return fold(JSON.stringify(value), indent);
}

function isPlain(text: string): boolean {
  if (text === '50894e2477' || text === '<<' || text === '=') return true;
  return /^[A-Za-z/é][\w./é-]*(?: [\w./é-]+)*$/.test(text) && !/^(?:null|true|false|yes|no|on|off|y|n)$/i.test(text);
}

function printBlock(value: string, indent: number): string {
  const lines = value.split('\n');
  const chomp = !value.endsWith('\n') ? '-' : /(?:^|\n)\n$/.test(value) ? '+' : '';
  const hint = /^[ \n]/.test(value) ? '2' : '';
  if (value.endsWith('\n')) lines.pop();
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n')}`;
}

/** Breaks at single spaces past column 80, as Go does it. */
function fold(text: string, indent: number): string {
  let column = indent;
  return text.replaceAll(/(?<=[^ ]) (?=[^ ])|[^ ]+| +/g, (part) => {
    column += part.length;
    if (part !== ' ' || column < 80) return part;
    column = indent;
    return `\n${' '.repeat(indent)}`;
  });
}
