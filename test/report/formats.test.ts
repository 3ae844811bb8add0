import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formats, renderReport, reportFiles } from '../../src/report/formats.ts';
import { sampleReport } from './sample-report.ts';

test('files have the names by which other programs know them', () => {
  assert.equal(
    reportFiles(formats).map(({ name }) => name),
    ['report.html', 'report.md', 'report.summary.md', 'report.json', 'report.sarif', 'report.junit.xml', 'report.csv'],
  );
});

test('with the Markdown comes the comment for the ticket, once', () => {
  assert.equal(reportFiles(['md', 'summary', 'md']), [
    { name: 'report.md', format: 'md' },
    { name: 'report.summary.md', format: 'summary' },
  ]);
  assert.equal(reportFiles(['summary']), [{ name: 'report.summary.md', format: 'summary' }]);
});

test('each format is another text, and the same each time', () => {
  const texts = formats.map((format) => renderReport(sampleReport, format));
  assert.is(new Set(texts).size, formats.length);
  assert.equal(
    texts,
    formats.map((format) => renderReport(sampleReport, format)),
  );
});

test.run();
