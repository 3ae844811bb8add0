// Says why a text gave no facts: the command that should have written it failed, or it is another kind of text.

import type { Problem } from '../parser.ts';
import { linesOf } from './lines.ts';

const failure =
  /command not found|no such file or directory|permission denied|not permitted|not found|cannot (?:open|access|read|connect)|can't|unable to|failed to|connection refused|timed out|is not running|not installed|unrecognized|invalid option|usage:|(?:^|\W)error(?:\W|$)/i;

/** One problem that quotes the first line in question; an empty text has nothing wrong with it. */
export function failedOutput(text: string, expected: string): Problem[] {
  const lines = linesOf(text).filter((line) => line.text.trim() !== '');
  const first = lines[0];
  if (!first) return [];
  // `shell-init: …` only precedes what went wrong, so the last failing line names it best.
  const failed = lines.length <= 20 ? lines.findLast((line) => failure.test(line.text)) : undefined;
  if (failed) {
    const detail = `the command failed: ${shorten(failed.text)}`;
    return [{ code: 'COLLECTION_ERROR', span: [failed.number, failed.number], detail }];
  }
  const detail = `not ${expected}: ${shorten(first.text)}`;
  return [{ code: 'PARSE_ERROR', span: [first.number, first.number], detail }];
}

function shorten(line: string): string {
  const trimmed = line.trim();
  return trimmed.length <= 120 ? trimmed : `${trimmed.slice(0, 119)}…`;
}
