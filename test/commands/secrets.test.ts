// What is secret in a bundle leaves by no command.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drydock, newFolder, write } from './drydock.ts';

const bundle = write(newFolder(), {
  'namespaces/all/core/pods.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: checkout-0
  namespace: shop
spec:
  containers:
  - name: api
    image: registry.example.com/shop/api:1
    args: [--token, hunter2]
    env:
    - name: DB_PASSWORD
      value: hunter2
    - name: MODE
      value: fast
`,
});
const rules = write(newFolder(), {
  'own/says-it.yaml': `id: says-it
title: A rule that says what it reads
status: experimental
severity: info
tags: [test]
given: { container: Container }
failsWhen: container.env.size() > 0
evidence: [container.env]
subject: '{{ container.env[0].name }} is {{ container.env[0].value }}'
message: 'MODE is {{ container.env[1].value }}, DB_PASSWORD is {{ container.env[0].value }}.'
meaning: Nothing.
impact: Nothing.
diagnosis: Nothing.
remediation: Nothing.
`,
});

test('facts show what stands beside a secret', () => {
  for (const form of ['table', 'json', 'yaml']) {
    const { out } = drydock('facts', bundle, 'Container', '-o', form);
    assert.not.ok(out.includes('hunter2'), out);
    assert.ok(out.includes('checkout-0'), out);
  }
});

test('a report and saved facts hold no secret, also where a rule says it', () => {
  const out = newFolder();
  const ran = drydock('analyze', bundle, '-o', out, '--save-facts', '--no-builtin-rules', '--rules', rules);
  const name = bundle.split('/').at(-1) ?? '';
  const texts = ['report.html', 'report.md', 'report.json', 'facts.sqlite'].map((file) =>
    readFileSync(join(out, name, file), 'latin1'),
  );
  for (const text of [...texts, ran.out, ran.err]) assert.not.ok(text.includes('hunter2'));
  assert.ok(texts[2]?.includes('MODE is fast, DB_PASSWORD is [redacted].'), texts[2]);
  assert.ok(texts[3]?.includes('checkout-0'));
});

test.run();
