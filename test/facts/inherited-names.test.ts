// Words of the input are data, also those that every object of the language inherits: `constructor`, `__proto__`.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createSourceParser } from '../../src/facts/parse-source.ts';
import { wordTable } from '../../src/facts/text/word-table.ts';

const parse = createSourceParser({ factTypes: 'all', objects: 'all', logPatterns: [], logs: new Map() });

const texts: Readonly<Record<string, string>> = {
  IptablesSave: `*nat
:NAME - [0:0]
-A NAME -p NAME -m NAME --dport 80 -j NAME
-A NAME -p tcp -m tcp --dport NAME -m set --match-set NAME NAME -j NAME --NAME
COMMIT
`,
  IptablesList: `Chain NAME (1 references)
target     prot opt source               destination
NAME       NAME --  0.0.0.0/0            0.0.0.0/0            NAME dpt:NAME /* NAME */ NAME
`,
  NftRuleset: `table ip NAME {
	chain NAME {
		type filter hook NAME priority NAME; policy NAME;
		meta l4proto NAME ip protocol NAME counter packets 0 bytes 0 jump NAME
		# xt_NAME
		xt match "NAME" xt target "NAME"
	}
}
`,
  KubernetesManifest: `apiVersion: v1
kind: List
items:
- apiVersion: NAME/NAME
  kind: NAME
  metadata: { name: NAME, namespace: NAME, labels: { NAME: NAME }, annotations: { NAME: NAME } }
- apiVersion: v1
  kind: Pod
  metadata: { name: NAME, namespace: NAME, labels: { NAME: NAME } }
  spec:
    nodeSelector: { NAME: NAME }
    containers:
    - { name: NAME, image: NAME, resources: { limits: { NAME: "1" }, requests: { NAME: NAME } } }
    volumes: [{ name: NAME, NAME: { NAME: NAME } }]
  status: { phase: NAME, containerStatuses: [{ name: NAME, state: { NAME: { reason: NAME } } }] }
- apiVersion: v1
  kind: ConfigMap
  metadata: { name: NAME }
  data: { NAME: NAME, NAME.yaml: "NAME: { NAME: NAME }" }
- apiVersion: v1
  kind: ResourceQuota
  metadata: { name: NAME }
  status: { hard: { NAME: "1" }, used: { NAME: "1" } }
`,
  Sysctl: 'NAME = NAME\nNAME.NAME = 1\n',
  Mounts: 'NAME /NAME NAME NAME,rw 0 0\n',
  ProcCmdline: 'BOOT_IMAGE=NAME NAME=NAME NAME\n',
  SystemdUnitFile: '[NAME]\nNAME=NAME\n[Service]\nExecStart=/usr/bin/kubelet --NAME=NAME --NAME\n',
  OsRelease: 'ID=NAME\nNAME=NAME\n',
  CrioConfig: '[crio.NAME]\nNAME = "NAME"\n[NAME]\nNAME = 1\n',
};

for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf']) {
  test(`a thing named ${name} is read like any other`, () => {
    const before = Reflect.ownKeys(Object.prototype);
    for (const [kind, text] of Object.entries(texts)) {
      const bytes = new TextEncoder().encode(text.replaceAll('NAME', name));
      const source = { path: `namespaces/${name}/${name}/${name}.yaml`, kind, layout: 'test', root: '', labels: {} };
      const { problems, facts } = parse({ source, bytes, firstLine: 1, last: true });
      assert.equal(
        problems.filter(({ detail }) => detail.includes('the parser broke')),
        [],
        kind,
      );
      for (const { bytes } of facts.flatMap(({ blocks }) => blocks))
        for (const json of Buffer.from(bytes)
          .toString()
          .split(/[\n\t]/)) {
          if (json !== '') assert.not.throws(() => JSON.parse(json));
        }
    }
    assert.equal(Reflect.ownKeys(Object.prototype), before);
  });
}

test('a table of words knows its own alone', () => {
  const table = wordTable({ tcp: 6 });
  assert.equal([table.tcp, table.constructor, table.toString], [6, undefined, undefined]);
});

test.run();
