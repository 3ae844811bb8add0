// Reads a text of JSON values one after another (pretty-printed, NDJSON, with log lines between) and skips what is none.

import type { Collected, WholeText } from './documents.ts';
import { messageOf } from './foreign-text.ts';
import { type JsonRead, readJson } from './json-reader.ts';
import { Unreadable } from './unreadable.ts';

export function readJsonDocuments({ text }: WholeText, collected: Collected): void {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      at++;
      line++;
    } else if (code === 32 || code === 9) {
      at++;
    } else if (code === 123 || code === 91) {
      const next = readOne(text, at, line, collected);
      at = next.at;
      line = next.line;
    } else {
      const end = text.indexOf('\n', at);
      const words = text.slice(at, end).trimEnd();
      // `kubectl cluster-info dump` to one file puts the logs of the containers between the objects.
      const log = words.startsWith('==== START logs ') ? text.indexOf('\n==== END logs ', end) : -1;
      if (log < 0) collected.foreign.push({ line, words, message: messageOf(words) });
      const after = log < 0 ? end : text.indexOf('\n', log + 1);
      line += log < 0 ? 1 : text.slice(at, after + 1).split('\n').length - 1;
      at = after + 1;
    }
  }
}

function readOne(text: string, start: number, line: number, collected: Collected): { at: number; line: number } {
  try {
    const read: JsonRead = readJson(text, start, line, collected.entries);
    collected.documents.push({ value: read.value, span: read.span });
    collected.problems.push(...read.problems);
    if (read.cut) {
      const last = line + text.slice(start).trimEnd().split('\n').length - 1;
      const detail = 'the text ends inside the list; its whole elements were read';
      collected.problems.push({ code: 'FILE_TRUNCATED', span: [last, last], detail });
    }
    return read;
  } catch (why) {
    if (!(why instanceof Unreadable)) throw why;
    const isCut = why.why === 'cut';
    // The next value begins at the start of some line.
    const next = isCut ? -1 : text.slice(start + 1).search(/\n[{[]/);
    const at = next < 0 ? text.length : start + next + 2;
    const lines = text.slice(start, at).split('\n').length - 1;
    const code = isCut ? 'FILE_TRUNCATED' : why.why === 'unknown' ? 'YAML_SYNTAX' : (why.why as 'YAML_DEPTH');
    const last = line + text.slice(start, at).trimEnd().split('\n').length - 1;
    const detail = `line ${Math.min(why.line, last)}: ${why.detail}`;
    collected.problems.push({ code, span: [line, last], detail });
    return { at, line: line + lines };
  }
}
