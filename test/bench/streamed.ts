// A bundle that is larger than one would like to store: from the generator through a pipe into the program.

import { megabytes, type Section, seconds, table } from './page.ts';
import { analyze, generator, type Setting } from './setting.ts';

export async function streamed(size: string, setting: Setting): Promise<Section> {
  const feeder = [process.execPath, generator, size, '-'];
  const run = await analyze(setting, ['-', '--limit', 'archive-time=10h', '--limit', 'expanded=100GiB'], feeder);
  const row = [
    `generated, ${size}`,
    seconds(run.wallSeconds),
    seconds(run.processorSeconds),
    megabytes(run.peakBytes ?? 0),
  ];
  const head = ['bundle', 'wall, the generator included', 'processor', 'peak memory'];
  return { title: 'Streamed', text: about, table: table(head, [row]) };
}

const about = `The tar goes from the generator into \`drydock analyze -\` and is stored nowhere. The generator runs on the same cores, so
that the wall time says little; the processor time and the memory are the program's alone.`;
