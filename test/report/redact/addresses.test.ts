import ipaddr from 'ipaddr.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createAddressMapping, ipText } from '../../../src/report/redact/addresses.ts';
import { sharesBits } from '../../../src/report/redact/bit-tree.ts';
import { keyOfText } from '../../../src/report/redact/key.ts';
import { pick, type Random, random } from '../../torture/fuzz-random.ts';

const cases = 250;
const keys = ['one', 'another'].map((text) => keyOfText(text));
const bytes = (text: string): Uint8Array => Uint8Array.from(ipaddr.parse(text).toByteArray());
const classOf = (address: Uint8Array): string => ipaddr.fromByteArray([...address]).range();

const ranges4 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '0.0.0.0/0'];
const ranges6 = ['fd00::/8', 'fe80::/64', '2000::/3', 'fc00::/8'];

/** Any address of the range. */
function inRange(next: Random, range: string): Uint8Array {
  const [start, bits] = ipaddr.parseCIDR(range);
  const out = Uint8Array.from(start.toByteArray());
  for (let at = bits; at < out.length * 8; at++) {
    if (next(2) === 1) out[at >> 3] = (out[at >> 3] ?? 0) | (0x80 >> (at & 7));
  }
  return out;
}

function each(seed: string, work: (next: Random, key: Uint8Array) => void): void {
  for (const key of keys) {
    const next = random(seed, key.join());
    for (let times = 0; times < cases; times++) work(next, key);
  }
}

test('two addresses share as many leading bits as their pseudonyms do: networks stay networks', () => {
  each('networks', (next, key) => {
    const { ip } = createAddressMapping(key);
    const range = pick(next, [...ranges4, ...ranges6]);
    const one = inRange(next, range);
    const other = Uint8Array.from(one);
    const from = Math.max(ipaddr.parseCIDR(range)[1], 8);
    const at = from + next(one.length * 8 - from);
    other[at >> 3] = (other[at >> 3] ?? 0) ^ (0x80 >> (at & 7));
    const [first, second] = [ip(one), ip(other)];
    if (!first || !second) return;
    assert.ok(sharesBits(first, second, at), `${ipText(one)} ${ipText(other)}: ${at} bits`);
    assert.not.ok(sharesBits(first, second, at + 1), `${ipText(one)} ${ipText(other)}: not ${at + 1}`);
  });
});

test('private stays private, link-local link-local, and so with every class', () => {
  each('classes', (next, key) => {
    const { ip } = createAddressMapping(key);
    const address = inRange(next, pick(next, [...ranges4, ...ranges6]));
    const other = ip(address);
    if (!other) return;
    for (const range of ['private', 'carrierGradeNat', 'linkLocal', 'uniqueLocal', 'loopback', 'multicast'])
      assert.is(classOf(other) === range, classOf(address) === range, `${ipText(address)} -> ${ipText(other)}`);
  });
});

test('10/8, 172.16/12 and 192.168/16 are mapped onto themselves', () => {
  each('private', (next, key) => {
    const range = pick(next, ranges4.slice(0, 4));
    const address = inRange(next, range);
    const other = createAddressMapping(key).ip(address);
    const [start, bits] = ipaddr.parseCIDR(range);
    assert.ok(other && sharesBits(other, start.toByteArray(), bits), `${ipText(address)} leaves ${range}`);
  });
});

test('no two addresses have one pseudonym, and no address of IPv4 is its own', () => {
  for (const key of keys) {
    const { ip } = createAddressMapping(key);
    const seen = new Map<string, number>();
    for (let low = 0; low < 0x10000; low++) {
      const address = Uint8Array.from([192, 168, low >> 8, low & 255]);
      const other = ip(address);
      assert.ok(other);
      const name = ipText(other);
      assert.not.ok(seen.has(name), name);
      assert.is.not(name, ipText(address));
      seen.set(name, low);
    }
  }
});

test('no network of 256 addresses stands for itself, whatever the key', () => {
  for (let which = 0; which < 30; which++) {
    const { ip } = createAddressMapping(keyOfText(`key ${which}`));
    for (let network = 0; network < 256; network++) {
      const other = ip(Uint8Array.from([192, 168, network, 0]), 24);
      assert.is.not(other?.[2], network);
    }
  }
});

test('a network with its length is mapped to a network, in which its addresses lie', () => {
  each('prefixes', (next, key) => {
    const { ip } = createAddressMapping(key);
    const address = inRange(next, pick(next, ['10.0.0.0/8', '2000::/3', 'fd00::/8']));
    const most = address.length * 8;
    const length = 16 + next(most - 16);
    const network = Uint8Array.from(
      address,
      (byte, at) => byte & (0xff << Math.max(0, Math.min(8, 8 * at + 8 - length))) & 0xff,
    );
    const [mappedNetwork, mapped] = [ip(network, length), ip(address)];
    if (!mappedNetwork || !mapped) return;
    assert.ok(sharesBits(mappedNetwork, mapped, length), `${ipText(network)}/${length}`);
    assert.ok(
      mappedNetwork.every((byte, at) => (byte & ~(0xff << Math.max(0, Math.min(8, 8 * at + 8 - length)))) === 0),
    );
  });
});

test('the ends of a network can still be told: .0, .1 and .255', () => {
  each('ends', (next, key) => {
    const { ip } = createAddressMapping(key);
    for (const end of [0, 1, 254, 255]) {
      const other = ip(Uint8Array.from([10, next(256), next(256), end]));
      assert.is(other?.[3], end);
    }
  });
});

test('what names nobody stays as it is', () => {
  const { ip, device } = createAddressMapping(keyOfText('any'));
  for (const text of [
    '127.0.0.1',
    '127.0.0.53',
    '0.0.0.0',
    '255.255.255.0',
    '255.255.255.255',
    '224.0.0.1',
    '169.254.169.254',
    '::',
    '::1',
    'ff02::1',
  ])
    assert.is(ip(bytes(text)), undefined, text);
  assert.is(ip(bytes('10.0.0.0'), 8), undefined);
  assert.is(device(new Uint8Array(6)), undefined);
  assert.is(device(new Uint8Array(6).fill(255)), undefined);
});

test('a pod of OVN has its address in the one of its device, before and after', () => {
  each('ovn', (next, key) => {
    const { ip, device } = createAddressMapping(key);
    const address = [10, next(256), next(256), next(256)];
    const pod = device(Uint8Array.from([0x0a, 0x58, ...address]));
    const other = ip(Uint8Array.from(address));
    assert.ok(pod && other);
    assert.equal([...pod], [0x0a, 0x58, ...other]);
  });
});

test('devices keep what their first byte says, share a maker, and are never mixed up', () => {
  const { device } = createAddressMapping(keyOfText('devices'));
  const seen = new Set<string>();
  for (let low = 0; low < 5000; low++) {
    const address = Uint8Array.from([0x52, 0x54, 0, 0, low >> 8, low & 255]);
    const other = device(address);
    assert.ok(other);
    assert.is(other[0], 0x52);
    assert.ok(sharesBits(other, device(Uint8Array.from([0x52, 0x54, 0, 0xff, 1, 1])) ?? [], 24));
    assert.not.ok(seen.has(other.join()));
    seen.add(other.join());
  }
});

test.run();
