// Redacted reports and plain ones in one folder: refused before anything is written, whichever came first.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RowHead } from '../../src/batch/journal.ts';
import { mixedFolder, mixedReport } from '../../src/batch/refuse-mixed.ts';
import { newFolder, write } from '../commands/drydock.ts';

const row = (folder: string): RowHead => ({
  ...{ path: '/in/a.tar', folder, mark: '', sizeBytes: 1, sha256: '', settings: 's', state: 'failed' },
  ...{ reason: '', sameAs: '' },
});
const plain = () => write(newFolder(), { 'a/report.html': '', 'a/facts.sqlite': '' });
const redacted = () => write(newFolder(), { 'bundle/report.html': '', 'bundle/redaction-map.json': '' });

test('with --redact a folder that holds a plain report is refused, and named', () => {
  assert.match(mixedFolder(plain(), true, []) ?? '', /\/a was written without --redact.*-o/);
  assert.is(mixedFolder(redacted(), true, [row('bundle')]), undefined);
});

test('with --redact a journal that names inputs is refused, also where no report came of them', () => {
  assert.match(mixedFolder(newFolder(), true, [row('sosreport-pier-9')]) ?? '', /of \/in\/a.tar, was written without/);
});

test('without --redact a folder that holds redacted reports is refused', () => {
  assert.match(mixedFolder(redacted(), false, []) ?? '', /\/bundle is redacted/);
  assert.is(mixedFolder(plain(), false, [row('a')]), undefined);
});

test('what is no report of ours, scratch folders and a folder that is not there stand in no way', () => {
  const folder = write(newFolder(), { 'notes/todo.txt': '', '.batch.x.tmp/report.html': '', 'index.html': '' });
  for (const redacts of [true, false]) assert.is(mixedFolder(folder, redacts, []), undefined);
  assert.is(mixedFolder(`${folder}/none`, true, []), undefined);
});

test('of one report what would be left of an earlier run is refused with --redact, what is replaced is not', () => {
  const folder = `${plain()}/a`;
  assert.match(mixedReport(folder, true, ['report.html']) ?? '', /facts.sqlite is of an earlier run/);
  assert.is(mixedReport(folder, true, ['report.html', 'facts.sqlite']), undefined);
  assert.match(mixedReport(`${redacted()}/bundle`, false, ['report.html']) ?? '', /is redacted/);
});

test.run();
