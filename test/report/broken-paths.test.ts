// Which packet paths a report draws: those that fail, of services that a finding names or whose way crosses a named node.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding, ObjectRef, Outcome, Severity } from '../../src/findings/outcome.ts';
import { brokenPaths } from '../../src/report/broken-paths.ts';
import { changed, factsOf, objects, storeOf, twoNodes } from '../models/path/two-nodes.ts';

const finding = (about: readonly ObjectRef[], severity: Severity = 'error'): Outcome => {
  const one: Finding = {
    rule: 'some-rule',
    severity,
    subject: 's',
    message: 'm',
    objects: about,
    evidence: [{ path: 'p', span: [1, 1], binding: 'b' }],
    times: [],
  };
  return { rule: 'some-rule', examined: 1, missing: [], errors: [], verdict: 'fail', findings: [one] };
};
const healthy = storeOf(factsOf(twoNodes, objects));
const blocked = storeOf(
  factsOf(
    changed('n2', 'IptablesSave', (text) => text.replace(':INPUT ACCEPT', ':INPUT DROP')),
    objects,
  ),
);
const inPack = () => 'network-servicepath';
const titles = (store: typeof healthy, outcome: Outcome, packOf: (rule: string) => string | undefined = inPack) =>
  brokenPaths(store, [outcome], packOf).paths.map(({ title }) => title);

test('a service that a finding names is drawn from a pod of the node, where its connections fail', () => {
  const named = finding([{ kind: 'Service', namespace: 'shop', name: 'web', node: 'n1' }]);
  assert.equal(titles(blocked, named)[0], 'pod/shop/client → svc/shop/web:80');
  const [path] = brokenPaths(blocked, [named], inPack).paths;
  assert.equal(path?.about, { kind: 'Service', namespace: 'shop', name: 'web' });
  assert.ok(path?.trace.verdicts.some(({ verdict }) => verdict === 'dropped'));
});

test('of a node, services are drawn whose connections cross it', () => {
  assert.ok(
    titles(blocked, finding([{ kind: 'Node', name: 'n2', node: 'n2' }])).includes('pod/shop/client → svc/shop/web:80'),
  );
});

test('what works is not drawn, nor what other packs and notes speak of', () => {
  const named = [{ kind: 'Service', namespace: 'shop', name: 'web', node: 'n1' }];
  assert.equal(titles(healthy, finding(named)), []);
  assert.equal(
    titles(blocked, finding(named), () => 'storage'),
    [],
  );
  assert.equal(titles(blocked, finding(named, 'info')), []);
});

test('where the tracer breaks there is a gap, and the report goes on', () => {
  const named = finding([{ kind: 'Service', namespace: 'shop', name: 'web', node: 'n1' }]);
  for (const type of ['NetfilterRule', 'IpRoute']) {
    const read = (name: string) => {
      if (name === type) throw new Error(`no ${type}`);
      return blocked.read(name);
    };
    const { gaps, paths } = brokenPaths({ ...blocked, read }, [named], inPack);
    assert.equal(paths, [], type);
    assert.ok(
      gaps.length > 0 && gaps.every(({ code, detail }) => code === 'TRACE_ERROR' && detail === `no ${type}`),
      type,
    );
  }
});

test.run();
