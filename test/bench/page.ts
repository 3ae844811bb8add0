// The page of figures, docs/performance.md: how they came about, on what, and what each of them means.

import { cpus, totalmem } from 'node:os';

export interface Section {
  readonly title: string;
  readonly text: string;
  readonly table: string;
}

export const seconds = (value: number): string => `${value.toFixed(2)} s`;
export const millis = (value: number): string => `${(value * 1000).toFixed(value < 0.1 ? 1 : 0)} ms`;
export const ratio = (value: number): string => value.toFixed(2);
export const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
export const megabytes = (bytes: number): string => (bytes === 0 ? 'not known here' : `${Math.round(bytes / 1e6)} MB`);

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function pageOf(sections: readonly Section[], date: string, runs: number): string {
  const parts = sections.map(({ title, text, table }) => `## ${title}\n\n${text}\n\n${table}\n`);
  return `# How fast it is

<!-- Written by \`npm run bench -- --write\`; run it again, do not change this file. -->

Measured on ${date}, on ${machine()}.
${runs} runs of each kind; where not said otherwise a figure is their median. Another machine, and another load on the same one,
gives other times: the ratios are what can be compared.

${bundles}

${parts.join('\n')}`;
}

/** What it ran on, and nothing that names whose machine it is. */
function machine(): string {
  const [first, ...others] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${others.length + 1} cores (${first?.model.trim() || process.arch}), ${memory} GiB of memory, Node ${process.versions.node}, ${process.platform}`;
}

const bundles = `*Generated* bundles have the shape of an OpenShift must-gather, written by \`test/bench/must-gather\` from a seed, the same bytes
each time: a folder per namespace with lists of objects, a folder per pod with its object and its logs, managed fields, events,
configuration with certificates, journals of the masters, audit logs, files of each node. Of 1.5 GB, 1 GB is logs of 8,000 pods
on 200 nodes; other sizes are alike. Almost all of it is healthy: one pod in a hundred is not, one operator, one node in a
hundred; of the log lines one in 4,000 tells of a fault. It packs about 8 to 1, as a real must-gather of 94 MB does.`;
