// Finds the lines of one leaf within an object printed as YAML in blocks; where it is not sure, it finds nothing.

import type { Span } from '../bundle/source.ts';
import type { Step } from './leaves.ts';

const indentOf = (line: string): number => line.length - line.trimStart().length;
const bare = (text: string): string => text.replace(/^["']|["']$/g, '');

/** `lines` are those of the object, of which the first has the number `first`. The last line found must hold `text`. */
export function leafPlace(
  lines: readonly string[],
  first: number,
  steps: readonly Step[],
  text: string,
): Span | undefined {
  // An element of a list begins with its dash: with a blank in its place all keys stand in one column.
  const plain = lines.map((line, at) => (at === 0 ? line.replace(/^(\s*)- /, '$1  ') : line));
  let [from, to] = [0, plain.length];
  let found = -1;
  for (const step of steps) {
    const block = 'key' in step ? keyBlock(plain, from, to, step.key) : entryBlock(plain, from, to, step);
    if (!block) return undefined;
    found = block.at;
    [from, to] = [block.from, block.to];
  }
  if (found < 0) return undefined;
  const inLine = bare((/:\s+(.*)$/.exec(plain[found] ?? '')?.[1] ?? '').trim());
  if (inLine !== '' && !/^[|>]/.test(inLine)) return inLine === text ? [first + found, first + found] : undefined;
  return to > from ? [first + found, first + to - 1] : undefined;
}

interface Block {
  /** The line of the key or the dash. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

function keyBlock(lines: readonly string[], from: number, to: number, key: string): Block | undefined {
  const column = indentOf(lines[from] ?? '');
  for (let at = from; at < to; at++) {
    const line = lines[at] ?? '';
    if (indentOf(line) !== column) continue;
    const name = /^\s*("[^"]*"|'[^']*'|[^\s:"'][^:]*?):(?:\s|$)/.exec(line)?.[1];
    if (name === undefined || bare(name) !== key) continue;
    return { at, from: at + 1, to: endOf(lines, at + 1, to, column) };
  }
  return undefined;
}

/** Lines below belong to the key while they stand further in, or are elements of its list. */
function endOf(lines: readonly string[], from: number, to: number, column: number): number {
  let at = from;
  const isBelow = (line: string) => line.trim() === '' || indentOf(line) > column || /^\s*-(?: |$)/.test(line);
  while (at < to && isBelow(lines[at] ?? '') && indentOf(lines[at] ?? '') >= column) at += 1;
  return at;
}

function entryBlock(lines: string[], from: number, to: number, step: Step): Block | undefined {
  if ('key' in step || step.by === '') return undefined;
  const column = indentOf(lines[from] ?? '');
  const starts: number[] = [];
  for (let at = from; at < to; at++) {
    const line = lines[at] ?? '';
    if (indentOf(line) === column && /^\s*- /.test(line)) starts.push(at);
  }
  for (const [nth, at] of starts.entries()) {
    const end = starts[nth + 1] ?? to;
    for (let each = at; each < end; each++) {
      const line = (lines[each] ?? '').replace(/^(\s*)- /, each === at ? '$1  ' : '$&');
      const pair = /^\s*"?([\w.-]+)"?:\s+(.*)$/.exec(line);
      if (indentOf(line) !== column + 2 || pair?.[1] !== step.by || bare((pair[2] ?? '').trim()) !== step.entry)
        continue;
      // From here on the first key of the element stands in one column with the others.
      lines[at] = (lines[at] ?? '').replace(/^(\s*)- /, '$1  ');
      return { at, from: at, to: end };
    }
  }
  return undefined;
}
