// A saved report in every format, to a file and to standard output.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formats, renderReport } from '../../src/report/formats.ts';
import { inFolder } from '../bundle/archives.ts';
import { sampleReport } from '../report/sample-report.ts';
import { drydock, write } from './drydock.ts';

// The log of a build server gets some words otherwise.
delete process.env.CI;
delete process.env.TF_BUILD;

test('standard output is the very text of the file, line ends included', async () => {
  await inFolder(async (folder) => {
    write(folder, { 'report.json': renderReport(sampleReport, 'json') });
    const saved = join(folder, 'report.json');
    for (const format of formats) {
      const { code, out, err } = drydock('render', saved, '--format', format);
      assert.equal([code, err], [0, ''], format);
      assert.ok(out === renderReport(sampleReport, format), format);
    }
    const target = join(folder, 'findings.csv');
    assert.is(drydock('render', saved, '--format', 'csv', '-o', target).code, 0);
    assert.ok(readFileSync(target, 'utf8') === renderReport(sampleReport, 'csv'));
  });
});

test('an unknown format is refused with those that there are', () => {
  const { code, err } = drydock('render', 'report.json', '--format', 'xml');
  assert.is(code, 2);
  assert.match(err, 'choose of html, md, summary, json, sarif, junit, csv');
});

test.run();
