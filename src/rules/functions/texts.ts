// Functions on text: patterns in RE2 syntax, the string extensions of CEL, and forms that people read in messages.

import { patternHits, patternMatches } from '../patterns.ts';
import { define, type FunctionTable } from './function-table.ts';

/** What `matches` is called inside, because CEL's own runs on a backtracking engine. */
export const matchesInside = 'matchesLinear';
/** Functions whose last argument is a pattern, by name. */
export const patternFunctions: ReadonlySet<string> = new Set(['matches', matchesInside, 'find', 'findAll', 'captures']);

const mostMatches = 10_000;
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** `1610612736` → `1.5 GiB`. */
export function humanBytes(bytes: bigint | number): string {
  let size = Number(bytes);
  let unit = 0;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${shortNumber(size, unit === 0 ? 0 : 1)} ${units[unit]}`;
}

/** `93784 s` → `1d 2h`: the two largest parts. */
export function humanDuration(seconds: number): string {
  const sign = seconds < 0 ? '-' : '';
  const size = Math.abs(seconds);
  if (size < 1) return size === 0 ? '0s' : `${sign}${Math.round(size * 1000)}ms`;
  const whole = Math.floor(size);
  const parts = [
    [Math.floor(whole / 86400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return sign + shown.map(([count, unit]) => `${count}${unit}`).join(' ');
}

/** At most so many decimals, none that say nothing: `0.50` → `0.5`. */
export function shortNumber(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const text = value.toFixed(decimals);
  return (text.includes('.') ? text.replace(/\.?0+$/, '') : text).replace(/^-0$/, '0');
}

function formatted(form: string, values: readonly unknown[]): string {
  let next = 0;
  return form.replace(/%(?:\.(\d{1,2}))?([sdfxX%])/g, (_, decimals, verb) => {
    if (verb === '%') return '%';
    if (next >= values.length) throw new Error(`format: more verbs in "${form}" than values`);
    const value = values[next++];
    if (verb === 'f') return Number(value).toFixed(decimals === undefined ? 6 : Number(decimals));
    if (verb === 'd' && typeof value !== 'bigint') throw new Error('format: %d needs an int');
    if (verb === 'x' || verb === 'X') {
      const hex = (value as bigint).toString(16);
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    return String(value);
  });
}

function charAt(text: string, at: bigint): string {
  if (at < 0n || at > text.length) throw new Error(`charAt(${at}) of ${text.length} characters`);
  return text.charAt(Number(at));
}

function replaced(text: string, from: string, to: string, most = -1n): string {
  const parts = text.split(from);
  const count = most < 0n ? parts.length : Math.min(parts.length, Number(most) + 1);
  return (
    parts.slice(0, count).join(to) +
    parts
      .slice(count)
      .map((part) => from + part)
      .join('')
  );
}

const rfc3339 = (date: Date): string => date.toISOString().replace('.000Z', 'Z');

const found = (text: string, pattern: string, most = mostMatches): string[] =>
  patternMatches(text, pattern, Math.min(most, mostMatches)).map((match) => match.text);

export const textFunctions: FunctionTable = {
  functions: [
    define(`string.${matchesInside}(string): bool`, 'Whether an RE2 pattern hits a part of the text.', patternHits),
    define('matches(string, string): bool', 'Whether an RE2 pattern hits a part of the text.', patternHits),
    define(
      'string.find(string): string',
      'The first hit of an RE2 pattern, or an empty text.',
      (text, pattern) => found(text, pattern, 1)[0] ?? '',
    ),
    define('string.findAll(string): list<string>', 'All hits of an RE2 pattern.', (text, pattern) =>
      found(text, pattern),
    ),
    define('string.findAll(string, int): list<string>', 'The first hits of an RE2 pattern.', (text, pattern, most) =>
      found(text, pattern, most < 0n ? mostMatches : Number(most)),
    ),
    define(
      'string.captures(string): map<string, string>',
      'Named groups of the first hit of an RE2 pattern; empty without a hit.',
      (text, pattern) => patternMatches(text, pattern, 1)[0]?.groups ?? {},
    ),
    define('string.charAt(int): string', 'One character.', charAt),
    define('string.replace(string, string): string', 'With each part replaced.', replaced),
    define('string.replace(string, string, int): string', 'With the first parts replaced.', replaced),
    define('string.reverse(): string', 'Last character first.', (text) => [...text].reverse().join('')),
    define('string.format(list): string', '`%s`, `%d`, `%.1f`, `%x` filled in.', formatted),
    define('humanBytes(int): string', '`1610612736` as `1.5 GiB`.', humanBytes),
    define('humanBytes(double): string', '`1610612736.0` as `1.5 GiB`.', humanBytes),
    define('humanDuration(int): string', 'Seconds as `1d 2h`.', (seconds) => humanDuration(Number(seconds))),
    define('humanDuration(double): string', 'Seconds as `1d 2h`.', humanDuration),
    define('humanDuration(google.protobuf.Duration): string', 'As `1d 2h`.', (span) =>
      humanDuration(Number(span) / 1000),
    ),
    define('string(google.protobuf.Timestamp): string', 'As RFC 3339 in UTC.', rfc3339),
    define('string(google.protobuf.Duration): string', 'As seconds.', String),
    define('int(google.protobuf.Timestamp): int', 'Seconds since 1970.', (date) =>
      BigInt(Math.floor(date.getTime() / 1000)),
    ),
  ],
};
