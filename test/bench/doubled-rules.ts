// All rules twice, the second time under other ids: what a rule costs beside the reading of a bundle.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Measured, medianOf } from './measure.ts';
import { percent, type Section, seconds, table } from './page.ts';
import { type Archive, analyze, type Setting } from './setting.ts';

const rules = new URL('../../rules', import.meta.url).pathname;

export async function doubledRules(archives: readonly Archive[], setting: Setting): Promise<Section> {
  const again = join(setting.scratch, 'rules-again');
  const count = copyRules(again);
  const rows: string[][] = [];
  let checkSeconds: number | undefined;
  for (const archive of archives) {
    const [once, twice]: [Measured[], Measured[]] = [[], []];
    const runs = [
      async () => void once.push(await analyze(setting, [archive.path])),
      async () => void twice.push(await analyze(setting, [archive.path, '--rules', again])),
    ];
    for (let pair = 0; pair < setting.runs; pair++) {
      for (const run of pair % 2 === 0 ? runs : [...runs].reverse()) await run();
    }
    const processor = medianOf(once.map(({ processorSeconds }) => processorSeconds));
    const more = (key: 'wallSeconds' | 'processorSeconds') =>
      medianOf(twice.map((run, at) => run[key] - once[at]![key]));
    const added = more('processorSeconds');
    checkSeconds ??= added;
    rows.push([
      archive.name,
      seconds(processor),
      seconds(added),
      seconds(more('wallSeconds')),
      percent(added / processor),
      percent((added - checkSeconds) / processor),
    ]);
    console.error(rows.at(-1)?.join(' | '));
  }
  rmSync(again, { recursive: true });
  const head = ['bundle', 'processor', 'added', 'added wall', 'added, of the whole', 'without checking that folder'];
  return { title: `All ${count} rules twice`, text: about, table: table(head, rows) };
}

/** Gives how many. */
function copyRules(to: string): number {
  rmSync(to, { recursive: true, force: true });
  cpSync(rules, to, { recursive: true, filter: (path) => basename(path) !== 'sources' && !/\.(json|md)$/.test(path) });
  let count = 0;
  for (const name of readdirSync(to, { recursive: true, encoding: 'utf8' })) {
    const [, path, id] = /^(.+\/)([a-z0-9-]+)\.yaml$/.exec(name) ?? [];
    if (id === undefined) {
      if (/^[^/]+\.yaml$|\.test\.yaml$/.test(name)) rmSync(join(to, name));
      continue;
    }
    const text = readFileSync(join(to, name), 'utf8');
    rmSync(join(to, name));
    writeFileSync(join(to, `${path}${id}-again.yaml`), text.replace(`id: ${id}\n`, `id: ${id}-again\n`));
    count += 1;
  }
  return count;
}

const about = `The rules of this package, and beside them a folder with all of them under other ids, given with \`--rules\`. Those of
the package are kept checked; those of a folder are read and checked at each start. The first row, a bundle of next to
nothing, shows what that takes; the last column leaves it out.`;
