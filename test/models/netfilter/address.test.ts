import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  contains,
  covers,
  formatAddress,
  parseAddress,
  parseNetwork,
  plainText,
  splitPort,
} from '../../../src/models/netfilter/address.ts';

const inside = (network: string, address: string) => contains(parseNetwork(network)!, parseAddress(address)!);

test('an IPv4 network holds its addresses, at every prefix length', () => {
  assert.ok(inside('10.244.0.0/16', '10.244.255.255'));
  assert.not.ok(inside('10.244.0.0/16', '10.245.0.0'));
  assert.ok(inside('0.0.0.0/0', '255.255.255.255'));
  assert.ok(inside('192.168.0.11', '192.168.0.11'));
  assert.ok(inside('128.0.0.0/1', '200.1.1.1'));
});

test('an IPv6 network holds its addresses, and no IPv4 address', () => {
  assert.ok(inside('fd00:10:244::/48', 'fd00:10:244:ffff::1'));
  assert.not.ok(inside('fd00:10:244::/48', 'fd00:10:245::1'));
  assert.ok(inside('::/0', 'fe80::1'));
  assert.not.ok(inside('::/0', '10.0.0.1'));
});

test('what is no address is none', () => {
  for (const text of ['', '10.0.0', '10.0.0.256', 'localhost', 'fe80::1%eth0', ':::']) {
    assert.is(parseAddress(text), undefined, text);
  }
  assert.is(parseNetwork('10.0.0.0/33'), undefined);
});

test('an IPv6 address has one spelling here', () => {
  assert.is(plainText('FD00:0:0:0:0:0:0:1'), 'fd00::1');
  assert.is(formatAddress(parseAddress('10.1.2.3')!), '10.1.2.3');
});

test('a member of a set is an address, a network or a range', () => {
  const address = parseAddress('10.0.0.5')!;
  assert.is(covers('10.0.0.1-10.0.0.9', address), true);
  assert.is(covers('10.0.0.6-10.0.0.9', address), false);
  assert.is(covers('10.0.0.0/29', address), true);
  assert.is(covers('no address', address), undefined);
});

test('a target is split into address and port, in both families', () => {
  assert.equal(splitPort('10.0.0.1:8080'), { address: '10.0.0.1', port: '8080' });
  assert.equal(splitPort('[fd00::1]:8080'), { address: 'fd00::1', port: '8080' });
  assert.equal(splitPort('fd00::1'), { address: 'fd00::1', port: '' });
  assert.equal(splitPort('10.0.0.1-10.0.0.3:80-90'), { address: '10.0.0.1-10.0.0.3', port: '80-90' });
  assert.equal(splitPort(':8443'), { address: '', port: '8443' });
});

test.run();
