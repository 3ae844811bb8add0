import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Format, formats, renderReport } from '../../src/report/formats.ts';
import { sealed } from '../../src/report/leak-gate.ts';
import { indexEntry, renderIndex } from '../../src/report/render-index.ts';
import { renderSummary } from '../../src/report/render-summary.ts';
import type { Report } from '../../src/report/report.ts';
import { templateText } from '../../src/report/templates.ts';
import { sampleReport } from './sample-report.ts';

// Each in a shape that is a secret wherever it stands.
const leaks = [
  `sha256~${'A'.repeat(43)}`,
  `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrIn0.${'s'.repeat(40)}`,
  `ghp_${'a'.repeat(36)}`,
  'AKIAABCDEFGHIJKLMNOP',
  `hvs.${'C'.repeat(30)}`,
  'https://anna:hunter2@proxy.example/',
  Buffer.from('-----BEGIN RSA PRIVATE KEY-----').toString('base64'),
];

// As if the redaction of excerpts and texts had forgotten these places.
function withLeak(leak: string): Report {
  const [finding, ...others] = sampleReport.findings;
  if (!finding) throw new Error('the sample has no finding');
  const [evidence] = finding.evidence;
  if (!evidence) throw new Error('the finding has no evidence');
  return {
    ...sampleReport,
    bundle: { ...sampleReport.bundle, name: `bundle ${leak}` },
    findings: [{ ...finding, message: `see ${leak} there`, evidence: [{ ...evidence, excerpt: leak }] }, ...others],
  };
}

const outputs: Readonly<Record<string, (report: Report) => string>> = {
  ...Object.fromEntries(
    formats.map((format: Format): [string, (report: Report) => string] => [
      `report.${format}`,
      (report) => renderReport(report, format),
    ]),
  ),
  'the summary': (report) => renderSummary(report, { color: false }),
  'the index': (report) => {
    const { html, markdown, json } = renderIndex([indexEntry(report, 'a')]);
    return html + markdown + json;
  },
};
for (const [name, render] of Object.entries(outputs)) {
  test(`a secret that was let through does not leave in ${name}`, () => {
    for (const leak of leaks) {
      const text = render(withLeak(leak));
      assert.not.ok(text.includes(leak), leak);
      assert.not.ok(text.includes('hunter2'), leak);
      assert.ok(text.includes('[redacted]'), leak);
    }
  });
}

test('what is no secret leaves as it is', () => {
  const texts = [
    'image: quay.io/openshift/etcd@sha256:d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e',
    'Event master.1697c16ba9394659 of openshift-kube-scheduler',
    Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB').toString('base64'),
    'https://docs.example:8443/a@b, ssh://core@worker-1/, 6892 bytes long',
    templateText('page.js report.js timeline.js index.js'),
    templateText('report.css'),
  ];
  for (const text of texts) assert.is(sealed(text), text);
});

test('a text of megabytes is sealed in one go, whatever stands in it', () => {
  const texts = ['eyJ', '://a:', '-----BEGIN RSA PRIVATE KEY-----', 'LS0tLS1CRUdJTi', 'sha256~', 'authorization: '];
  for (const text of texts) {
    const once = performance.now();
    sealed(text.repeat(20_000));
    const short = performance.now() - once;
    assert.ok(short < 5000, `${text}: ${short} ms`);
  }
});

test.run();
