// Takes each guard of the program away, one at a time, in a copy of it: some test must notice.

import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { newScratch, type Result, tellScore } from './kit.ts';

interface Guard {
  readonly name: string;
  /** Below the root of the project; `text` stands in it once. */
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
  /** One of them must notice. */
  readonly tests: readonly string[];
}
interface Place extends Pick<Guard, 'file' | 'tests'> {
  readonly guards: readonly Pick<Guard, 'name' | 'text' | 'becomes'>[];
}

const root = new URL('../..', import.meta.url).pathname;
const copied = ['src', 'bin', 'rules', 'templates', 'test', 'samples', 'package.json', 'tsconfig.json'];
/** A test that runs on because a guard is gone has noticed it too: it gets so many times what it takes with all guards. */
const patience = 5;
/** Also what a test gets from its first failure on, which it tells of at its end. */
const leastMillis = 10_000;
const longestMillis = 240_000;
/** Signs that the copy broke and nothing was proven. */
const isBroken = /SyntaxError|ERR_(?:MODULE_NOT_FOUND|INVALID_TYPESCRIPT|UNSUPPORTED)|is not defined/;

const places = parse(readFileSync(new URL('./guards.yaml', import.meta.url), 'utf8')) as readonly Place[];
const guards = places.flatMap(({ file, tests, guards }): Guard[] => guards.map((guard) => ({ ...guard, file, tests })));

/** Or those of which the name contains the word. */
export async function guardsHold(word = ''): Promise<Result[]> {
  const named = guards.filter(({ name }) => name.includes(word));
  const wanted = named.filter(({ file, text }) => occurrences(file, text) === 1);
  const stale = named
    .filter((guard) => !wanted.includes(guard))
    .map(({ name, file, text }): Result => {
      const told = `the table is out of date: ${JSON.stringify(text)} must stand once in ${file}`;
      return { id: name, ok: false, told };
    });
  const copies = Array.from({ length: Math.min(2, availableParallelism()) }, copyOfProject);
  const tests = [...new Set(wanted.flatMap((guard) => guard.tests))];
  const millisOf = new Map<string, number>();
  const sound = await shared(copies, tests, async (copy, test) => {
    const started = performance.now();
    const first = await runTest(copy, test, longestMillis);
    const { code, out } = first.code === 0 ? first : await runTest(copy, test, longestMillis);
    millisOf.set(test, Math.max(leastMillis, patience * (performance.now() - started)));
    return { id: `${test} with all guards`, ok: code === 0, told: code === 0 ? '' : lastLines(out) };
  });
  const red = new Set(tests.filter((_, index) => !sound[index]?.ok));
  const provable = wanted.filter((guard) => !guard.tests.some((test) => red.has(test)));
  const held = await shared(copies, provable, (copy, guard) => withoutGuard(copy, guard, millisOf));
  return [...stale, ...sound.filter(({ ok }) => !ok), ...held];
}

async function withoutGuard(
  copy: string,
  { name, file, text, becomes, tests }: Guard,
  millisOf: ReadonlyMap<string, number>,
): Promise<Result> {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    whole.replace(text, () => becomes),
  );
  try {
    for (const test of tests) {
      const { code, out } = await runTest(copy, test, millisOf.get(test) ?? longestMillis);
      if (isBroken.test(out)) return { id: name, ok: false, told: `the change broke the program: ${lastLines(out)}` };
      if (code !== 0) return { id: name, ok: true, told: '' };
    }
    return { id: name, ok: false, told: `nothing in ${tests.join(', ')} notices that it is gone` };
  } finally {
    writeFileSync(path, whole);
  }
}

function copyOfProject(): string {
  const copy = newScratch();
  for (const name of copied) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

const occurrences = (file: string, text: string): number =>
  readFileSync(join(root, file), 'utf8').split(text).length - 1;

/** Null as exit code: it was still running at the end of its time. */
function runTest(copy: string, test: string, millis: number): Promise<{ code: number | null; out: string }> {
  // All but what was changed is compiled once.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(copy, 'compiled') };
  const child = spawn(process.execPath, [test], { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill('SIGKILL');
  const timers = [setTimeout(end, millis)];
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      if (timers.length === 1 && text.includes('✘')) timers.push(setTimeout(end, leastMillis));
      out += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      timers.forEach(clearTimeout);
      resolve({ code, out });
    });
  });
}

/** Each copy takes the next piece of work when it is done with one; the results stand in the order of the work. */
async function shared<Work>(
  copies: readonly string[],
  works: readonly Work[],
  run: (copy: string, work: Work) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  await Promise.all(
    copies.map(async (copy) => {
      for (let index = next++; index < works.length; index = next++) results[index] = await run(copy, works[index]!);
    }),
  );
  return results;
}

const lastLines = (out: string): string => out.trim().split('\n').slice(-12).join(' | ').slice(0, 600);

if (import.meta.main) {
  process.exitCode = tellScore('guards that a test holds', await guardsHold(process.argv[2])) ? 0 : 1;
}
