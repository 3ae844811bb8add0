// What an outcome says: which verdict, what was missing, what broke, and what is found.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { api, outcome } from '../rules/small-world.ts';

const limits = `
given:
  container: Container
  cgroup: { fact: CgroupMemory, on: { containerId: container.containerId } }
appliesWhen: container.qosClass == "Guaranteed" && has(container.limits.memoryBytes)
failsWhen: cgroup.maxBytes != container.limits.memoryBytes
subject: '{{ container.namespace }}/{{ container.pod }}, container {{ container.name }}'
message: cgroup allows {{ cgroup.maxBytes }} B, limit asks {{ container.limits.memoryBytes }} B
`;
const asks = (containerId: string, more = {}) => api({ containerId, limits: { memoryBytes: 100 }, ...more });
const allows = (containerId: string, maxBytes: number) => ({
  value: { containerId, maxBytes },
  path: 'cgroup',
  span: [1, 1] as const,
});

test('a subject that fails is a finding with subject, message, objects and evidence', () => {
  const result = outcome(limits, { facts: { Container: [asks('a')], CgroupMemory: [allows('a', 200)] } });
  assert.is(result.verdict, 'fail');
  assert.equal(result.findings, [
    {
      rule: 'some-rule',
      severity: 'warning',
      subject: 'shop/checkout-0, container api',
      message: 'cgroup allows 200 B, limit asks 100 B',
      objects: [{ kind: 'Pod', namespace: 'shop', name: 'checkout-0', node: 'w1' }],
      evidence: [
        { path: 'pods.yaml', span: [1, 5], binding: 'container' },
        { path: 'cgroup', span: [1, 1], binding: 'cgroup' },
      ],
      times: [],
    },
  ]);
});

test('nothing that fails and something examined is a pass', () => {
  const result = outcome(limits, { facts: { Container: [asks('a')], CgroupMemory: [allows('a', 100)] } });
  assert.equal([result.verdict, result.examined, result.missing], ['pass', 1, []]);
});

test('without the type of the first name there is no data', () => {
  const result = outcome(limits, { facts: { CgroupMemory: [allows('a', 100)] } });
  assert.equal([result.verdict, result.missing], ['no-data', ['Container']]);
});

test('a join that finds nothing leaves its subject undecided and names the type', () => {
  const nothing = outcome(limits, { facts: { Container: [asks('a')] } });
  assert.equal([nothing.verdict, nothing.missing, nothing.examined], ['no-data', ['CgroupMemory'], 0]);
  const other = outcome(limits, { facts: { Container: [asks('a')], CgroupMemory: [allows('b', 1)] } });
  assert.equal([other.verdict, other.missing], ['no-data', ['CgroupMemory']]);
  const some = outcome(limits, { facts: { Container: [asks('a'), asks('b')], CgroupMemory: [allows('b', 100)] } });
  assert.equal([some.verdict, some.missing, some.examined], ['pass', ['CgroupMemory'], 1]);
});

test('a key that is absent finds nothing', () => {
  const result = outcome(limits, {
    facts: { Container: [api({ limits: { memoryBytes: 100 } })], CgroupMemory: [allows('a', 100)] },
  });
  assert.equal([result.verdict, result.missing, result.errors], ['no-data', ['CgroupMemory'], []]);
});

test('a rule that applies to nobody is not applicable, and does not miss what it would have joined', () => {
  const result = outcome(limits, { facts: { Container: [asks('a', { qosClass: 'Burstable' })] } });
  assert.equal([result.verdict, result.missing], ['not-applicable', []]);
});

test('an error of CEL is an error of the rule, with the subject', () => {
  const result = outcome(limits, {
    facts: { Container: [asks('a')], CgroupMemory: [{ value: { containerId: 'a' } }] },
  });
  assert.is(result.verdict, 'error');
  assert.equal(result.errors, ['shop/checkout-0, container api: failsWhen: No such key: maxBytes']);
});

test('a finding outweighs an error, and both are told', () => {
  const result = outcome(limits, {
    facts: { Container: [asks('a'), asks('b')], CgroupMemory: [{ value: { containerId: 'a' } }, allows('b', 7)] },
  });
  assert.equal([result.verdict, result.findings.length, result.errors.length], ['fail', 1, 1]);
});

test('several matches of a join are several evaluations of one subject', () => {
  const result = outcome(limits, {
    facts: { Container: [asks('a')], CgroupMemory: [allows('a', 100), allows('a', 200), allows('a', 300)] },
  });
  assert.is(result.examined, 1);
  assert.equal(
    result.findings.map((each) => each.message.slice(0, 19)),
    ['cgroup allows 200 B', 'cgroup allows 300 B'],
  );
});

test('many gives the list, and an empty one only if the bundle has the type at all', () => {
  const rule = `
given:
  memory: NodeMemory
  containers: { fact: Container, on: { node: memory.node }, where: containers.ready, many: true }
failsWhen: containers.size() == 0
subject: '{{ memory.node }}'
`;
  const NodeMemory = [{ value: { node: 'w1', totalBytes: 1 } }, { value: { node: 'w2', totalBytes: 1 } }];
  const read = outcome(rule, { facts: { NodeMemory, Container: [api(), api({ node: 'w2', ready: false })] } });
  assert.equal(
    read.findings.map((each) => each.subject),
    ['w2'],
  );
  const unread = outcome(rule, { facts: { NodeMemory } });
  assert.equal([unread.verdict, unread.missing], ['no-data', ['Container']]);
});

test('optional decides with and without the other', () => {
  const rule = `
given:
  container: Container
  memory: { fact: NodeMemory, on: { node: container.node }, optional: true }
failsWhen: '!memory.hasValue() || memory.value().totalBytes < 5'
message: node has {{ memory.?totalBytes.orValue(0) }} B
`;
  const result = outcome(rule, {
    facts: {
      Container: [api(), api({ name: 'web', node: 'w2' })],
      NodeMemory: [{ value: { node: 'w1', totalBytes: 3 } }],
    },
  });
  assert.equal(
    result.findings.map(({ subject, message }) => `${subject}: ${message}`),
    ['api: node has 3 B', 'web: node has 0 B'],
  );
  assert.equal(result.missing, []);
});

test('many on the first name is one evaluation over all', () => {
  const rule = `
given: { memories: { fact: NodeMemory, many: true } }
let: { sizes: 'memories.map(m, m.totalBytes).distinct().sort()' }
failsWhen: sizes.size() > 1
subject: all nodes
message: sizes {{ sizes }}
`;
  const result = outcome(rule, {
    facts: { NodeMemory: [4, 4, 8].map((totalBytes, index) => ({ value: { node: `w${index}`, totalBytes } })) },
  });
  assert.equal([result.examined, result.findings[0]?.message], [1, 'sizes 4, 8']);
});

test('a name of let is computed only where it is read', () => {
  const rule = `
given: { container: Container }
let:
  memory: container.limits.memoryBytes
  half: memory / 2
failsWhen: has(container.limits.memoryBytes) && half > 10
message: half is {{ half }}
`;
  const result = outcome(rule, { facts: { Container: [api(), api({ name: 'b', limits: { memoryBytes: 30 } })] } });
  assert.equal([result.errors, result.findings.map((each) => each.message)], [[], ['half is 15']]);
});

test('the most severe true condition gives the severity', () => {
  const rule = `
given: { container: Container }
severity: { default: info, warning: container.restarts > 1, critical: container.restarts > 9 }
failsWhen: 'true'
subject: '{{ container.restarts }}'
`;
  const result = outcome(rule, { facts: { Container: [0, 5, 20].map((restarts) => api({ restarts })) } });
  assert.equal(
    result.findings.map(({ subject, severity }) => `${subject} ${severity}`),
    ['0 info', '20 critical', '5 warning'],
  );
});

test('ages count from the time the bundle was gathered; without it there is no data', () => {
  const rule = `
given: { container: Container }
failsWhen: now - container.startedAt > duration("1h")
message: runs for {{ humanDuration(now - container.startedAt) }}
`;
  const facts = { Container: [api({ startedAt: '2024-05-01T10:00:00Z' })] };
  const known = outcome(rule, { facts, gatheredAt: '2024-05-01T12:30:00Z' });
  assert.equal([known.findings[0]?.message, known.findings[0]?.times], ['runs for 2h 30m', ['2024-05-01T10:00:00Z']]);
  const unknown = outcome(rule, { facts });
  assert.equal([unknown.verdict, unknown.missing], ['no-data', ['GatherTime']]);
});

test('whole objects are found by group and kind, and joined by any of their fields', () => {
  const rule = `
given:
  deployment: { object: apps/Deployment, where: deployment.spec.replicas > 0 }
  pod: { object: core/Pod, on: { metadata.namespace: deployment.metadata.namespace }, many: true }
failsWhen: pod.size() < deployment.spec.replicas
subject: '{{ deployment.metadata.name }}'
message: wants {{ deployment.spec.replicas }}, has {{ pod.size() }}
`;
  const object = (apiVersion: string, kind: string, name: string, spec: object = {}) => ({
    value: { object: { apiVersion, kind, metadata: { namespace: 'shop', name }, spec } },
  });
  const result = outcome(rule, {
    facts: {
      KubernetesObject: [
        object('apps/v1', 'Deployment', 'api', { replicas: 2 }),
        object('apps/v1', 'Deployment', 'off', { replicas: 0 }),
        object('v1', 'Pod', 'api-1'),
      ],
    },
  });
  assert.equal(
    result.findings.map(({ subject, message }) => `${subject}: ${message}`),
    ['api: wants 2, has 1'],
  );
  assert.equal(result.findings[0]?.objects[0], { kind: 'Deployment', namespace: 'shop', name: 'api' });
  assert.equal(outcome(rule, {}).missing, ['apps/Deployment']);
});

test('equal findings of different facts become one, and the order does not depend on that of the facts', () => {
  const rule = `
given: { container: Container }
failsWhen: container.restarts > settings.mostRestarts
subject: '{{ container.pod }}'
message: '{{ container.restarts }} restarts'
`;
  const facts = [api({ pod: 'b', restarts: 9 }), api({ pod: 'a', restarts: 9 }), api({ pod: 'b', restarts: 9 })];
  const places = facts.map((fact, index) => ({ ...fact, span: [index + 1, index + 1] as const }));
  const one = outcome(rule, { facts: { Container: places } });
  assert.equal(
    one.findings.map(({ subject, evidence }) => `${subject} ${evidence.map(({ span }) => span[0])}`),
    ['a 2', 'b 1,3'],
  );
  assert.equal(outcome(rule, { facts: { Container: places.slice().reverse() } }), one);
});

test('a message that fails costs no finding', () => {
  const rule = `
given: { container: Container }
failsWhen: container.restarts > 5
message: limit {{ container.limits.memoryBytes }}
`;
  const result = outcome(rule, { facts: { Container: [api({ restarts: 9 })] } });
  assert.equal([result.verdict, result.findings[0]?.message], ['fail', 'Something is wrong']);
  assert.equal(result.errors, ['api: message: No such key: limits']);
});

test('what a bundle says cannot break a line of the report', () => {
  const rule = 'given: { container: Container }\nfailsWhen: "true"\nmessage: "{{ container.qosClass }}"';
  const result = outcome(rule, { facts: { Container: [api({ name: 'a\nb', qosClass: `x\r\n${'y'.repeat(5000)}` })] } });
  assert.is(result.findings[0]?.subject, 'a b');
  assert.is(result.findings[0]?.message.length, 2000);
});

test('a rule that runs out of time is an error and tells no part of its findings', () => {
  let calls = 0;
  const result = outcome(
    'given: { container: Container }\nfailsWhen: "true"',
    { facts: { Container: [api(), api({ name: 'b' }), api({ name: 'c' })] } },
    { startBudget: () => () => ++calls > 2 },
  );
  assert.equal([result.verdict, result.findings], ['error', []]);
  assert.match(result.errors[0] ?? '', /^RULE_TIMEOUT/);
});

test('a rule that reconciles gives both sides, each with the place of the field it reads', () => {
  const sides = `reconciles:
  what: memory limit
  of: '{{ container.name }}'
  asked: 'limit {{ container.limits.memoryBytes }}'
  got: '{{ cgroup.maxBytes }}'
`;
  const { findings } = outcome(limits + sides, {
    facts: { Container: [{ ...asks('a'), at: { 'limits.memoryBytes': [4, 4] } }], CgroupMemory: [allows('a', 200)] },
  });
  assert.equal(findings[0]?.reconciles, {
    what: 'memory limit',
    event: false,
    of: 'api',
    asked: { text: 'limit 100', evidence: { path: 'pods.yaml', span: [4, 4], binding: 'container' } },
    got: { text: '200', evidence: { path: 'cgroup', span: [1, 1], binding: 'cgroup' } },
  });
});

test('a side that cannot be written costs its place in the comparison, not the finding', () => {
  const sides = `reconciles: { what: x, asked: '{{ container.limits.memoryBytes / 0 }}', got: 'y' }\n`;
  const result = outcome(limits + sides, { facts: { Container: [asks('a')], CgroupMemory: [allows('a', 200)] } });
  assert.equal([result.verdict, result.findings[0]?.reconciles], ['fail', undefined]);
  assert.match(result.errors[0] ?? '', 'reconciles');
});

test.run();
