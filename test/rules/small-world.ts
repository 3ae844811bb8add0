// A small world for tests of the rule language: a few fact types, two logs, a store made by hand.

import * as fields from '../../src/facts/fact-type.ts';
import type { FactStore, LogHit, StoredFact } from '../../src/facts/store.ts';
import { evaluate } from '../../src/findings/evaluate.ts';
import type { Outcome } from '../../src/findings/outcome.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { checkRules } from '../../src/rules/load-rules.ts';
import { problemText, type Rule, type Vocabulary } from '../../src/rules/rule.ts';
import { readSettings } from '../../src/rules/settings.ts';

const { bool, double, dyn, factType, int, list, map, node, object, optional, string, time } = fields;

export const Container = factType(
  'Container',
  'One container of a pod.',
  {
    namespace: string('Namespace.'),
    pod: string('Pod.'),
    name: string('Name.'),
    node: node(),
    qosClass: string('QoS class.'),
    containerId: optional(string('Id at the runtime; absent while it waits.')),
    limits: optional(object({ memoryBytes: optional(int('Memory.')), cpuMillis: optional(int('CPU.')) })),
    restarts: int('Restarts.'),
    startedAt: optional(time('Start.')),
    load: double('Load.'),
    ready: bool('Ready.'),
    conditions: list(object({ type: string('Type.'), status: string('Status.') })),
    labels: map(string(), 'Labels.'),
    extra: dyn('Anything.'),
  },
  { object: { kind: 'Pod', namespace: 'namespace', name: 'pod', node: 'node' } },
);
export const CgroupMemory = factType('CgroupMemory', 'Memory limit of a cgroup.', {
  node: node(),
  containerId: string('Container.'),
  maxBytes: optional(int('Limit.')),
});
export const NodeMemory = factType('NodeMemory', 'Memory of a node.', { node: node(), totalBytes: int('Size.') });
export const KubernetesObject = factType('KubernetesObject', 'A whole object.', { object: dyn('The object.') });

const settings = readSettings(
  'mostRestarts: { value: 5, doc: More than this is no accident. }\nfull: { value: 0.9, doc: Nearly full. }\n',
  'settings.yaml',
).settings;

export const vocabulary: Vocabulary = {
  factTypes: [Container, CgroupMemory, NodeMemory, KubernetesObject] as unknown as Vocabulary['factTypes'],
  logs: ['KubeletLog', 'KernelLog'],
  settings,
};

const texts = `
meaning: Meaning.
impact: Impact.
diagnosis: Diagnosis.
remediation: Remediation.
`;

/** A rule file with the keys a test is not about. */
export function ruleText(body: string, keys = ''): string {
  const own = (key: string) => new RegExp(`^${key}:`, 'm').test(body);
  const rest = {
    id: 'some-rule',
    title: 'Something is wrong',
    status: 'stable',
    severity: 'warning',
    subject: `'{{ container.name }}'`,
    message: 'It is wrong.',
  };
  const lines = Object.entries(rest).filter(([key]) => !own(key));
  return `${body.trim()}\n${lines.map(([key, value]) => `${key}: ${value}`).join('\n')}${texts}${keys}`;
}

export function check(text: string, name = 'some-rule'): { rules: readonly Rule[]; problems: string[] } {
  const { rules, problems } = checkRules([{ file: `rules/pack/${name}.yaml`, pack: 'pack', name, text }], vocabulary);
  return { rules, problems: problems.map((problem) => problemText(problem).replace(/^rules\/pack\//, '')) };
}

export interface World {
  readonly facts?: Readonly<Record<string, readonly Partial<StoredFact>[]>>;
  /** Hits of the only pattern of the rule. */
  readonly hits?: readonly Partial<LogHit>[];
  readonly logs?: readonly string[];
  readonly gatheredAt?: string;
}

export function storeOf({ facts = {}, hits = [], logs = [], gatheredAt }: World): FactStore {
  const whole = (partial: Partial<StoredFact>, index: number): StoredFact => ({
    value: {},
    path: 'pods.yaml',
    span: [index * 10 + 1, index * 10 + 5],
    ...partial,
  });
  return {
    types: Object.keys(facts).filter((type) => (facts[type]?.length ?? 0) > 0),
    read: (type) => (facts[type] ?? []).map(whole),
    logSources: (log) => logs.filter((name) => name === log).length,
    hits: () =>
      hits.map((hit, index) => ({
        path: 'kubelet.log',
        span: [index + 1, index + 1],
        count: 1,
        captures: {},
        labels: {},
        ...hit,
      })),
    ...(gatheredAt === undefined ? {} : { gatheredAt }),
  };
}

/** The outcome of one rule in a world; a rule that does not load fails the test. */
export function outcome(body: string, world: World, more: Parameters<typeof evaluate>[2] = {}): Outcome {
  const { rules, problems } = check(ruleText(body));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const [first] = evaluate(compileRules(rules, vocabulary), storeOf(world), more);
  if (!first) throw new Error('no outcome');
  return first;
}

export const api = (more: Record<string, unknown> = {}): Partial<StoredFact> => ({
  value: {
    namespace: 'shop',
    pod: 'checkout-0',
    name: 'api',
    node: 'w1',
    qosClass: 'Guaranteed',
    restarts: 0,
    load: 0.5,
    ready: true,
    conditions: [],
    labels: {},
    extra: {},
    ...more,
  },
});
