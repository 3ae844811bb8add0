// Guards of reports that stand behind others: each is shown where the others do not reach.

import { constants } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildReport } from '../../src/report/build-report.ts';
import { sealed } from '../../src/report/leak-gate.ts';
import { renderHtml } from '../../src/report/render-html.ts';
import { runbookHtml } from '../../src/report/runbook-html.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { sampleParts, sampleReport } from './sample-report.ts';

test('the policy lets nothing in but one style, one script and pictures in the page itself', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(renderHtml(sampleReport))?.[1] ?? '';
  const directives = policy.split(';').map((directive) => directive.trim().replace(/sha256-[\w+/]{43}=/, 'sha256-…'));
  assert.equal(directives, [
    "default-src 'none'",
    "script-src 'sha256-…'",
    "style-src 'sha256-…'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test('an image of a rule text is its words, also from a host that may be linked', () => {
  const html = runbookHtml('See ![the picture](https://kubernetes.io/a.png).', ['kubernetes.io']);
  assert.not.match(html, /<img/);
  assert.match(html, 'the picture');
});

test('a secret that its name gives away is out of messages before any format is made', () => {
  const [outcome] = sampleParts.outcomes;
  if (outcome?.verdict !== 'fail') throw new Error('the sample begins with a finding');
  const message = 'password: hunter2';
  const { findings } = buildReport({
    ...sampleParts,
    outcomes: [{ ...outcome, findings: [{ ...outcome.findings[0], message }] }],
    linesOf: () => ['nothing of it'],
  });
  assert.equal(
    findings.map((finding) => finding.message.includes('hunter2')),
    [false],
  );
});

test('the last look takes the body of a private key', () => {
  const body = 'MIIEowIBAAKCAQEAmadeupmadeupmadeup';
  const text = sealed(`before\n-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\nafter`);
  assert.not.ok(text.includes(body), text);
  assert.ok(text.startsWith('before') && text.endsWith('after'));
});

test('a temporary file is made anew: one that is there, or a link, is not written into', async () => {
  const folder = await promises.mkdtemp(join(tmpdir(), 'drydock-guards-'));
  const { open } = promises;
  const flags: unknown[] = [];
  promises.open = (path, flag, mode) => {
    if (String(path).endsWith('.tmp')) flags.push(flag);
    return open(path, flag, mode);
  };
  syncBuiltinESMExports();
  try {
    await writeReport(folder, { 'report.md': 'text\n' });
  } finally {
    promises.open = open;
    syncBuiltinESMExports();
    await promises.rm(folder, { recursive: true });
  }
  const wanted = constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  assert.equal(
    flags.map((flag) => Number(flag) & wanted),
    [wanted],
  );
});

test.run();
