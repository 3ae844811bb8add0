// The pool of worker threads: a bad task costs itself alone.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createPool, type Pool, TaskError } from '../../src/workers/pool.ts';

type Echo = Pool<{ does: string }, string>;
const module = new URL('./echo.ts', import.meta.url);

async function withPool(use: (pool: Echo) => Promise<void>): Promise<void> {
  const pool: Echo = createPool(module, { size: 2, setup: { greeting: 'hello' }, timeoutMillis: 2_000 });
  try {
    await use(pool);
  } finally {
    await pool.close();
  }
}

async function reasonOf(task: Promise<string>): Promise<string> {
  try {
    return `resolved with ${await task}`;
  } catch (error) {
    return error instanceof TaskError ? error.reason : String(error);
  }
}

test('a task gets its own answer, whatever the order', () =>
  withPool(async (pool) => {
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((does) => pool.run({ does })));
    assert.equal(answers, ['hello a', 'hello b', 'hello c', 'hello d', 'hello e']);
  }));

test('a throwing task is rejected and its thread goes on', () =>
  withPool(async (pool) => {
    assert.is(await reasonOf(pool.run({ does: 'throw' })), 'threw');
    assert.is(await pool.run({ does: 'work' }), 'hello work');
  }));

test('a task that ends its thread costs itself alone', () =>
  withPool(async (pool) => {
    const tasks = ['exit', 'a', 'exit', 'b', 'c'].map((does) => reasonOf(pool.run({ does })));
    const answers = await Promise.all(tasks);
    assert.equal(answers, [
      'exited',
      'resolved with hello a',
      'exited',
      'resolved with hello b',
      'resolved with hello c',
    ]);
  }));

test('a hanging task is stopped, and what waits behind it runs', () =>
  withPool(async (pool) => {
    const tasks = ['hang', 'hang', 'a'].map((does) => reasonOf(pool.run({ does })));
    assert.equal(await Promise.all(tasks), ['timeout', 'timeout', 'resolved with hello a']);
  }));

test.run();
