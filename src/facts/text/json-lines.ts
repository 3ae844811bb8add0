// Logs of which each line is a JSON record (audit logs, structured logs): tells of a last record that was cut.
//
//   {"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"get"}
//   {"kind":"Event","apiVersion":"audit.k8s.io/v1","ve

import type { Problem } from '../parser.ts';

/** `firstLine` is the number of the first line of this text, the last piece of its log. */
export function cutRecord(text: string, firstLine: number): Problem | undefined {
  if (text === '' || text.endsWith('\n')) return undefined;
  const start = text.lastIndexOf('\n') + 1;
  const record = text.slice(start);
  // A record before it says that this is a log of records, and not a line that happens to begin with a brace.
  if (!record.startsWith('{') || isRecord(record) || !isRecord(lineBefore(text, start))) return undefined;
  const line = firstLine + text.split('\n').length - 1;
  return { code: 'FILE_TRUNCATED', span: [line, line], detail: 'the last record is cut; those before it were read' };
}

function lineBefore(text: string, start: number): string {
  const before = text.slice(0, start).trimEnd();
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
