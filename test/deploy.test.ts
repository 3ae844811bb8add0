// The files of deploy/ ask for no more than the program needs, and call it as it is to be called.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';

const deploy = new URL('../deploy', import.meta.url).pathname;
const text = (file: string): string => readFileSync(join(deploy, file), 'utf8');

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
}
interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: { readonly completions?: number; readonly template?: { readonly spec: Pod } };
}

const manifests = readdirSync(join(deploy, 'kubernetes')).flatMap((file) =>
  parseAllDocuments(text(`kubernetes/${file}`)).map((document) => {
    assert.equal(document.errors, [], file);
    return document.toJS() as Manifest;
  }),
);
const pods = manifests.flatMap(({ spec }) => spec?.template?.spec ?? []);
const containers = pods.flatMap((pod) => pod.containers);

test('every pod runs without root, without a token, and writes into its volumes alone', () => {
  assert.is(pods.length, 4);
  for (const pod of pods) {
    assert.is(pod.automountServiceAccountToken, false);
    assert.is(pod.securityContext.runAsNonRoot, true);
    assert.equal(pod.securityContext.seccompProfile, { type: 'RuntimeDefault' });
  }
  for (const { name, securityContext, resources } of containers) {
    const wanted = { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
    assert.equal(securityContext, wanted, name);
    assert.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory, name);
  }
});

test('all traffic is forbidden, and opened between the queue and its clients alone', () => {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata }) => metadata.name);
  assert.equal(policies.sort(), ['nothing', 'queue', 'queue-clients']);
  for (const { kind, metadata } of manifests)
    if (kind !== 'Namespace') assert.is(metadata.namespace, 'drydock', metadata.name);
});

test('the flags that are given exist, and the parts of the indexed Job are all of them', () => {
  const usage: Readonly<Record<string, string>> = Object.fromEntries(
    ['analyze', 'worker'].map((name) => [name, readFileSync(join(deploy, `../src/commands/${name}.ts`), 'utf8')]),
  );
  const calls = containers.filter(({ name }) => name === 'drydock').map(({ args }) => args);
  assert.is(calls.length, 3);
  for (const [command = '', ...words] of calls) {
    for (const word of words) {
      const [flag] = /^-[-\w]+/.exec(word) ?? [];
      if (flag !== undefined) assert.match(usage[command] ?? '', `${flag}`, word);
    }
  }
  const shards = manifests.find(({ metadata }) => metadata.name === 'shards');
  const of = calls.flat().flatMap((word) => /^--shard=\$\(INDEX\)\/(\d+)$/.exec(word)?.[1] ?? []);
  assert.equal(of, [`${shards?.spec.completions}`]);
});

test('image and version are those of the package', () => {
  const { version } = JSON.parse(readFileSync(join(deploy, '../package.json'), 'utf8')) as { version: string };
  const images = [
    ...`${text('compose.yaml')}${containers.map(({ image }) => `image: ${image}\n`).join('')}`.matchAll(
      /image: (drydock:.*)/g,
    ),
  ];
  assert.is(images.length, 4);
  for (const [, image] of images) assert.is(image, `drydock:${version}`);
});

test.run();
