import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  conntrackMax,
  endpointHashes,
  expectedProbabilities,
  masqueradeMark,
  nftChainName,
  openShiftSdnMasqueradeBit,
  serviceHashes,
} from '../../src/models/kube-proxy.ts';

const port = (text: string, protocol = 'tcp') => {
  const [, namespace, service, portName = ''] = /^([^/]+)\/([^:]+)(?::(.*))?$/.exec(text)!;
  return { namespace: namespace!, service: service!, portName, protocol };
};

test('chain names are those that real dumps hold', () => {
  assert.equal(serviceHashes(port('almighty/almighty5:web')), ['BAR7JSQD2GL6A2KT']);
  assert.equal(serviceHashes(port('default/kubernetes:https')), ['NPX46M4PTMTKRN6Y']);
  assert.equal(serviceHashes(port('kube-system/kube-dns:dns', 'UDP')), ['TCOU7JCQXEZGVUNU']);
  assert.equal(serviceHashes(port('kube-system/kube-dns:dns-tcp', 'TCP')), ['ERIFXISQEP7F7OF4']);
  assert.equal(serviceHashes(port('kube-system/kube-dns:metrics')), ['JD5MR3NA4I4DYORP']);
  assert.equal(endpointHashes(port('almighty/almighty5:web'), '10.128.2.151:8080'), ['ZBWV76PMI2XAVMCD']);
});

test('a port without a name has two spellings, that of today and an older one', () => {
  assert.equal(serviceHashes(port('default/nginx-svc')), ['HL5LMXD5JFHQZ6LN', 'R2VK7O5AFVLRAXSH']);
});

test('nft chain names carry hash and text; the colons of IPv6 are dots', () => {
  assert.is(nftChainName(port('ns1/svc1:p80')), 'ULMVA6XW-ns1/svc1/tcp/p80');
  assert.is(
    nftChainName(port('ns1/svc1:p80'), 'fd00:10:180::2:1/80'),
    '2CRNCTTE-ns1/svc1/tcp/p80__fd00.10.180..2.1/80',
  );
  assert.is(nftChainName(port('default/kubernetes:https')), '2QRHZV4L-default/kubernetes/tcp/https');
});

test('rule i of n takes its part of what is left, the last one all', () => {
  assert.equal(expectedProbabilities(3), [1 / 3, 1 / 2, undefined]);
  assert.equal(expectedProbabilities(0), []);
});

test('the masquerade mark is one bit', () => {
  assert.is(masqueradeMark(), 0x4000);
  assert.is(masqueradeMark(openShiftSdnMasqueradeBit), 0x1);
  assert.is(masqueradeMark(31), 0x80000000);
});

test('conntrack grows with the cores, from a minimum', () => {
  assert.equal([conntrackMax(2), conntrackMax(16)], [131072, 524288]);
});

test.run();
