// What a line of a journal or syslog says of its origin: which machine, which process.
//
//   Mar 03 06:53:46.325049 worker-0 kubenswrapper[2167]: …
//   2020-12-01T18:02:54+0900 worker-0 kernel: …

const host = /^[A-Z][a-z]{2} +\d+ [\d:.]+ (\S+) \S+?(?:\[\d+\])?: /;
const ident = /^\S+\s+\d+\s+\S+\s+\S+\s+([^\s[:]+)(?:\[\d+\])?:|^\d{4}-\S+\s+\S+\s+([^\s[:]+)(?:\[\d+\])?:/;
const headLength = 120;
/** A text that shows no journal line in its first characters is none. */
const triedCharacters = 1000;

/** The machine that wrote the line. */
export const journalHost = (line: string): string | undefined => host.exec(line)?.[1];

/** The process that wrote the line; empty where the line is of no journal. */
export function journalIdent(line: string): string {
  const parts = ident.exec(line);
  return parts?.[1] ?? parts?.[2] ?? '';
}

/** True when some line may be of one of these processes. */
export const mentionsIdent = (text: string, idents: readonly string[]): boolean =>
  idents.some((each) => text.includes(` ${each}[`) || text.includes(` ${each}: `));

/** All machines of a journal, sorted; must-gather joins the journals of a role. */
export function journalHosts(text: string): string[] {
  const hosts = new Set<string>();
  let last = '';
  // Nearly every line has the host of the line before: compare first, search only on a change.
  for (let start = 0; start >= 0 && start < text.length; ) {
    const end = text.indexOf('\n', start);
    const head = text.slice(start, Math.min(end < 0 ? text.length : end, start + headLength));
    if (last === '' || !head.includes(last)) {
      const name = journalHost(head);
      if (name === undefined && hosts.size === 0 && start > triedCharacters) return [];
      if (name !== undefined) {
        last = ` ${name} `;
        hosts.add(name);
      }
    }
    start = end < 0 ? -1 : end + 1;
  }
  return [...hosts].sort();
}
