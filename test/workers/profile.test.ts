// What is measured, and that nothing is until somebody asks.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createPool } from '../../src/workers/pool.ts';
import { addProfile, enterStage, measured, startProfile, takeProfile } from '../../src/workers/profile.ts';

const names = (): string[] => [...takeProfile().keys()].sort();
const spent = { times: 1, bytes: 5, millis: 2, cpuMillis: 1 };

// The one test that runs before anybody asks.
test('nothing is measured that nobody asked for', () => {
  enterStage('read');
  enterStage();
  addProfile(new Map([['read', spent]]));
  assert.is(
    measured('parse', 'Lscpu', () => 7),
    7,
  );
  assert.equal(names(), []);
});

test('stages follow each other, and parts of them are counted by name', async () => {
  await startProfile();
  enterStage('read');
  for (const bytes of [3, 4]) measured('parse', 'Lscpu', () => undefined, bytes);
  assert.is(await measured('wait', '', () => Promise.resolve(7)), 7);
  enterStage('read');
  enterStage();
  const profile = takeProfile();
  assert.equal([...profile.keys()].sort(), ['parse\tLscpu', 'read', 'wait']);
  const parsed = profile.get('parse\tLscpu');
  assert.equal([parsed?.times, parsed?.bytes, profile.get('read')?.times], [2, 7, 1]);
  assert.equal(names(), []);
});

test('what throws is measured, and throws', () => {
  assert.throws(
    () =>
      measured('rule', 'broken', () => {
        throw new Error('division by zero');
      }),
    'division by zero',
  );
  assert.equal(names(), ['rule\tbroken']);
});

test('a thread that starts while something is measured tells what it measured', async () => {
  const pool = createPool<string, unknown>(new URL('./hostile.ts', import.meta.url), {
    size: 1,
    setup: {},
    cpuMillis: 5000,
    memoryBytes: 512 * 1024 * 1024,
  });
  try {
    await pool.run('compute');
  } finally {
    await pool.close();
  }
  assert.equal(names(), ['thread']);
});

test.run();
