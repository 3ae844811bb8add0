// The pool of worker threads: a bad task costs itself alone.

import { availableParallelism } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createPool, type Pool, type PoolOptions, TaskError } from '../../src/workers/pool.ts';

type Deeds = Pool<string, string>;
const module = new URL('./hostile.ts', import.meta.url);
const mebibyte = 1024 * 1024;
const usual: PoolOptions = {
  size: 2,
  setup: { greeting: 'hello' },
  cpuMillis: 500,
  memoryBytes: 200 * mebibyte,
};

async function withPool<T>(use: (pool: Deeds) => Promise<T>, options: Partial<PoolOptions> = {}): Promise<T> {
  const pool: Deeds = createPool(module, { ...usual, ...options });
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

/** The answer, or the reason why there is none. */
async function outcomeOf(task: Promise<string>): Promise<string> {
  try {
    return await task;
  } catch (error) {
    return error instanceof TaskError ? error.reason : String(error);
  }
}

const messageOf = (task: Promise<string>): Promise<string> =>
  task.then(
    (answer) => `answered ${answer}`,
    (error: Error) => error.message,
  );

test('a task gets its own answer, whatever the order', () =>
  withPool(async (pool) => {
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((does) => pool.run(does)));
    assert.equal(answers, ['hello a', 'hello b', 'hello c', 'hello d', 'hello e']);
  }));

const costs: Readonly<Record<string, string>> = {
  throw: 'threw',
  'throw an oddity': 'threw',
  'answer with a function': 'threw',
  'reject unheard': 'threw',
  exit: 'exited',
  'exit as if all were well': 'exited',
  'close its port': 'exited',
  'never settle': 'timeout',
  hang: 'timeout',
  'match without end': 'timeout',
  'sort for ever': 'timeout',
  'push into one array': 'out-of-memory',
  'hoard buffers': 'out-of-memory',
  'hoard strings': 'out-of-memory',
  'fill a map': 'out-of-memory',
  'hoard objects': 'out-of-memory',
};

for (const [does, reason] of Object.entries(costs)) {
  test(`"${does}" costs its own result alone, told once`, () =>
    withPool(
      async (pool) => {
        const words = ['a', does, 'b', 'c', does, 'd'];
        const outcomes = await Promise.all(words.map((word) => outcomeOf(pool.run(word))));
        assert.equal(outcomes, ['hello a', reason, 'hello b', 'hello c', reason, 'hello d']);
      },
      reason === 'out-of-memory' ? { cpuMillis: 60_000 } : {},
    ));
}

test('a thread that sleeps where nothing can ask it is stopped by the clock', () =>
  withPool(async (pool) => assert.is(await outcomeOf(pool.run('sleep long')), 'timeout'), { cpuMillis: 100 }));

test('messages are one line and name no place of this machine', () =>
  withPool(async (pool) => {
    assert.is(await messageOf(pool.run('throw')), 'Error: told to');
    assert.is(await messageOf(pool.run('reject unheard')), 'unheard');
    assert.match(await messageOf(pool.run('hang')), 'stopped after 500 ms of processor time');
    assert.match(await messageOf(pool.run('never settle')), 'waiting 500 ms for something that did not come');
    assert.match(await messageOf(pool.run('exit as if all were well')), 'exit code 0');
  }));

test('what an earlier task left in a thread does not cost a later one its result', () =>
  withPool(
    async (pool) => {
      assert.is(await pool.run('leave a trap'), 'trap is set');
      const words = Array.from({ length: 200 }, (_, index) => `${index}`);
      for (const word of words) assert.is(await pool.run(word), `hello ${word}`);
    },
    { size: 1 },
  ));

test('a task that waits for a processor is not stopped for it', () =>
  withPool(
    async (pool) => {
      const tasks = Array.from({ length: 4 * availableParallelism() }, () => pool.run('compute'));
      assert.equal([...new Set(await Promise.all(tasks))], ['computed']);
    },
    // Each thread gets a quarter of a processor: 1.2 s by the clock, more than it may use of one.
    { size: 4 * availableParallelism(), cpuMillis: 800 },
  ));

for (const fails of ['throws', 'exits']) {
  test(`a setup that ${fails} ends the pool with an internal error, and no thread is started again`, () =>
    withPool(
      async (pool) => {
        const messages = await Promise.all(['a', 'b', 'c', 'd'].map((does) => messageOf(pool.run(does))));
        for (const message of messages) assert.match(message, /^a worker thread could not start: /);
        assert.match(await messageOf(pool.run('later')), /^a worker thread could not start: /);
      },
      { setup: { greeting: 'hello', fails } },
    ));
}

test('tasks that are abandoned are told why, those that run and those that wait', () =>
  withPool(async (pool) => {
    const tasks = ['hang', 'hang', 'a', 'b'].map((does) => messageOf(pool.run(does)));
    pool.abandon(new TaskError('timeout', 'the time is over'));
    assert.equal(await Promise.all(tasks), Array(4).fill('the time is over'));
  }));

test.run();
