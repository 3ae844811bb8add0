// Runs a target for a time or a number of cases, watches it, and makes what fails small.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { random } from './fuzz-random.ts';
import type { FuzzInput, Target } from './fuzz-target.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly seconds?: number;
  readonly cases?: number;
  /** One case alone. */
  readonly only?: number | undefined;
  /** Where failing inputs are kept. */
  readonly keep?: string;
}

export interface Failure {
  readonly number: number;
  readonly fault: string;
  readonly bytes: number;
  readonly file?: string;
}

export interface FuzzScore {
  readonly target: string;
  readonly seed: number;
  readonly cases: number;
  readonly seconds: number;
  readonly failures: readonly Failure[];
}

/** Of the processor: another program may have had the machine. */
const slowMillis = 2000;
const hangMillis = 120_000;
const heldBytes = 256 * 1024 * 1024;
const minimiseMillis = 5000;
/** So many failures of a target are enough to look at. */
const mostFailures = 20;

export async function runTarget(target: Target, options: FuzzOptions): Promise<FuzzScore> {
  const { seed, only, cases = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY } = options;
  const started = performance.now();
  const watch = watchdog(target.name, seed);
  const failures: Failure[] = [];
  const known = new Set<string>();
  let number = only ?? 0;
  let done = 0;
  try {
    for (; done < cases && performance.now() - started < seconds * 1000; number++, done++) {
      watch.now(number);
      const input = target.make(random(seed, target.name, number));
      let fault = await faultOf(target, input, number % 8 === 0 || only !== undefined);
      // slow on a busy machine, or for code that was not yet compiled: slow is what is so twice
      if (fault?.startsWith('slow:')) fault = await faultOf(target, input, false);
      if (fault !== undefined && !known.has(signatureOf(fault))) {
        known.add(signatureOf(fault));
        failures.push(await keep(target, input, number, fault, options));
        if (failures.length >= mostFailures) break;
      }
      if (only !== undefined) {
        done++;
        break;
      }
    }
  } finally {
    await watch.stop();
  }
  return { target: target.name, seed, cases: done, seconds: (performance.now() - started) / 1000, failures };
}

export function processorMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const keysOf = () => prototypes.map((each) => Reflect.ownKeys(each).map(String).join(' ')).join('\n');
const untouched = keysOf();

/** A sentence when the input did what none may do. */
async function faultOf(target: Target, input: FuzzInput, twice: boolean): Promise<string | undefined> {
  const before = process.memoryUsage.rss();
  const started = processorMillis();
  try {
    const seen = await target.check(input);
    const millis = processorMillis() - started;
    if (seen.fault !== undefined) return seen.fault;
    if (millis > slowMillis) return `slow: ${Math.round(millis)} ms`;
    if (process.memoryUsage.rss() - before > heldBytes) {
      return `memory: ${process.memoryUsage.rss() - before} bytes more than before`;
    }
    if (keysOf() !== untouched) return 'a built-in prototype was touched';
    if (twice && (await target.check(input)).digest !== seen.digest) return 'the same input gave another result';
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`;
  }
  return undefined;
}

/** What tells one fault from another: its words without numbers and quoted input. */
const signatureOf = (fault: string): string =>
  fault
    .replace(/(["'`]).*?\1/g, '')
    .replace(/\d+/g, '')
    .slice(0, 160);

async function keep(
  target: Target,
  input: FuzzInput,
  number: number,
  fault: string,
  options: FuzzOptions,
): Promise<Failure> {
  const small = await minimise(target, input, fault);
  const told = (await faultOf(target, small, true)) ?? fault;
  if (options.keep === undefined) return { number, fault: told, bytes: small.bytes.length };
  mkdirSync(options.keep, { recursive: true });
  const file = join(options.keep, `${target.name}-${options.seed}-${number}`);
  writeFileSync(file, small.bytes);
  writeFileSync(`${file}.txt`, `${small.label}\n${told}\n`);
  return { number, fault: told, bytes: small.bytes.length, file };
}

/** Leaves out pieces, large ones first, as long as the same fault stays. */
async function minimise(target: Target, input: FuzzInput, fault: string): Promise<FuzzInput> {
  const until = performance.now() + minimiseMillis;
  let small = input;
  for (let length = small.bytes.length >> 1; length >= 1; length >>= 1) {
    for (let at = 0; at < small.bytes.length && performance.now() < until; ) {
      const bytes = Buffer.concat([small.bytes.subarray(0, at), small.bytes.subarray(at + length)]);
      const told = await faultOf(target, { ...small, bytes }, /^the same input/.test(fault));
      if (told !== undefined && signatureOf(told) === signatureOf(fault)) small = { ...small, bytes };
      else at += length;
    }
  }
  return small;
}

/** A thread that ends the process when one case takes for ever, and says which one it was. */
function watchdog(target: string, seed: number): { now(number: number): void; stop(): Promise<unknown> } {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const code = `
    const { workerData: { shared, target, seed, millis } } = require('node:worker_threads');
    let since = Date.now();
    let last = -1;
    setInterval(() => {
      const turn = Atomics.load(shared, 0);
      if (turn !== last) {
        last = turn;
        since = Date.now();
      } else if (Date.now() - since > millis) {
        require('node:fs').writeSync(2, 'HANG --target ' + target + ' --seed ' + seed + ' --only ' + Atomics.load(shared, 1) + '\\n');
        process.kill(process.pid, 'SIGKILL');
      }
    }, 500);`;
  const worker = new Worker(code, { eval: true, workerData: { shared, target, seed, millis: hangMillis } });
  worker.unref();
  return {
    now(number) {
      Atomics.store(shared, 1, number);
      Atomics.add(shared, 0, 1);
    },
    stop: () => worker.terminate(),
  };
}
