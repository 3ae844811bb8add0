// Fuzzes the readers and parsers with odd inputs made from a seed.
//
//   node test/torture/fuzz.ts [--target NAME] [--seed N] [--seconds N] [--cases N] [--only N]
//
// The seconds are shared by the targets. A failing input, made small, is kept in out/fuzz; `--target T --seed N --only K`
// makes it again.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bzip2Target, gzipTarget, xzTarget, zstdTarget } from './fuzz-compressed.ts';
import { type FuzzScore, runTarget } from './fuzz-runner.ts';
import { tarTarget } from './fuzz-tar.ts';
import type { Target } from './fuzz-target.ts';
import { iptablesTarget, logsTarget, manifestsTarget, networkTarget, parsersTarget } from './fuzz-texts.ts';
import { jsonTarget, yamlTarget } from './fuzz-yaml.ts';
import { zipTarget } from './fuzz-zip.ts';
import { type Result, tellScore } from './kit.ts';

export const targets: readonly Target[] = [
  tarTarget,
  gzipTarget,
  zipTarget,
  xzTarget,
  zstdTarget,
  bzip2Target,
  yamlTarget,
  jsonTarget,
  iptablesTarget,
  networkTarget,
  parsersTarget,
  manifestsTarget,
  logsTarget,
];

export interface FuzzRun {
  readonly target?: string | undefined;
  readonly seed?: number;
  readonly seconds?: number;
  readonly cases?: number | undefined;
  readonly only?: number | undefined;
}

const kept = fileURLToPath(new URL('../../out/fuzz/', import.meta.url));

export async function fuzz({ target, seed = 1, seconds = 30, cases, only }: FuzzRun = {}): Promise<Result[]> {
  const chosen = targets.filter(({ name }) => target === undefined || name === target);
  if (chosen.length === 0)
    throw new Error(`there is no target ${target}; ${targets.map(({ name }) => name).join(', ')}`);
  const results: Result[] = [];
  for (const each of chosen) {
    const share = cases === undefined ? { seconds: seconds / chosen.length } : { cases };
    const score = await runTarget(each, { seed, only, keep: kept, ...share });
    console.log(told(score));
    results.push({ id: each.name, ok: score.failures.length === 0, told: failuresOf(score) });
  }
  return results;
}

const told = ({ target, seed, cases, seconds, failures }: FuzzScore): string =>
  `${target}: ${cases} cases, ${failures.length} failures, seed ${seed}, ${seconds.toFixed(1)} s`;

const failuresOf = ({ target, seed, failures }: FuzzScore): string =>
  failures
    .map(({ number, fault, bytes, file }) => {
      const again = `--target ${target} --seed ${seed} --only ${number}`;
      return `\n  ${again}: ${fault.slice(0, 600)} (${bytes} bytes${file ? `, ${file}` : ''})`;
    })
    .join('');

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      target: { type: 'string' },
      seed: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '30' },
      cases: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const started = performance.now();
  const results = await fuzz({
    target: values.target,
    seed: Number(values.seed),
    seconds: Number(values.seconds),
    cases: values.cases === undefined ? undefined : Number(values.cases),
    only: values.only === undefined ? undefined : Number(values.only),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.exitCode = tellScore(`fuzzing, seed ${values.seed}, ${seconds} s`, results) ? 0 : 1;
}
