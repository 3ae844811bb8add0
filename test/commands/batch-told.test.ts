// What all bundles of a batch come to: the worst wins, and what is with workers counts for whoever waits.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { JournalRow } from '../../src/batch/journal.ts';
import { exitCodeOf, tallyOf, tallyText } from '../../src/commands/batch-told.ts';

const row = (state: JournalRow['state'], gaps = 0, severity = 'info'): JournalRow => ({
  ...{ path: '/a', folder: 'a', mark: '1', sizeBytes: 1, sha256: '', settings: 's', state, reason: '', sameAs: '' },
  entry: state === 'done' ? JSON.stringify({ gaps, rules: [{ severity }] }) : '',
});
const codeOf = (rows: readonly JournalRow[], waits = true) =>
  exitCodeOf(
    tallyOf(rows, (severity) => severity === 'error'),
    waits,
  );

test('all whole: 0; a finding that is bad enough: 1', () => {
  assert.is(codeOf([row('done'), row('done')]), 0);
  assert.is(codeOf([row('done'), row('done', 0, 'error')]), 1);
});

test('gaps, or a bundle without a report: 3, whatever was found', () => {
  assert.is(codeOf([row('done', 0, 'error'), row('done', 2)]), 3);
  assert.is(codeOf([row('done'), row('failed')]), 3);
});

test('nothing came of it: 2; nothing was asked for: 0', () => {
  assert.is(codeOf([row('failed')]), 2);
  assert.is(codeOf([]), 0);
});

test('what is with workers is missing to whoever waits, and to nobody else', () => {
  assert.is(codeOf([row('done'), row('waiting')]), 3);
  assert.is(codeOf([row('done'), row('waiting')], false), 0);
  assert.is(codeOf([row('waiting')], false), 0);
});

test('each number is said once', () => {
  const rows = [row('done'), row('failed'), row('waiting'), { ...row('done'), sameAs: '/a' }];
  assert.match(
    tallyText(tallyOf(rows, () => false)),
    /^4 bundles, 2 with a report, 1 failed, 1 with the workers.*, 1 of them the same archive as another$/,
  );
});

test.run();
