// Makes the n-th call of the file system fail, in this process. Import it before what is to be tested.

import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

export interface Plan {
  /** Counted from 1. */
  readonly n: number;
  readonly code: string;
  /** From the n-th call on every call that needs space or rights fails, as on a disk that is full for good. */
  readonly forGood?: boolean;
}

export interface Calls {
  count: number;
  /** What failed first: `renameSync /tmp/a`. */
  failed?: string;
}

const byPath = 'access lstat mkdir open opendir readdir readFile readlink rename rm rmdir stat unlink writeFile'.split(
  ' ',
);
const byHandle = ['close', 'fstat', 'fsync', 'read', 'write'];
const ofHandle = 'read readFile stat sync truncate write writeFile'.split(' ');
/** Calls that need space or rights. */
export const growing = /^(?:mkdir|open|write|writeFile|sync|fsync)/;

let armed: { readonly plan: Plan; readonly calls: Calls } | undefined;

/** Runs the work with one failing call; tells how many calls there were. Fewer than `n`: none failed. */
export async function withFailure<T>(plan: Plan, work: () => Promise<T>): Promise<{ result: T; calls: Calls }> {
  const calls: Calls = { count: 0 };
  armed = { plan, calls };
  try {
    return { result: await work(), calls };
  } finally {
    armed = undefined;
  }
}

/** The error for this call, when it is its turn to fail. */
function failureOf(call: string, path: unknown): NodeJS.ErrnoException | undefined {
  if (!armed) return undefined;
  const { plan, calls } = armed;
  calls.count += 1;
  const isNext = calls.count === plan.n || (plan.forGood === true && calls.count > plan.n && growing.test(call));
  if (!isNext) return undefined;
  const place = typeof path === 'string' || path instanceof URL || Buffer.isBuffer(path) ? ` '${path}'` : '';
  calls.failed ??= call + place;
  // as Node words it: a call on an open file does not know its path
  const error: NodeJS.ErrnoException = new Error(`${plan.code}: made to fail, ${call.replace(/Sync$/, '')}${place}`);
  error.code = plan.code;
  return error;
}

type AnyFunction = (this: unknown, ...words: unknown[]) => unknown;
type Functions = Record<string, AnyFunction>;

function patch(owner: object, name: string, wrap: (real: AnyFunction) => AnyFunction): void {
  const functions = owner as Functions;
  const real = functions[name];
  if (real) functions[name] = Object.assign(wrap(real), real);
}

/** A file that fails to close is closed all the same; one that fails to be written holds the beginning. */
function halfDone(call: string, real: AnyFunction, self: unknown, words: unknown[]): unknown {
  if (/^close/.test(call)) return real.apply(self, words);
  const at = words.findIndex((word) => typeof word === 'string' && word.length > 100);
  if (!/^writeFile/.test(call) || at < 0) return undefined;
  return real.apply(
    self,
    words.map((word, index) => (index === at ? String(word).slice(0, 50) : word)),
  );
}

const synchronous = (call: string) => (real: AnyFunction) =>
  function (this: unknown, ...words: unknown[]): unknown {
    const error = failureOf(call, words[0]);
    if (!error) return real.apply(this, words);
    halfDone(call, real, this, words);
    throw error;
  };
const promised = (call: string) => (real: AnyFunction) =>
  async function (this: unknown, ...words: unknown[]): Promise<unknown> {
    const error = failureOf(call, words[0]);
    if (!error) return real.apply(this, words);
    await halfDone(call, real, this, words);
    throw error;
  };
const calledBack = (call: string) => (real: AnyFunction) =>
  function (this: unknown, ...words: unknown[]): unknown {
    const error = failureOf(call, words[0]);
    if (!error) return real.apply(this, words);
    return setImmediate(words.at(-1) as (error: Error) => void, error);
  };

for (const name of [...byPath, ...byHandle]) {
  patch(fs, `${name}Sync`, synchronous(`${name}Sync`));
  patch(fs, name, calledBack(name));
}
for (const name of byPath) patch(promises, name, promised(name));
// `close` is a field of each handle
patch(
  promises,
  'open',
  (real) =>
    async function (this: unknown, ...words: unknown[]): Promise<unknown> {
      const opened = (await real.apply(this, words)) as object;
      patch(opened, 'close', promised('close of a handle'));
      return opened;
    },
);
const handle = await promises.open(process.execPath);
const prototype = Object.getPrototypeOf(handle) as object;
await handle.close();
for (const name of ofHandle) patch(prototype, name, promised(`${name} of a handle`));
syncBuiltinESMExports();
