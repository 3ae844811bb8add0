// Damage for fuzzers: of bytes, and of texts made of lines and words.

import { chance, pick, type Random } from './fuzz-random.ts';

/** Bits, bytes, runs, copies and cuts; few of them, so that most of the input stays what it was. */
export function mutateBytes(next: Random, bytes: Buffer, times = 1 + next(4)): Buffer {
  let out = Buffer.from(bytes);
  for (let turn = 0; turn < times && out.length > 0; turn++) {
    const at = next(out.length);
    const length = 1 + next(chance(next, 4) ? 600 : 8);
    switch (next(7)) {
      case 0:
        out[at]! ^= 1 << next(8);
        break;
      case 1:
        out[at] = pick(next, [0, 1, 0x7f, 0x80, 0xff, 0x0a, next(256)]);
        break;
      case 2:
        out.fill(chance(next, 2) ? 0 : next(256), at, Math.min(out.length, at + length));
        break;
      case 3:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      case 4:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at, at + length), out.subarray(at)]);
        break;
      case 5:
        out = Buffer.concat([
          out.subarray(0, at),
          Buffer.from(Array.from({ length }, () => next(256))),
          out.subarray(at),
        ]);
        break;
      default:
        if (chance(next, 3)) out = out.subarray(0, at);
        else out.copyWithin(next(out.length), at, at + length);
    }
  }
  return out;
}

// biome-ignore format: a list of odd words
const oddWords = ['', '0', '-1', '1e400', '18446744073709551616', '-9223372036854775809', '0x', '1.5', 'NaN', '-', '--', '!',
  '*', '/', '//', '::', '::/0', '0.0.0.0/0', '1.2.3.4/33', '256.1.1.1', 'fe80::1%eth0', ':', '0:65536', '1:2:3', ',', ',,', '"', "'",
  '"open', '\\', '\\"', '(', ')', '[', ']', '[0:0]', '[1:', '{', '}', '{{', '<', '>', '|', '#', '# x', ';', '=', '==', 'a=', '=b', '@', '$',
  '%', '100%', '101%', '1K', '9G', '5Z', 'Ki', '12Ei', '1m', 'max', 'none', 'null', 'true', 'n/a', '<none>', '(null)', '__proto__', 'constructor',
  'toString', 'hasOwnProperty', '\t', '\r', '\0', '\x1b[31m', '\u2028', '\ud83d\ude00', '\ufeff', 'é', 'e\u0301', '2024-02-30T25:61:61Z',
  '9999-99-99', 'Jan 32 25:00:00', 'Permission denied', 'command not found', 'cannot open: No such file or directory'];

/** A line of many, repeated once more, would outgrow what a string can hold. */
const longestRepeated = 4000;

/** `others` are texts of the same sort, to splice lines and words from. */
export function mutateText(next: Random, text: string, others: readonly string[]): string {
  let lines = text.split('\n');
  for (let turn = 1 + next(5); turn > 0; turn--) {
    const at = next(lines.length);
    const foreign = () => {
      const other = pick(next, others).split('\n');
      return other[next(other.length)]!;
    };
    switch (next(12)) {
      case 0:
        lines.splice(at, 1 + next(3));
        break;
      case 1:
        lines.splice(at, 0, ...lines.slice(at, at + 1 + next(4)));
        break;
      case 2: {
        const to = next(lines.length);
        [lines[at], lines[to]] = [lines[to] ?? '', lines[at] ?? ''];
        break;
      }
      case 3:
        lines.splice(at, 0, foreign());
        break;
      case 4:
        lines = [...lines.slice(0, at), ...pick(next, others).split('\n').slice(next(20))];
        break;
      case 5:
        lines[at] = (lines[at] ?? '').slice(0, next((lines[at] ?? '').length + 1));
        break;
      case 6:
        lines[at] = `${' '.repeat(next(9))}${chance(next, 4) ? '\t' : ''}${(lines[at] ?? '').trimStart()}`;
        break;
      case 7:
        if (chance(next, 4)) lines[at] = (lines[at] ?? '').slice(0, longestRepeated).repeat(1 + next(300));
        break;
      case 8:
        if (chance(next, 6)) lines = lines.flatMap((line) => [line, line]).slice(0, 4000);
        break;
      default:
        lines[at] = mutateLine(next, lines[at] ?? '', foreign);
    }
    if (lines.length === 0) lines = [''];
  }
  let out = lines.join('\n');
  if (chance(next, 10)) out = out.slice(0, next(out.length + 1));
  if (chance(next, 25)) out = out.replaceAll('\n', '\r\n');
  return out;
}

function mutateLine(next: Random, line: string, foreign: () => string): string {
  const words = line.split(/([\s,:=/]+)/);
  const at = next(words.length);
  switch (next(5)) {
    case 0:
      words.splice(at, 1 + next(2));
      break;
    case 1:
      words.splice(at, 0, pick(next, oddWords), ' ');
      break;
    case 2: {
      const other = foreign().split(/\s+/);
      words[at] = other[next(other.length)]!;
      break;
    }
    case 3: {
      const from = next(line.length + 1);
      return line.slice(0, from) + pick(next, oddWords) + line.slice(from + next(3));
    }
    default:
      words[at] = pick(next, oddWords);
  }
  return words.join('');
}
