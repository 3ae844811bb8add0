// A small must-gather in which hostile texts stand wherever a bundle can hold text, and a rule pack that quotes each place.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { file, pax, tar } from '../bundle/archives.ts';

/** Where a text of a bundle can come from; each has a rule of its own, `rule-pack` one for each text. */
export const sinks = [
  'pod-name',
  'annotation',
  'label',
  'env-value',
  'log-line',
  'event-message',
  'node-name',
  'file-path',
  'rule-pack',
] as const;

const control = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** A YAML scalar that gives exactly this text. */
export const scalar = (text: string) =>
  JSON.stringify(text).replace(control, (char) => `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`);

export const list = (items: readonly string[]) => `apiVersion: v1\nitems:\n${items.join('')}kind: List\n`;
const object = (kind: string, namespace: string, name: string, more = '') =>
  `- apiVersion: v1\n  kind: ${kind}\n  metadata:\n    name: ${scalar(name)}\n    namespace: ${namespace}\n${more}`;
const spec = '  spec:\n    containers:\n    - image: registry.example/a:1\n      name: main\n';
const pod = (namespace: string, name: string, metadata = '', more = spec) =>
  object('Pod', namespace, name, `${metadata}${more}`);

/** The path a text becomes in an archive: what would lead out of it, or is no name at all, is left away. */
export const pathOf = (text: string): string =>
  text
    .replaceAll('\0', '')
    .split(/[\\/]+/)
    .filter((step) => !/^\.*$/.test(step.trim()))
    .join('/')
    .slice(0, 400)
    .trim() || 'empty';

/** One tar with every text in every sink but the rule pack. */
export const hostileBundle = (texts: readonly string[]): Buffer => tarOf(hostileFiles(texts));

export type Files = readonly (readonly [path: string, content: string])[];
export const tarOf = (files: Files): Buffer =>
  tar(...files.flatMap(([path, content]) => [pax({ path }), file('short', content)]));

export function hostileFiles(texts: readonly string[], names: readonly string[] = texts): Files {
  const each = (make: (text: string, at: number) => string) => texts.map(make);
  const lines = texts.flatMap((text) => text.split('\n')).map((line) => `2024-09-03T10:00:00.000000000Z said: ${line}`);
  return [
    ['mg/version', 'openshift/must-gather\n4.16.0\n'],
    [
      'mg/namespaces/all/core/pods.yaml',
      list([
        pod('plain', 'plain'),
        ...each((text) => pod('named', text)),
        ...each((text, at) => pod('annotated', `a-${at}`, `    annotations:\n      note: ${scalar(text)}\n`)),
        ...each((text, at) => pod('labelled', `l-${at}`, `    labels:\n      note: ${scalar(text)}\n`)),
        ...each((text, at) =>
          pod('variables', `v-${at}`, '', `${spec}      env:\n      - name: NOTE\n        value: ${scalar(text)}\n`),
        ),
      ]),
    ],
    [
      'mg/namespaces/all/core/events.yaml',
      list(
        each((text, at) =>
          object(
            'Event',
            'events',
            `e-${at}`,
            `  involvedObject:\n    kind: Pod\n    name: e-${at}\n    namespace: events\n  message: ${scalar(text)}\n  reason: Said\n  lastTimestamp: "2024-09-03T10:00:00Z"\n`,
          ),
        ),
      ),
    ],
    [
      'mg/cluster-scoped-resources/core/nodes.yaml',
      list(each((text) => object('Node', 'none', text, '  status: {}\n'))),
    ],
    ['mg/namespaces/logs/pods/l/main/main/logs/current.log', `${lines.join('\n')}\n`],
    ...names.map((text, at): [string, string] => [
      `mg/namespaces/all/files/${pathOf(text)}/${at}.yaml`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map-${at}\n  namespace: files\ndata:\n  key: value\n`,
    ]),
  ];
}

const sinkRules: readonly [id: string, given: string, appliesWhen: string, said: string, evidence: string][] = [
  ['pod-name', 'one: Pod', 'one.namespace == "named"', 'one.name', 'one.name'],
  ['annotation', 'one: Pod', 'one.namespace == "annotated"', 'one.annotations["note"]', 'one.annotations'],
  ['label', 'one: Pod', 'one.namespace == "labelled"', 'one.labels["note"]', 'one.labels'],
  ['env-value', 'one: Container', 'one.namespace == "variables"', 'one.env[0].value', 'one.env'],
  ['event-message', 'one: Event', 'one.namespace == "events"', 'one.message', 'one.message'],
  ['node-name', 'one: KubernetesNode', 'true', 'one.name', 'one.name'],
  ['file-path', 'one: ConfigMap', 'one.namespace == "files"', 'one.name', 'one.data'],
  [
    'log-line',
    'one: { log: ContainerLog, pattern: "said: (?P<said>.*)", hint: "said: ", groupBy: [said] }',
    'true',
    'one.said',
    'one',
  ],
];

const runbook = (text: string) =>
  ['meaning', 'impact', 'diagnosis', 'remediation'].map((key) => `${key}: ${scalar(text)}\n`).join('');

/** Writes a pack with a rule for each sink, and for each text a rule that speaks it. */
export function writeHostilePack(folder: string, texts: readonly string[]): void {
  rmSync(join(folder, 'hostile'), { recursive: true, force: true });
  mkdirSync(join(folder, 'hostile'), { recursive: true });
  const write = (id: string, text: string) => writeFileSync(join(folder, 'hostile', `${id}.yaml`), text);
  for (const [id, given, appliesWhen, said, evidence] of sinkRules) {
    write(
      id,
      `id: ${id}\ntitle: A text of the bundle speaks\nstatus: stable\nseverity: error\ntags: [torture]\n` +
        `given:\n  ${given}\nappliesWhen: '${appliesWhen}'\nfailsWhen: '${said} != ""'\nevidence: [${evidence}]\n` +
        `subject: '{{ ${said} }}'\nmessage: '{{ ${said} }}'\n${runbook('Nothing.')}`,
    );
  }
  texts.forEach((text, at) => {
    const id = `rule-pack-${at}`;
    write(
      id,
      `id: ${id}\ntitle: ${scalar(text)}\nstatus: stable\nseverity: warning\ntags: [torture]\n` +
        `given:\n  one: Pod\nappliesWhen: one.namespace == "plain"\nfailsWhen: one.name == "plain"\nsubject: plain\n` +
        `message: plain\n${runbook(text)}falsePositives: [${scalar(text)}]\nreferences: [https://rules.example/a]\n`,
    );
  });
}

/** Writes a pack of which every rule is refused at load, with a message that quotes the text. */
export function writeRefusedPack(folder: string, texts: readonly string[]): void {
  mkdirSync(join(folder, 'refused'), { recursive: true });
  texts.forEach((text, at) => {
    const key = /^\s*$/.test(text) ? 'empty' : text;
    writeFileSync(
      join(folder, 'refused', `refused-${at}.yaml`),
      `id: refused-${at}\n? ${scalar(key)}\n: 1\nreferences: [${scalar(text)}]\n`,
    );
  });
}
