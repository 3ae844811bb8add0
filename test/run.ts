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

interface Score {
  readonly ok: boolean;
  readonly total: number;
  readonly passed: number;
}

if (share === undefined) {
  const count = availableParallelism();
  const scores = await Promise.all(Array.from({ length: count }, (_, at) => runShare(`${at}/${count}`)));
  const sum = (key: 'total' | 'passed') => scores.reduce((all, score) => all + score[key], 0);
  console.log(`  Total:     ${sum('total')}\n  Passed:    ${sum('passed')}`);
  process.exitCode = scores.every(({ ok }) => ok) && sum('total') > 0 ? 0 : 1;
} else {
  const [at, count] = share.split('/').map(Number);
  const { suites } = await parse(folder, new RegExp(pattern));
  const tests = suites.filter(({ name }) => name.endsWith('.test.ts'));
  const mine = tests.sort((a, b) => (a.name < b.name ? -1 : 1)).filter((_, index) => index % count! === at);
  if (mine.length > 0) await run(mine);
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
