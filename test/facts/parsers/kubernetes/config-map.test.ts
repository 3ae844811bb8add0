import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificate } from '../sample-certificate.ts';
import { facts, lineOf, value, values } from './read.ts';

const block = (text: string) => text.replace(/^(?=.)/gm, '    ');

test('a ConfigMap lists its keys and holds values of up to 64 KiB', () => {
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', namespace: 'n' },
    data: { small: 'a=1', large: 'x'.repeat(65537) },
    binaryData: { blob: 'AAAA' },
  });
  const it = value('ConfigMap', text);
  assert.equal([it.keys, it.data], [['small', 'large', 'blob'], { small: 'a=1' }]);
});

test('a certificate in a ConfigMap stands on its own lines', () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: ca, namespace: n }
data:
  other: text
  ca-bundle.crt: |
    # root
${block(certificate)}`;
  const [fact] = facts('Certificate', text);
  assert.equal(fact?.span, [lineOf(text, 'BEGIN'), lineOf(text, 'END')]);
  assert.is(fact?.key, 'Certificate/ConfigMap/n/ca/ca-bundle.crt/1');
  const it = value('Certificate', text);
  assert.equal(
    [it.kind, it.name, it.entry, it.commonName],
    ['ConfigMap', 'ca', 'ca-bundle.crt', 'registry.example.com'],
  );
});

test('a Secret gives its public certificate, and never its content', () => {
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: 's', namespace: 'n' },
    data: { 'tls.crt': Buffer.from(certificate).toString('base64'), 'tls.key': 'c2VjcmV0' },
  });
  assert.equal([value('Certificate', text).entry, value('Certificate', text).kind], ['tls.crt', 'Secret']);
  assert.equal([value('Secret', text).type, value('Secret', text).keys], ['kubernetes.io/tls', ['tls.crt', 'tls.key']]);
  assert.not.match(JSON.stringify(facts('Secret', text)), 'c2VjcmV0');
});

test('certificate dates in annotations are read where the content is removed', () => {
  const text = `apiVersion: v1
kind: Secret
metadata:
  name: s
  namespace: openshift-etcd
  annotations:
    auth.openshift.io/certificate-hostnames: a.example.com,10.0.0.1
    auth.openshift.io/certificate-issuer: etcd-signer@1
    auth.openshift.io/certificate-not-after: "2023-09-14T14:18:27Z"
    auth.openshift.io/certificate-not-before: "2021-09-14T14:18:26Z"
`;
  assert.equal(value('CertificateInfo', text), {
    namespace: 'openshift-etcd',
    kind: 'Secret',
    name: 's',
    notBefore: '2021-09-14T14:18:26Z',
    notAfter: '2023-09-14T14:18:27Z',
    issuer: 'etcd-signer@1',
    hostnames: ['a.example.com', '10.0.0.1'],
    component: '',
  });
  const line = lineOf(text, 'not-after');
  assert.equal(facts('CertificateInfo', text)[0]?.at?.notAfter, [line, line]);
  const serving = text.replace('auth.openshift.io/certificate-not-after', 'service.beta.openshift.io/expiry');
  assert.is(value('CertificateInfo', serving).notAfter, '2023-09-14T14:18:27Z');
  assert.equal(facts('CertificateInfo', text.replaceAll('not-after: "2023', 'not-after: "x')), []);
});

const configMap = (name: string, key: string, text: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: kube-system }
data:
  ${key}: |
${block(text)}`;

test('flannel’s network is read from its ConfigMap', () => {
  const text = configMap(
    'kube-flannel-cfg',
    'net-conf.json',
    '{\n  "Network": "10.244.0.0/16",\n  "Backend": { "Type": "vxlan", "Port": 8472 }\n}\n',
  );
  const it = value('FlannelNetConf', text);
  assert.equal([it.network, it.backendType, it.port, it.subnetLength], ['10.244.0.0/16', 'vxlan', 8472, 24]);
  assert.equal(facts('FlannelNetConf', text)[0]?.span, [lineOf(text, 'net-conf.json'), lineOf(text, 'Backend') + 1]);
});

test('kube-proxy’s configuration is read from its ConfigMap', () => {
  const text = configMap(
    'kube-proxy',
    'config.conf',
    'mode: ipvs\nclusterCIDR: 10.244.0.0/16\niptables:\n  masqueradeBit: 14\nipvs:\n  strictARP: true\n',
  );
  const it = value('KubeProxyConfig', text);
  assert.equal([it.mode, it.clusterCIDR, it.masqueradeBit, it.strictArp], ['ipvs', '10.244.0.0/16', 14, true]);
});

test('kubeadm tells the networks of the cluster', () => {
  const text = configMap(
    'kubeadm-config',
    'ClusterConfiguration',
    'networking:\n  podSubnet: 10.244.0.0/16,fd00::/56\n  serviceSubnet: 10.96.0.0/12\n',
  );
  const it = value('ClusterNetwork', text);
  assert.equal(
    [it.from, it.clusterNetworks, it.serviceNetworks],
    ['kubeadm', [{ cidr: '10.244.0.0/16' }, { cidr: 'fd00::/56' }], ['10.96.0.0/12']],
  );
});

test('the mesh configuration of each Istio revision is read', () => {
  const text = configMap(
    'istio-1-20',
    'mesh',
    'defaultConfig:\n  holdApplicationUntilProxyStarts: true\nenableAutoMtls: false\n',
  );
  const it = value('IstioMeshConfig', text);
  assert.equal(
    [it.holdApplicationUntilProxyStarts, it.enableAutoMtls, it.outboundTrafficPolicy],
    [true, false, 'ALLOW_ANY'],
  );
});

test('the host agent configuration of ACI is read', () => {
  const text = configMap(
    'aci-containers-config',
    'host-agent-config',
    '{ "encap-type": "vxlan", "aci-infra-vlan": 3901, "interface-mtu": 1600 }\n',
  );
  const it = value('AciConfig', text);
  assert.equal([it.encapType, it.infraVlan, it.interfaceMtu], ['vxlan', 3901, 1600]);
});

test('configuration that cannot be read gives no fact of its own', () => {
  const text = configMap('kube-flannel-cfg', 'net-conf.json', 'not json: [\n');
  assert.equal(facts('FlannelNetConf', text), []);
  assert.is(values('ConfigMap', text).length, 1);
});

test.run();
