import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gatheredBy } from '../../src/report/gathered-by.ts';

const places = ['must-gather: nodes/{node}/dmesg', 'sosreport: sos_commands/kernel/dmesg'];

test('each place has the command that writes it, once', () => {
  assert.equal(gatheredBy([...places, ...places]), ['oc adm must-gather', 'sos report']);
  assert.equal(gatheredBy(['objects of kind Node: must-gather, or kubectl']), ['kubectl get node -A -o yaml']);
  assert.equal(gatheredBy(['objects of kind Workload: x']), [
    'kubectl get deployment,statefulset,daemonset -A -o yaml',
  ]);
});

test('what has been gathered already and had it not comes last', () => {
  assert.equal(gatheredBy(places, ['must-gather']), ['sos report', 'oc adm must-gather']);
  assert.equal(gatheredBy(places.slice(0, 1), ['must-gather']), ['oc adm must-gather']);
});

test('a place of no known kind has no command', () => {
  assert.equal(gatheredBy(['objects of kind CertificateInfo: must-gather']), []);
  assert.equal(gatheredBy(['constructor: x', 'somewhere/else']), []);
});

test.run();
