// Runs all tests with uvu, as many files at once as there are cores.
//
//   node test/run.ts [PATTERN]     PATTERN is a regular expression for paths below `test`

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'uvu/parse';
import { run } from 'uvu/run';

const folder = import.meta.dirname;
const [, own = '', pattern = '', share] = process.argv;
const sharesPerCore = 5;

interface Score {
  readonly ok: boolean;
  readonly total: number;
  readonly passed: number;
}

const { suites } = await parse(folder, new RegExp(pattern));
const tests = suites.filter(({ name }) => name.endsWith('.test.ts')).sort((a, b) => (a.name < b.name ? -1 : 1));

if (share === undefined) {
  const cores = availableParallelism();
  // More shares than cores: files differ, and no core shall wait for another at the end.
  const count = Math.min(sharesPerCore * cores, tests.length);
  const waiting = Array.from({ length: count }, (_, at) => `${at}/${count}`);
  const scores: Score[] = [];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) scores.push(await runShare(name));
  };
  await Promise.all(Array.from({ length: cores }, work));
  const sum = (key: 'total' | 'passed') => scores.reduce((all, score) => all + score[key], 0);
  console.log(`  Total:     ${sum('total')}\n  Passed:    ${sum('passed')}`);
  process.exitCode = scores.every(({ ok }) => ok) && sum('total') > 0 ? 0 : 1;
} else {
  const [at, count] = share.split('/').map(Number);
  await run(tests.filter((_, index) => index % count! === at));
}

/** Each share in a process of its own; what it says is shown when it ends, so that two do not mix. */
function runShare(name: string): Promise<Score> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [own, pattern, name], {
      env: { ...process.env, FORCE_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('close', (code) => {
      const text = Buffer.concat(said);
      process.stdout.write(text);
      const plain = stripVTControlCharacters(text.toString());
      const numberOf = (word: string) => Number(new RegExp(`^ *${word}: +(\\d+)`, 'm').exec(plain)?.[1] ?? 0);
      resolve({ ok: code === 0, total: numberOf('Total'), passed: numberOf('Passed') });
    });
  });
}
