// What `--profile` says: where the time of a run went, stage by stage, and the most memory it held.

import type { Profile, Spent } from '../workers/profile.ts';

/** So many of the names below a stage, those that took most. */
const mostNames = 8;
const mebibyte = 1024 * 1024;
/** In the order in which they happen; those in threads are sums over the threads. */
const stages: readonly (readonly [name: string, words: string])[] = [
  ['start', 'start of the program'],
  ['load', 'rules and layouts'],
  ['read', 'read, parse and join'],
  ['thread', '  threads: start'],
  ['parse', '  threads: parse'],
  ['scan', '  threads: of that, search logs'],
  ['wait', '  wait for the threads'],
  ['seal', '  seal the facts'],
  ['rules', 'run the rules'],
  ['rule', '  threads: rules'],
  ['pictures', '  threads: pictures'],
  ['paths', '  threads: packet paths'],
  ['report', 'build the report'],
  ['render', 'render'],
  ['write', 'write to disk'],
];
/** What is a part of no other. */
const wholeStages = ['start', 'load', 'read', 'rules', 'report', 'render', 'write'];
const inThreads = ['thread', 'parse', 'rule', 'pictures', 'paths'];

/** `whole`: of the process, for what no stage was measured for. */
export function profileTable(
  profile: Profile,
  whole: { readonly cpuMillis: number; readonly mostBytes: number },
): string[] {
  const rows = stages.flatMap(([name, words]) => {
    const named = [...profile].filter(([key]) => key.startsWith(`${name}\t`));
    const spent = profile.get(name) ?? sum(named.map(([, each]) => each));
    if (spent.times === 0) return [];
    const indent = `${/^ */.exec(words)?.[0]}  `;
    return [row(words, spent), ...slowest(named).map(([key, each]) => row(indent + key.slice(name.length + 1), each))];
  });
  const counted = ([key]: readonly [string, Spent]) =>
    wholeStages.includes(key) || inThreads.includes(key.split('\t')[0] ?? '');
  const stagesSpent = sum([...profile].filter(counted).map(([, each]) => each));
  const beside = Math.max(0, whole.cpuMillis - stagesSpent.cpuMillis);
  return [
    line('', 'times', 'MiB', 'ms', 'of a processor'),
    ...rows,
    line('beside: decompression, compiler and memory of the machine', '', '', '', rounded(beside)),
    line('the whole process', '', '', '', rounded(whole.cpuMillis)),
    `at most ${Math.ceil(whole.mostBytes / mebibyte)} MiB of memory`,
  ];
}

const slowest = (named: readonly (readonly [string, Spent])[]) =>
  named.toSorted(([a, x], [b, y]) => y.cpuMillis - x.cpuMillis || (a < b ? -1 : 1)).slice(0, mostNames);

const sum = (all: readonly Spent[]): Spent =>
  all.reduce(
    (a, b) => ({
      times: a.times + b.times,
      bytes: a.bytes + b.bytes,
      millis: a.millis + b.millis,
      cpuMillis: a.cpuMillis + b.cpuMillis,
    }),
    { times: 0, bytes: 0, millis: 0, cpuMillis: 0 },
  );

const row = (words: string, { times, bytes, millis, cpuMillis }: Spent): string =>
  line(
    words,
    times > 1 ? `${times}` : '',
    bytes > 0 ? (bytes / mebibyte).toFixed(1) : '',
    rounded(millis),
    rounded(cpuMillis),
  );

const rounded = (millis: number): string => millis.toFixed(0);

const line = (words: string, ...columns: readonly string[]): string =>
  [words.padEnd(58), ...columns.map((column, at) => column.padStart([7, 9, 9, 16][at] ?? 0))].join('').trimEnd();
