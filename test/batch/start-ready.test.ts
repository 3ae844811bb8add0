// A child that is taken before it is ready is started again; one that breaks down is not.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Child, Death } from '../../src/batch/child-process.ts';
import { startReady } from '../../src/batch/start-ready.ts';

const child = (ready: Awaited<Child['ready']>): Child => ({ ready: Promise.resolve(ready) }) as Child;
const died = (how: Death['how']): Death => ({ told: 'died', how, reason: `${how} away` });
const ready = { told: 'ready', filesDigest: 'd', warnings: [] } as const;

function starting(answers: readonly Awaited<Child['ready']>[], everReady = false) {
  let started = 0;
  const children = new Set<Child>();
  const start = () => child(answers[started++] ?? died('taken'));
  return { options: { start, children, everReady, isStopped: () => false }, children, started: () => started };
}
const refusalOf = (work: Promise<unknown>) => work.then(() => 'none', String);

test('taken twice, and ready the third time: that child alone is kept', async () => {
  const { options, children, started } = starting([died('taken'), died('taken'), ready]);
  const found = await startReady(options);
  assert.is(found.ready, ready);
  assert.is(started(), 3);
  assert.equal([...children], [found.child]);
});

test('one that breaks down says why at once', async () => {
  const { options, children, started } = starting([died('broke')]);
  assert.match(await refusalOf(startReady(options)), /could not start: broke away/);
  assert.is(started(), 1);
  assert.is(children.size, 0);
});

test('where none was ever ready it ends soon; where one was it goes on for long', async () => {
  const first = starting([]);
  assert.match(await refusalOf(startReady(first.options)), /could not start: taken away/);
  const later = starting([...Array.from({ length: first.started() + 2 }, () => died('taken')), ready], true);
  assert.is((await startReady(later.options)).ready, ready);
});

test('a crew that was stopped starts no more', async () => {
  const { options, started } = starting([died('taken')]);
  assert.match(await refusalOf(startReady({ ...options, isStopped: () => started() > 0 })), /could not start/);
  assert.is(started(), 1);
});

test.run();
