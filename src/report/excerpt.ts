// The lines a finding points at, as the report shows them: without secrets, and cut where they are very long.

import type { ObjectRef } from '../findings/outcome.ts';
import { isSecretPath, redactLines, takenOut } from './redact-secrets.ts';

/** A line of the report is at most so long; a log line with a whole JSON object in it stays readable. */
export const maxLineLength = 400;
/** Enough for one container of a pod; longer spans keep their head. */
export const maxExcerptLines = 40;
/** Secrets are looked for in this much of a line, before it is cut. */
const scannedLength = 4000;

export interface Excerpt {
  readonly text: string;
  /** The secrets that stood in its lines: what is said about them must not say them either. */
  readonly taken: readonly string[];
}

/** `total` is the number of lines of the span, of which `lines` may be only the first. */
export function excerptOf(
  path: string,
  lines: readonly string[],
  total: number,
  objects: readonly ObjectRef[] = [],
): Excerpt {
  const kept = lines.slice(0, maxExcerptLines).map((line) => scannable(line.replace(/\r$/, '')));
  // What is said of a Secret in an Event or a log is no content of it.
  const about = objects.some((object) => object.kind === 'Secret') && !/event|\.log$/i.test(path);
  const ofSecret = isSecretPath(path) || about;
  const redacted = redactLines(kept, { ofSecret });
  const taken = redacted.flatMap((line, at) => (line === kept[at] ? [] : takenOut(kept[at] ?? '', line)));
  const shown = redacted.map((line) => cutLine(line));
  const complete = shown.length === 0 || shown.length >= total;
  return { text: (complete ? shown : [...shown, '…']).join('\n'), taken };
}

// A token cut in two is no longer recognised, so the last word goes with the rest.
function scannable(line: string): string {
  if (line.length <= scannedLength) return line;
  const head = line.slice(0, scannedLength);
  const lastWord = /[^\s"',]*$/.exec(head)?.[0] ?? '';
  return `${head.slice(0, head.length - lastWord.length)}…`;
}

function cutLine(line: string): string {
  if (line.length <= maxLineLength) return line;
  return `${line.slice(0, maxLineLength - 1).replace(/[\ud800-\udbff…]$/, '')}…`;
}
