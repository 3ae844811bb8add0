// What a line of a journal or syslog says of its origin: which machine, which process.
//
//   Mar 03 06:53:46.325049 worker-0 kubenswrapper[2167]: …
//   2020-12-01T18:02:54+0900 worker-0 kernel: …

const host = /^[A-Z][a-z]{2} +\d+ [\d:.]+ (\S+) \S+?(?:\[\d+\])?: /;
const ident = /^\S+\s+\d+\s+\S+\s+\S+\s+([^\s[:]+)(?:\[\d+\])?:|^\d{4}-\S+\s+\S+\s+([^\s[:]+)(?:\[\d+\])?:/;
const headLength = 120;
/** No character of UTF-8 has more for each unit of a string. */
const mostBytes = 3;
/** A log that shows no journal line in its first bytes is none. */
const triedBytes = 1000;
const newline = 0x0a;

/** The machine that wrote the line. */
export const journalHost = (line: string): string | undefined => host.exec(line)?.[1];

/** The process that wrote the line; empty where the line is of no journal. */
export function journalIdent(line: string): string {
  const parts = ident.exec(line);
  return parts?.[1] ?? parts?.[2] ?? '';
}

/** Where one of these stands in a journal, some line may be of that process. */
export const identTexts = (name: string): readonly string[] => [` ${name}[`, ` ${name}: `];

/** All machines of a journal, sorted; must-gather joins the journals of a role. */
export function journalHosts(bytes: Buffer): string[] {
  const hosts = new Set<string>();
  // Nearly every line has the host of the line before, mostly in the same place: look there first.
  let last = '';
  let column = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    if (!standsAt(bytes, start + column, Math.min(end, start + headLength), last)) {
      const head = bytes.toString('utf8', start, Math.min(end, start + headLength * mostBytes)).slice(0, headLength);
      column = last === '' ? -1 : head.indexOf(last);
      const name = column < 0 ? journalHost(head) : undefined;
      if (name !== undefined) {
        hosts.add(name);
        last = ` ${name} `;
        column = head.indexOf(last);
      } else if (hosts.size === 0 && start > triedBytes) return [];
    }
    start = end + 1;
  }
  return [...hosts].sort();
}

function standsAt(bytes: Buffer, at: number, end: number, text: string): boolean {
  if (text === '' || at + text.length > end) return false;
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
}
