// What each further megabyte costs, from small bundles to large ones: a straight line is what is wanted.

import { medianOf } from './measure.ts';
import { megabytes, millis, type Section, seconds, table } from './page.ts';
import { type Archive, analyze, type Setting } from './setting.ts';

interface Cost {
  readonly wallSeconds: number;
  readonly processorSeconds: number;
  readonly peakBytes: number;
}

export async function linear(archives: readonly Archive[], setting: Setting): Promise<Section> {
  const rows: string[][] = [];
  let before: { readonly archive: Archive; readonly cost: Cost } | undefined;
  for (const archive of archives) {
    const cost = await costOf(archive, setting);
    const added = (archive.unpackedBytes - (before?.archive.unpackedBytes ?? 0)) / 1e6;
    const perMegabyte = (key: 'wallSeconds' | 'processorSeconds') =>
      before ? millis((cost[key] - before.cost[key]) / added) : '';
    rows.push([
      archive.name,
      megabytes(archive.unpackedBytes),
      seconds(cost.wallSeconds),
      seconds(cost.processorSeconds),
      perMegabyte('wallSeconds'),
      perMegabyte('processorSeconds'),
      megabytes(cost.peakBytes),
    ]);
    console.error(rows.at(-1)?.join(' | '));
    before = { archive, cost };
  }
  const head = [
    'bundle',
    'unpacked',
    'wall',
    'processor',
    'wall per added MB',
    'processor per added MB',
    'peak memory',
  ];
  return { title: 'Cost of a further megabyte', text: about, table: table(head, rows) };
}

async function costOf(archive: Archive, setting: Setting): Promise<Cost> {
  const runs = [];
  for (let run = 0; run < setting.runs; run++) runs.push(await analyze(setting, [archive.path]));
  return {
    wallSeconds: medianOf(runs.map(({ wallSeconds }) => wallSeconds)),
    processorSeconds: medianOf(runs.map(({ processorSeconds }) => processorSeconds)),
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes ?? 0)),
  };
}

const about = `Bundles of one shape, nodes and pods growing with the bytes. *per added MB* is what a row takes more than the row before
it, by the megabytes that it has more: start-up falls out of it.`;
