// `--redact` and `--evidence` as a person calls them: what is written, for whom, and what never is.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inFolder } from '../bundle/archives.ts';
import { drydock, write } from './drydock.ts';

const node = (name: string, address: string) => `- apiVersion: v1
  kind: Node
  metadata:
    name: ${name}
    labels: { kubernetes.io/hostname: ${name}, node-role.kubernetes.io/worker: "" }
  spec:
    providerID: aws:///us-east-1a/i-0123456789abcdef0
  status:
    addresses:
    - { address: ${address}, type: InternalIP }
    conditions:
    - lastTransitionTime: "2024-09-03T09:00:00Z"
      message: "kubelet on ${name} (${address}, ip-${address.replaceAll('.', '-')}) stopped posting node status to api.shop.acme.com"
      reason: NodeStatusUnknown
      status: Unknown
      type: Ready
`;
const bundle = {
  'mg/version': 'openshift/must-gather\n4.16.0\n',
  'mg/cluster-scoped-resources/core/nodes.yaml': `apiVersion: v1\nitems:\n${node('harbour-gw-07', '10.99.187.218')}${node('pier-9', '10.99.187.5')}kind: NodeList\n`,
  'mg/cluster-scoped-resources/config.openshift.io/infrastructures.yaml':
    'apiVersion: config.openshift.io/v1\nitems:\n- apiVersion: config.openshift.io/v1\n  kind: Infrastructure\n  metadata: { name: cluster }\n  status:\n    apiServerURL: https://api.shop.acme.com:6443\n    infrastructureName: shop-x7k2p\n    platform: AWS\nkind: InfrastructureList\n',
};
const rule = `id: silent-node
title: Node does not answer
status: stable
severity: error
tags: [test]
given:
  one: KubernetesNode
failsWhen: one.ready != "True"
evidence: [one]
subject: node {{ one.name }}
message: '{{ one.readyMessage }}'
meaning: Nothing.
impact: Nothing.
diagnosis: Nothing.
remediation: Nothing.
`;
const hidden = ['harbour-gw', 'pier-9', '10.99.187', '10-99-187', 'acme', 'shop-x7k2p', '0123456789abcdef0'];
const key = 'the secret of this test\n';

const inBundle = (work: (folder: string) => void) =>
  inFolder(async (folder) => {
    write(join(folder, 'in'), bundle);
    write(folder, { key, 'rules/own/silent-node.yaml': rule });
    work(folder);
  });
const analyze = (folder: string, name: string, ...words: readonly string[]) =>
  drydock(
    'analyze',
    join(folder, 'in'),
    '-o',
    join(folder, name),
    '--no-builtin-rules',
    '--rules',
    join(folder, 'rules'),
    ...words,
  );
const out = (folder: string, name: string) => join(folder, name, 'in');

/** Every file of a folder and of the pack in it, as text. */
function textsOf(folder: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name of readdirSync(folder)) {
    if (name !== 'evidence.tar.gz') texts[name] = readFileSync(join(folder, name), 'latin1');
  }
  const unpacked = join(folder, '..', 'unpacked');
  mkdirSync(unpacked, { recursive: true });
  if (existsSync(join(folder, 'evidence.tar.gz'))) {
    execFileSync('tar', ['xzf', join(folder, 'evidence.tar.gz'), '-C', unpacked]);
    for (const name of readdirSync(unpacked, { recursive: true, encoding: 'utf8' })) {
      const path = join(unpacked, name);
      if (statSync(path).isFile()) texts[`unpacked/${name}`] = `${name}\n${readFileSync(path, 'latin1')}`;
    }
  }
  return texts;
}

test('nothing that is hidden is in any output, the evidence and what is said included; the map tells the owner', async () => {
  await inBundle((folder) => {
    const words = ['--redact', '--evidence', '--format', 'html,md,json,sarif,junit,csv'];
    const { code, out: said, err } = analyze(folder, 'a', ...words);
    assert.equal([code, err], [0, '']);
    const { 'redaction-map.json': map = '', ...texts } = textsOf(out(folder, 'a'));
    assert.ok('unpacked/drydock-evidence/evidence/INDEX.json' in texts);
    for (const [name, text] of Object.entries({ ...texts, said })) {
      for (const secret of hidden) assert.not.ok(text.toLowerCase().includes(secret), `${secret} in ${name}`);
      assert.not.ok(name !== 'said' && text.includes('redaction-map'), name);
    }
    assert.match(texts['report.json'] ?? '', /host-\w{6}/);
    for (const name of ['harbour-gw-07', 'pier-9', '10.99.187.218', 'acme.com'])
      assert.ok(map.includes(`"${name}"`), name);
    assert.is(statSync(join(out(folder, 'a'), 'redaction-map.json')).mode & 0o777, 0o600);
  });
});

test('the same key gives the same bytes; without one, the map that lies there is taken up again', async () => {
  await inBundle((folder) => {
    const run = (name: string, ...words: string[]) =>
      assert.is(analyze(folder, name, '--redact', '--evidence', '--quiet', ...words).code, 0);
    const bytes = (name: string) =>
      Object.fromEntries(
        readdirSync(out(folder, name)).map((file) => [file, readFileSync(join(out(folder, name), file), 'latin1')]),
      );
    run('a', '--redact-key', join(folder, 'key'));
    run('b', '--redact-key', join(folder, 'key'));
    assert.equal(bytes('b'), bytes('a'));
    run('c');
    const fresh = bytes('c');
    assert.not.equal(fresh['report.json'], bytes('a')['report.json']);
    chmodSync(join(out(folder, 'c'), 'redaction-map.json'), 0o644);
    run('c');
    assert.equal(bytes('c'), fresh);
    assert.is(statSync(join(out(folder, 'c'), 'redaction-map.json')).mode & 0o777, 0o600);
    run('d', '--redact-key', join(out(folder, 'c'), 'redaction-map.json'));
    assert.equal(bytes('d'), fresh);
  });
});

test('a saved report is redacted by render; without a place for the map it says what to do', async () => {
  await inBundle((folder) => {
    assert.is(analyze(folder, 'a', '--quiet').code, 0);
    const report = join(out(folder, 'a'), 'report.json');
    assert.ok(readFileSync(report, 'utf8').includes('harbour-gw-07'));
    const refused = drydock('render', report, '--redact');
    assert.is(refused.code, 2);
    assert.match(refused.err, /-o FILE, or --redact-key FILE/);
    const { code, out: said } = drydock('render', report, '--redact', '--redact-key', join(folder, 'key'));
    assert.is(code, 0);
    assert.ok(
      hidden.slice(0, 5).every((secret) => !said.includes(secret)),
      said,
    );
    assert.is(drydock('render', report, '--redact', '-o', join(folder, 'r', 'report.md')).code, 0);
    assert.equal(readdirSync(join(folder, 'r')).sort(), ['redaction-map.json', 'report.md']);
  });
});

test('words of the house come from a file', async () => {
  await inBundle((folder) => {
    write(folder, { words: '# ours\nposting node\n' });
    const { code } = analyze(folder, 'a', '--redact', '--redact-keywords', join(folder, 'words'), '--quiet');
    assert.is(code, 0);
    const text = readFileSync(join(out(folder, 'a'), 'report.json'), 'utf8');
    assert.not.match(text, /posting node/i);
    assert.match(text, /stopped keyword-\w{6} status/);
  });
});

test('what does not go together, and files that are none, are told before any work', async () => {
  await inBundle((folder) => {
    write(folder, { short: 'guess', words: 'ab\n' });
    const calls: readonly [RegExp, ...string[]][] = [
      [/--save-facts writes every name/, '--redact', '--save-facts'],
      [/--redact-key goes with --redact/, '--redact-key', join(folder, 'key')],
      [/--redact-keywords goes with --redact/, '--redact-keywords', join(folder, 'key')],
      [/at least 16 characters/, '--redact', '--redact-key', join(folder, 'short')],
      [/ENOENT/, '--redact', '--redact-key', join(folder, 'nothing')],
      [/at least 3 characters/, '--redact', '--redact-keywords', join(folder, 'words')],
    ];
    for (const [message, ...words] of calls) {
      const { code, err } = analyze(folder, 'z', ...words);
      assert.is(code, 2, words.join(' '));
      assert.match(err, message);
      assert.not.ok(existsSync(join(folder, 'z')));
    }
  });
});

test('without --redact the evidence holds what the report shows, and no map is written', async () => {
  await inBundle((folder) => {
    assert.is(analyze(folder, 'a', '--evidence', '--quiet').code, 0);
    const texts = textsOf(out(folder, 'a'));
    assert.equal(
      Object.keys(texts).filter((name) => name.includes('map')),
      [],
    );
    assert.equal(
      Object.keys(texts).filter(
        (name) => name.startsWith('unpacked/') && !name.startsWith('unpacked/drydock-evidence/'),
      ),
      [],
    );
    for (const format of ['html', 'md', 'json'])
      assert.ok(
        texts[`unpacked/drydock-evidence/report.${format}`]?.endsWith(texts[`report.${format}`] ?? '-'),
        format,
      );
    assert.match(texts['unpacked/drydock-evidence/evidence/0001-nodes.yaml'] ?? '', /name: harbour-gw-07/);
  });
});

test.run();
