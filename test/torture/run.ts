// Runs the torture parts, each in a process of its own: those that need no folder, and those whose folder is at hand.
//
//   node test/torture/run.ts [--shared FOLDER] [--corpus FOLDER] [PART…]
//
// `--shared` holds the hostile files, `--corpus` real bundles. The last line is plain: `N passed, N failed`.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { badBatch } from './batch-bad.ts';
import { batchKills } from './batch-kills.ts';
import { bitFlips } from './bit-flips.ts';
import { documents } from './documents.ts';
import { faults } from './faults.ts';
import { fuzz } from './fuzz.ts';
import { generatedArchives } from './generated.ts';
import { guardsHold } from './guards.ts';
import { hostileRules } from './hostile-rules.ts';
import { identifiers } from './identifiers.ts';
import { kills } from './kills.ts';
import { type Result, tellScore } from './kit.ts';
import { network } from './network.ts';
import { payloads } from './payloads.ts';
import { queueKills } from './queue.ts';
import { secrets } from './secrets.ts';
import { suites } from './suites.ts';
import { thirdParty } from './third-party.ts';
import { truncation } from './truncation.ts';
import { xzFiles } from './xz-files.ts';

interface Part {
  readonly needs: 'shared' | 'corpus' | 'nothing';
  run(folder: string): Promise<Result[]>;
}

/** Short runs for every day, those that take long or wait for something first; docs/reliability.md names the long ones. */
const parts: Readonly<Record<string, Part>> = {
  queue: { needs: 'nothing', run: () => queueKills({ archives: 200 }) },
  guards: { needs: 'nothing', run: () => guardsHold() },
  payloads: { needs: 'shared', run: payloads },
  network: { needs: 'corpus', run: network },
  faults: { needs: 'nothing', run: (folder) => faults(folder, ['ENOSPC', 'EACCES']) },
  'generated archives': { needs: 'shared', run: generatedArchives },
  kills: { needs: 'nothing', run: (folder) => kills(folder, 12) },
  'hostile rules': { needs: 'shared', run: hostileRules },
  documents: { needs: 'shared', run: documents },
  truncation: { needs: 'corpus', run: (folder) => truncation(folder, 1, ['must-gather-metal.tar.gz']) },
  secrets: { needs: 'shared', run: secrets },
  identifiers: { needs: 'nothing', run: identifiers },
  'bit flips': { needs: 'corpus', run: (folder) => bitFlips(folder, { flips: 10 }) },
  'batch kills': { needs: 'nothing', run: () => batchKills({ archives: 30, kills: 8 }) },
  'a batch with bad ones': { needs: 'nothing', run: () => badBatch() },
  fuzz: { needs: 'nothing', run: () => fuzz({ seconds: 30, seed: 1 }) },
  'third-party archives': { needs: 'shared', run: thirdParty },
  'xz files': { needs: 'shared', run: xzFiles },
  suites: { needs: 'shared', run: suites },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shared: { type: 'string' }, corpus: { type: 'string' } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) throw new Error(`no part '${unknown[0]}'; there are: ${Object.keys(parts).join(', ')}`);

const [alone] = positionals;
const [passed, failed] =
  alone !== undefined && positionals.length === 1
    ? await runPart(alone)
    : await runAll(positionals.length > 0 ? positionals : Object.keys(parts));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

type Score = readonly [passed: number, failed: number];

async function runPart(name: string): Promise<Score> {
  const { needs, run } = parts[name]!;
  const given = needs === 'nothing' ? '' : values[needs];
  if (given === undefined) {
    console.log(`${name}: not run, it needs --${needs}`);
    return [0, 0];
  }
  // A part may start the program in another folder.
  const folder = resolve(given);
  const started = performance.now();
  const results = await run(folder).catch((error: unknown): Result[] => [
    { id: name, ok: false, told: error instanceof Error ? (error.stack ?? error.message) : String(error) },
  ]);
  tellScore(`${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`, results);
  const good = results.filter(({ ok }) => ok).length;
  return [good, results.length - good];
}

/** Each part in a process of its own, one more at once than there are cores: some of them wait. */
async function runAll(names: readonly string[]): Promise<Score> {
  const waiting = [...names];
  const score = { passed: 0, failed: 0 };
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const [good, bad] = await runApart(name);
      score.passed += good;
      score.failed += bad;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
  return [score.passed, score.failed];
}

/** A part that ends without its score has failed. */
function runApart(name: string): Promise<Score> {
  const folders = Object.entries(values).flatMap(([word, folder]) => [`--${word}`, folder]);
  const child = spawn(process.execPath, [import.meta.filename, ...folders, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    told += text;
  });
  return new Promise((resolve) => {
    child.on('close', () => {
      const [last, good, bad] = /(\d+) passed, (\d+) failed\n$/.exec(told) ?? [];
      process.stdout.write(told.slice(0, told.length - (last?.length ?? 0)));
      if (last === undefined) console.log(`FAILED ${name}: it ended without its score`);
      resolve(last === undefined ? [0, 1] : [Number(good), Number(bad)]);
    });
  });
}
