// Reads and writes sets of CPUs as the kernel prints them: lists (`0-3,8`) and hexadecimal masks (`ff,ffffffff`).

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

/** CPUs of a mask; undefined for text that is none. */
export function readCpuMask(text: string): number[] | undefined {
  const digits = text.trim().replace(/^0x/i, '').replaceAll(',', '');
  if (!/^[0-9a-f]+$/i.test(digits) || digits.length > mostCpus / 4) return undefined;
  const cpus: number[] = [];
  for (let place = 0; place < digits.length; place++) {
    const bits = Number.parseInt(digits.at(-1 - place) ?? '0', 16);
    for (let bit = 0; bit < 4; bit++) if (bits & (1 << bit)) cpus.push(place * 4 + bit);
  }
  return cpus;
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
