// The places that show a finding: few, short, and those that the conditions read.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Span } from '../../src/bundle/source.ts';
import type { StoredFact } from '../../src/facts/store.ts';
import { api, outcome } from '../rules/small-world.ts';

const at = (
  places: Record<string, Span>,
  span: Span = [1, 100],
  more: Record<string, unknown> = {},
): Partial<StoredFact> => ({
  ...api({ restarts: 9, ...more }),
  span,
  at: places,
});
const spans = (body: string, facts: Partial<StoredFact>[]): string[] =>
  outcome(body, { facts: { Container: facts } }).findings.flatMap(({ evidence }) =>
    evidence.map(({ binding, span }) => `${binding} ${span[0]}-${span[1]}`),
  );
const rule = (condition: string, more = '') => `given: { container: Container }\nfailsWhen: ${condition}\n${more}`;

test('the fields that a condition reads are shown, then those of the message', () => {
  const places = { restarts: [40, 40], name: [5, 5], qosClass: [70, 70] } as const;
  assert.equal(spans(rule('container.restarts > 5', 'message: "{{ container.name }}"'), [at(places)]), [
    'container 5-5',
    'container 40-40',
  ]);
});

test('a nested field is shown by the nearest place above it', () => {
  assert.equal(
    spans(rule('!(container.limits.cpuMillis > 5)').replace('!', "'!").replace(/5\)$/m, "5)'"), [
      at({ limits: [20, 23] }, [1, 100], { limits: { cpuMillis: 1 } }),
    ]),
    ['container 20-23'],
  );
});

test('a member that the rule names is shown, not the whole list', () => {
  const places = { conditions: [10, 60], 'conditions.Ready': [30, 33] } as const;
  const condition = 'container.conditions.exists(c, c.type == "Ready")';
  assert.equal(spans(rule(condition), [at(places, [1, 100], { conditions: [{ type: 'Ready', status: 'False' }] })]), [
    'container 30-33',
  ]);
});

test('what is absent is shown by the whole fact, cut to twelve lines', () => {
  assert.equal(spans(rule(`'!has(container.limits)'`), [at({ name: [5, 5] }, [3, 9])]), ['container 3-9']);
  assert.equal(spans(rule(`'!has(container.limits)'`), [at({ name: [5, 5] }, [3, 99])]), ['container 3-14']);
});

test('neighbours become one place, and more than three are not shown', () => {
  const condition =
    'container.restarts > 5 && container.ready && container.load < 1 && container.name != "" && container.pod != ""';
  const places = { restarts: [10, 10], ready: [11, 11], load: [20, 20], name: [30, 30], pod: [40, 40] } as const;
  assert.equal(spans(rule(condition), [at(places)]), ['container 10-11', 'container 20-20', 'container 30-30']);
});

test('evidence can be named: a field, a list that let picked, or the whole', () => {
  const places = { restarts: [40, 40], qosClass: [70, 71] } as const;
  assert.equal(spans(rule('container.restarts > 5', 'evidence: [container.qosClass]'), [at(places)]), [
    'container 70-71',
  ]);
  assert.equal(spans(rule('container.restarts > 5', 'evidence: [container]'), [at(places, [38, 42])]), [
    'container 38-42',
  ]);
  const listed = `
given: { containers: { fact: Container, many: true } }
let: { bad: 'containers.filter(c, c.restarts > 5)' }
failsWhen: bad.size() > 0
subject: all
`;
  const facts = [at({}, [1, 2], { restarts: 0 }), at({}, [3, 4]), at({}, [5, 6], { restarts: 0 }), at({}, [9, 9])];
  assert.equal(spans(`${listed}evidence: [bad]`, facts), ['containers 3-4', 'containers 9-9']);
  assert.equal(spans(listed, facts), ['containers 3-4', 'containers 9-9']);
});

test('of a long list the first three are shown, one place each', () => {
  const facts = [1, 2, 3, 4].map((line) =>
    at({ restarts: [line * 10, line * 10], ready: [line * 10 + 5, line * 10 + 5] }),
  );
  const listed = `
given: { containers: { fact: Container, many: true } }
failsWhen: containers.all(c, c.restarts > 5 && c.ready)
subject: all
`;
  assert.equal(spans(listed, facts), ['containers 10-10', 'containers 20-20', 'containers 30-30']);
});

test('named evidence that is not there falls back to the subject', () => {
  const body = `
given:
  container: Container
  memory: { fact: NodeMemory, on: { node: container.node }, optional: true }
failsWhen: '!memory.hasValue()'
evidence: [memory]
`;
  assert.equal(spans(body, [at({}, [3, 4])]), ['container 3-4']);
});

test.run();
