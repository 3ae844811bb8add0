import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ownerOf, readCluster } from '../../../src/models/path/cluster.ts';
import { resolveQuery } from '../../../src/models/path/endpoints.ts';
import { factsOf, objects, storeOf, twoNodes } from './two-nodes.ts';

const cluster = readCluster(storeOf(factsOf(twoNodes, objects)));

function meaning(from: string, to: string, protocol = 'tcp'): string {
  const found = resolveQuery(cluster, { from, to, protocol });
  if ('problem' in found) return found.problem;
  const { start, targets } = found;
  const at =
    start.kind === 'pod' ? `${start.pod.name} ${start.address}` : start.kind === 'node' ? start.node : start.address;
  return `${start.kind} ${at} → ${targets.map(({ address, port }) => (port === undefined ? address : `${address}:${port}`)).join(' ')}`;
}

test('an address belongs to a pod, a node, a service, the pods of a node, or nobody', () => {
  const kind = (address: string) => ownerOf(cluster, address).kind;
  assert.equal(['10.1.1.3', '192.168.0.12', '10.1.1.1', '10.96.0.10', '10.1.2.77', '8.8.8.8'].map(kind), [
    'pod',
    'node',
    'node',
    'service',
    'pod-network',
    'nobody',
  ]);
});

test('an address that two machines have is nobody’s', () => {
  const shared = twoNodes.map((dump) =>
    dump.kind === 'IpAddr'
      ? {
          ...dump,
          text: `${dump.text}9: docker0: <UP> mtu 1500 state UP\n    inet 172.17.0.1/16 scope global docker0\n`,
        }
      : dump,
  );
  assert.is(ownerOf(readCluster(storeOf(factsOf(shared, objects))), '172.17.0.1').kind, 'nobody');
});

test('the words of a query name pods, nodes, services and addresses', () => {
  assert.is(meaning('pod shop/client', 'svc/shop/web:80'), 'pod client 10.1.1.2 → 10.96.0.10:80');
  assert.is(meaning('pod/shop/client', 'service shop/web'), 'pod client 10.1.1.2 → 10.96.0.10:80');
  assert.is(meaning('node/n1', 'node n2:30080'), 'node n1 → 192.168.0.12:30080');
  assert.is(meaning('10.1.1.3', '10.1.2.2:8080'), 'pod web-0 10.1.1.3 → 10.1.2.2:8080');
  assert.is(meaning('192.0.2.9', 'pod shop/web-1'), 'outside 192.0.2.9 → 10.1.2.2');
});

test('from outside a service is a node port, where it has no address of its own outside', () => {
  assert.is(meaning('external', 'svc/shop/web:80'), 'outside 203.0.113.1 → 192.168.0.11:30080');
  const balanced = objects.ServicePort!.map((fact) => ({
    ...fact,
    value: { ...fact.value, ingressIPs: ['198.51.100.7'] },
  }));
  const other = readCluster(storeOf(factsOf(twoNodes, { ...objects, ServicePort: balanced })));
  const found = resolveQuery(other, { from: 'external', to: 'svc/shop/web:80', protocol: 'tcp' });
  assert.is('targets' in found && found.targets[0]!.address, '198.51.100.7');
});

test('a headless service is each of its ready addresses', () => {
  const headless = objects.ServicePort!.map((fact) => ({
    ...fact,
    value: { ...fact.value, headless: true, clusterIPs: ['None'] },
  }));
  const other = readCluster(storeOf(factsOf(twoNodes, { ...objects, ServicePort: headless })));
  const found = resolveQuery(other, { from: 'node n1', to: 'svc/shop/web', protocol: 'tcp' });
  assert.equal('targets' in found && found.targets.map(({ address, port }) => `${address}:${port}`), [
    '10.1.1.3:8080',
    '10.1.2.2:8080',
  ]);
});

test('what cannot be asked is told in a sentence', () => {
  assert.is(meaning('svc/shop/web', '10.1.1.3'), 'a connection cannot start at a service: svc/shop/web');
  assert.is(meaning('node n7', '10.1.1.3'), 'no node n7 in the bundle; there are: n1, n2');
  assert.is(meaning('node n1', 'svc/shop/none'), 'no service shop/none with ports in the bundle');
  assert.is(meaning('node n1', 'svc/shop/web:80', 'udp'), 'service shop/web has no port 80 udp; there are: 80/tcp');
  assert.is(meaning('node n1', 'web'), 'web is neither an address nor pod/…, node/… or svc/…');
});

test.run();
