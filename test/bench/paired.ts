// The whole program beside `tar xzf` of the same archive: alternating runs, the order swapped from pair to pair.

import { type Measured, medianOf } from './measure.ts';
import { megabytes, ratio, type Section, seconds, table } from './page.ts';
import { type Archive, analyze, type Setting, untar } from './setting.ts';

export async function paired(archives: readonly Archive[], setting: Setting): Promise<Section> {
  const rows: string[][] = [];
  for (const archive of archives) rows.push(await rowOf(archive, setting));
  const head = [
    'bundle',
    'packed',
    'unpacked',
    'drydock',
    'tar xzf',
    'ratio',
    'ratios of the pairs',
    'processor',
    'processor, tar',
    'peak memory',
  ];
  return { title: 'Beside `tar xzf`', text: about, table: table(head, rows) };
}

async function rowOf(archive: Archive, setting: Setting): Promise<string[]> {
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  const runs = [
    async () => void ours.push(await analyze(setting, [archive.path])),
    async () => void theirs.push(await untar(setting, archive)),
  ];
  for (let pair = 0; pair < setting.runs; pair++) {
    for (const run of pair % 2 === 0 ? runs : [...runs].reverse()) await run();
    const [mine, other] = [ours[pair]!, theirs[pair]!];
    console.error(`${archive.name}: drydock ${mine.wallSeconds} s, tar ${other.wallSeconds} s`);
  }
  const ratios = ours.map(({ wallSeconds }, at) => wallSeconds / theirs[at]!.wallSeconds);
  const wall = (runs: readonly Measured[]) => seconds(medianOf(runs.map(({ wallSeconds }) => wallSeconds)));
  const processor = (runs: readonly Measured[]) =>
    seconds(medianOf(runs.map(({ processorSeconds }) => processorSeconds)));
  return [
    archive.name,
    megabytes(archive.packedBytes),
    megabytes(archive.unpackedBytes),
    wall(ours),
    wall(theirs),
    `**${ratio(medianOf(ratios))}**`,
    ratios.map(ratio).join(', '),
    processor(ours),
    processor(theirs),
    megabytes(Math.max(...ours.map(({ peakBytes }) => peakBytes ?? 0))),
  ];
}

const about = `\`bin/drydock.js analyze FILE -o DIR\` and \`tar xzf FILE -C DIR\` (\`tar xJf\` of an \`.xz\`) take turns, each into a new
folder on the same disk, and every second pair in the other order. \`sync\` runs before each; taking the folder away again is
not timed. *ratio* is the median of the ratios of the pairs: below 1 the report is there before the files are. *processor* is
the time of all threads and processes, the launcher's too. *peak memory* is the most that any one process held (VmHWM, looked
at every 40 ms): that is the analysis; the launcher beside it holds some 45 MB and does nothing. What \`tar\`
waits for is mostly the disk, which differs most from run to run: look at the ratios of all pairs, and at its processor time.`;
