// How fast the whole program is, and what it takes.
//
//   npm run bench                                        300 MB and 1.5 GB, paired with `tar xzf`
//   npm run bench -- paired --archive FILE --size 300MB --pairs 5
//   npm run bench -- stages | linear | rules | streamed | start
//                       where the time goes; what a further MB costs; all rules twice; 20 GB from a pipe; start-up
//   npm run bench -- all --write [--date 2026-11-22]     everything, into docs/performance.md
//   … --scratch DIR                                      keeps the generated archives there for the next time

import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { doubledRules } from './doubled-rules.ts';
import { linear } from './linear.ts';
import { pageOf, type Section } from './page.ts';
import { paired } from './paired.ts';
import { type Archive, archiveAt, archiveOfSize, buildProgram, openScratch, type Setting } from './setting.ts';
import { stages } from './stages.ts';
import { startUp } from './start-up.ts';
import { streamed } from './streamed.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    archive: { type: 'string', multiple: true, default: [] },
    size: { type: 'string', multiple: true, default: [] },
    pairs: { type: 'string', default: '5' },
    scratch: { type: 'string' },
    write: { type: 'boolean', default: false },
    date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  },
});

/** Archives that were named, and sizes; where none is, the usual ones of a mode. */
async function archives(usual: readonly string[], { scratch }: Setting): Promise<Archive[]> {
  const isNamed = values.archive.length + values.size.length > 0;
  const found = values.archive.map((path) => archiveAt(path, basename(path)));
  for (const size of isNamed ? values.size : usual) found.push(await archiveOfSize(size, scratch));
  return found;
}

const modes: Readonly<Record<string, (setting: Setting) => Promise<Section>>> = {
  paired: async (setting) => paired(await archives(['300MB', '1.5GB'], setting), setting),
  stages: async (setting) => stages(await archives(['300MB'], setting), setting),
  linear: async (setting) => linear(await archives(['100MB', '500MB', '1.5GB', '5GB'], setting), setting),
  rules: async (setting) => {
    const smallest = await archiveOfSize('1MB', setting.scratch);
    return doubledRules([smallest, ...(await archives(['300MB'], setting))], setting);
  },
  streamed: (setting) => streamed(values.size[0] ?? '20GB', setting),
  start: async (setting) => startUp(await archiveOfSize('1MB', setting.scratch), setting),
};

buildProgram();
const scratch = openScratch(values.scratch);
try {
  const setting = { scratch: scratch.path, runs: Number(values.pairs) };
  const asked = positionals.includes('all') ? Object.keys(modes) : positionals.length > 0 ? positionals : ['paired'];
  const sections: Section[] = [];
  for (const name of asked) {
    const mode = modes[name];
    if (!mode) throw new Error(`${name}: choose of ${Object.keys(modes).join(', ')}, all`);
    const section = await mode(setting);
    console.log(`${section.title}\n\n${section.table}\n`);
    sections.push(section);
  }
  const page = new URL('../../docs/performance.md', import.meta.url);
  if (values.write) writeFileSync(page, pageOf(sections, values.date, setting.runs));
} finally {
  scratch.close();
}
