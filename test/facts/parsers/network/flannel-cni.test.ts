import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cni } from '../../../../src/facts/parsers/network/cni.ts';
import { flannel } from '../../../../src/facts/parsers/network/flannel.ts';
import { read } from './read.ts';

const env = 'FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.1.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPMASQ=true\n';

test('subnet.env gives the lease, and the line of each setting', () => {
  const { facts } = read(flannel, env);
  assert.equal(facts[0]?.value, { network: '10.244.0.0/16', subnet: '10.244.1.1/24', mtu: 1450, ipMasq: true });
  assert.equal(facts[0]?.at?.mtu, [3, 3]);
});

test('IPv6 settings are read, a cut-off file keeps its whole lines', () => {
  assert.is(read(flannel, 'FLANNEL_IPV6_SUBNET=fd00::1/64\n').of('FlannelSubnet')[0]?.ipv6Subnet, 'fd00::1/64');
  assert.equal(read(flannel, env.slice(0, 70)).of('FlannelSubnet')[0], {
    network: '10.244.0.0/16',
    subnet: '10.244.1.1/24',
  });
});

test('a subnet.env without settings is named, an empty one says nothing', () => {
  assert.equal(read(flannel, '').codes, []);
  assert.equal(read(flannel, 'cat: /run/flannel/subnet.env: No such file or directory\n').codes, ['COLLECTION_ERROR']);
});

const config = (text: string, name = '10-flannel.conflist') =>
  read(cni, text, `etc/cni/net.d/${name}`).of('CniConfiguration')[0]!;

test('a list of plugins gives their types, MTU, subnet and delegate', () => {
  const given = config(
    JSON.stringify({
      cniVersion: '0.4.0',
      name: 'cbr0',
      plugins: [
        {
          type: 'flannel',
          delegate: { type: 'bridge', mtu: 1400 },
          ipam: { type: 'host-local', ranges: [[{ subnet: '10.12.0.0/16' }]] },
        },
        { type: 'portmap' },
      ],
    }),
  );
  assert.equal(given, {
    fileName: '10-flannel.conflist',
    directory: 'etc/cni/net.d',
    isList: true,
    name: 'cbr0',
    cniVersion: '0.4.0',
    plugins: ['flannel', 'portmap'],
    mtu: 1400,
    subnet: '10.12.0.0/16',
    delegate: 'bridge',
    valid: true,
  });
});

test('a single plugin is read as one', () => {
  const given = config('{"cniVersion":"0.3.1","name":"net","type":"bridge","mtu":1450}', '10-bridge.conf');
  assert.equal([given.isList, given.plugins, given.mtu, given.valid], [false, ['bridge'], 1450, true]);
});

test('what a runtime refuses is told with its reason', () => {
  assert.equal(config('').problem, 'the file is empty');
  assert.match(config('{"name": "a", "plug').problem as string, /^not JSON/);
  assert.equal(config('[]').problem, 'not a JSON object');
  assert.equal(config('{"name":"a","cniVersion":"1.0.0"}').problem, '"plugins" is missing');
  assert.equal(config('{"name":"a","plugins":[]}').problem, '"plugins" is empty');
  assert.equal(config('{"name":"a","plugins":[{}]}').problem, 'a plugin has no "type"');
  assert.equal(config('{"plugins":[{"type":"x"}]}').problem, '"name" is missing');
});

test.run();
