// Logs of which each line is a JSON record (audit logs, structured logs): tells of a last record that was cut.
//
//   {"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"get"}
//   {"kind":"Event","apiVersion":"audit.k8s.io/v1","ve

import { newlines } from '../../bundle/newlines.ts';
import type { Problem } from '../parser.ts';

/** `firstLine` is the number of the first line of these bytes, the last piece of its log. */
export function cutRecord(utf8: Buffer, firstLine: number): Problem | undefined {
  const start = utf8.lastIndexOf('\n') + 1;
  const record = utf8.toString('utf8', start);
  // A record before it says that this is a log of records, and not a line that happens to begin with a brace.
  if (!record.startsWith('{') || isRecord(record) || !isRecord(lineBefore(utf8, start))) return undefined;
  const line = firstLine + newlines(utf8, 0, start);
  return { code: 'FILE_TRUNCATED', span: [line, line], detail: 'the last record is cut; those before it were read' };
}

function lineBefore(utf8: Buffer, start: number): string {
  const before = utf8.toString('utf8', 0, start).trimEnd();
  return before.slice(before.lastIndexOf('\n') + 1);
}

function isRecord(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
