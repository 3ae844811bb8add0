// What there is to wait for before anything is read.

import { measure, medianOf } from './measure.ts';
import { millis, type Section, table } from './page.ts';
import { type Archive, analyze, launcher, type Setting } from './setting.ts';

const times = 15;

export async function startUp(small: Archive, setting: Setting): Promise<Section> {
  const [versions, bundles]: [number[], number[]] = [[], []];
  for (let run = 0; run < times; run++) {
    versions.push((await measure([launcher, '--version'])).wallSeconds);
    bundles.push((await analyze(setting, [small.path])).wallSeconds);
  }
  const rows = [
    ['`drydock --version`', millis(medianOf(versions)), millis(Math.min(...versions))],
    [
      `\`drydock analyze\` of a bundle of ${(small.unpackedBytes / 1e6).toFixed(1)} MB`,
      millis(medianOf(bundles)),
      millis(Math.min(...bundles)),
    ],
  ];
  return { title: 'Start', text: about, table: table(['command', 'median', 'least'], rows) };
}

const about = `By the clock, of ${times} runs each, from the call of the launcher to the end of the last process.`;
