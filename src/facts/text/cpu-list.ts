// Reads and writes sets of CPUs as the kernel prints them: lists (`0-3,8`).

/** No machine has more; a range beyond it is a broken text, not a reason to fill the memory. */
const mostCpus = 65_536;

/** CPUs of a list in rising order; undefined for text that is no list. `0-7:2/4` takes two of every four. */
export function readCpuList(text: string): number[] | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const cpus = new Set<number>();
  for (const part of trimmed.split(',')) {
    const match = /^\s*(\d+)(?:-(\d+)(?::(\d+)\/(\d+))?)?\s*$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    const [used, group] = match[3] === undefined ? [1, 1] : [Number(match[3]), Number(match[4])];
    if (last < first || last >= mostCpus || used < 1 || group < used) return undefined;
    for (let cpu = first; cpu <= last; cpu++) if ((cpu - first) % group < used) cpus.add(cpu);
  }
  return [...cpus].sort((a, b) => a - b);
}

/** The shortest list that says the same: `0-3,8`. */
export function writeCpuList(cpus: Iterable<number>): string {
  const sorted = [...new Set(cpus)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    parts.push(start === end ? `${sorted[start]}` : `${sorted[start]}-${sorted[end]}`);
    start = end + 1;
  }
  return parts.join(',');
}
