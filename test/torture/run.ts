// Runs the torture parts one after the other: those that need no folder, and those whose folder is at hand.
//
//   node test/torture/run.ts [--shared FOLDER] [--corpus FOLDER] [PART…]
//
// `--shared` holds the hostile files, `--corpus` real bundles. The last line is plain: `N passed, N failed`.

import { parseArgs } from 'node:util';
import { bitFlips } from './bit-flips.ts';
import { documents } from './documents.ts';
import { faults } from './faults.ts';
import { fuzz } from './fuzz.ts';
import { generatedArchives } from './generated.ts';
import { guardsHold } from './guards.ts';
import { hostileRules } from './hostile-rules.ts';
import { kills } from './kills.ts';
import { type Result, tellScore } from './kit.ts';
import { network } from './network.ts';
import { payloads } from './payloads.ts';
import { secrets } from './secrets.ts';
import { suites } from './suites.ts';
import { thirdParty } from './third-party.ts';
import { truncation } from './truncation.ts';
import { xzFiles } from './xz-files.ts';

interface Part {
  readonly needs: 'shared' | 'corpus' | 'nothing';
  run(folder: string): Promise<Result[]>;
}

/** Short runs for every day; docs/reliability.md names the long ones. */
const parts: Readonly<Record<string, Part>> = {
  'generated archives': { needs: 'shared', run: generatedArchives },
  documents: { needs: 'shared', run: documents },
  'hostile rules': { needs: 'shared', run: hostileRules },
  payloads: { needs: 'shared', run: payloads },
  secrets: { needs: 'shared', run: secrets },
  'xz files': { needs: 'shared', run: xzFiles },
  suites: { needs: 'shared', run: suites },
  'third-party archives': { needs: 'shared', run: thirdParty },
  truncation: { needs: 'corpus', run: (folder) => truncation(folder, 1, ['must-gather-metal.tar.gz']) },
  'bit flips': { needs: 'corpus', run: (folder) => bitFlips(folder, { flips: 10 }) },
  network: { needs: 'corpus', run: network },
  fuzz: { needs: 'nothing', run: () => fuzz({ seconds: 30, seed: 1 }) },
  faults: { needs: 'nothing', run: (folder) => faults(folder, ['ENOSPC', 'EACCES']) },
  kills: { needs: 'nothing', run: (folder) => kills(folder, 12) },
  guards: { needs: 'nothing', run: () => guardsHold() },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shared: { type: 'string' }, corpus: { type: 'string' } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) throw new Error(`no part '${unknown[0]}'; there are: ${Object.keys(parts).join(', ')}`);

let passed = 0;
let failed = 0;
for (const [name, { needs, run }] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const folder = needs === 'nothing' ? '' : values[needs];
  if (folder === undefined) {
    console.log(`${name}: not run, it needs --${needs}`);
    continue;
  }
  const started = performance.now();
  const results = await run(folder).catch((error: unknown): Result[] => [
    { id: name, ok: false, told: error instanceof Error ? (error.stack ?? error.message) : String(error) },
  ]);
  tellScore(`${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`, results);
  const good = results.filter(({ ok }) => ok).length;
  passed += good;
  failed += results.length - good;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
