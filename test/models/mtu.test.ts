import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { podMtu, tunnelOverheadBytes } from '../../src/models/mtu.ts';

test('the MTU of pods is that of the underlay less the overhead', () => {
  const at1500 = ['openshift-sdn', 'ovn-kubernetes', 'ovn-kubernetes-ipsec', 'flannel-vxlan', 'calico-ipip', 'aci'];
  assert.equal(
    at1500.map((overlay) => podMtu(overlay, 1500)),
    [1450, 1400, 1354, 1450, 1480, 1400],
  );
  assert.is(podMtu('flannel-vxlan', 65535), 65485);
  assert.is(podMtu('unheard-of', 1500), undefined);
});

test('tunnel devices have the overhead of their kind', () => {
  assert.is(tunnelOverheadBytes('vxlan'), 50);
  assert.is(tunnelOverheadBytes('bridge'), undefined);
});

test.run();
