import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isSecretPath, redactLines, redactText } from '../../src/report/redact-secrets.ts';

// Invented secrets, each in the shape it has in a bundle; the second text must not survive.
const canaries: readonly [line: string, secret: string][] = [
  [`Authorization: Bearer sha256~${'A'.repeat(43)}`, 'AAAAAAAA'],
  [`eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJrdWJlcm5ldGVzIn0.${'s'.repeat(60)}`, 'ssssss'],
  ['-----BEGIN OPENSSH PRIVATE KEY-----\\nbbbbbbbbbbbb\\n-----END OPENSSH PRIVATE KEY-----', 'bbbbbb'],
  ['{"auths":{"cloud.openshift.com":{"auth":"dXNlcjpwYXNzdzByZA==","email":"a@b.example"}}}', 'dXNlcjpw'],
  ['key AKIAABCDEFGHIJKLMNOP used', 'AKIAABCDEFGHIJKLMNOP'],
  ['aws_secret_access_key = wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww', 'wwwwww'],
  ['https://user:hunter2@proxy.example:3128/', 'hunter2'],
  [`DefaultEndpointsProtocol=https;AccountKey=${'Q'.repeat(86)}==`, 'QQQQ'],
  [`ghp_${'a'.repeat(36)}`, 'aaaaaa'],
  ['xoxb-1234567890-aaaaaaaaaaaaaaaaaaaaaaaa', 'aaaaaa'],
  ['password: "S3cr3t!"', 'S3cr3t'],
  ['client-key-data: LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCng=', 'LS0tLS1C'],
  ['token=abcdef.0123456789abcdef', '0123456789abcdef'],
  [`hvs.${'C'.repeat(90)}`, 'CCCCCC'],
  ['system:serviceaccount token ZXlKaGJHY2lPaUpJVXpJMU5pSjkuZXlKaElqb3hmUS5jMmxu', 'ZXlKaGJH'],
  ['  "password": "hunter2",', 'hunter2'],
  ['log: {\\"token\\":\\"hunter2\\"}', 'hunter2'],
  ['{"name":"DB_PASSWORD","value":"hunter2"}', 'hunter2'],
  ['mysql --password hunter2 -h db', 'hunter2'],
  ['/v1?sig=abc%2Bdef&x=1', 'abc%2Bdef'],
  ['source: data:text/plain;charset=utf-8;base64,aHVudGVyMg==', 'aHVudGVyMg'],
  ['x=%70%61%73%73%77%6f%72%64%3dhunter2', 'hunter2'],
  [`data is ${Buffer.from('password=hunter2 and more').toString('base64')}`, 'cGFzc3dvcmQ'],
  ['curl -H "Authorization: Basic dXNlcjpwYXNz"', 'dXNlcjpwYXNz'],
  ['args: [--token, "hunter2", --v]', 'hunter2'],
  ['  - "Bearer hunter2"', 'hunter2'],
  ['users: - name: admin user: client-key-data: aHVudGVyMg', 'aHVudGVyMg'],
  ['it was told token: abcdefghij1234567890', 'abcdefghij'],
  ['files/QUtJQUFCQ0RFRkdISUpLTE1OT1A=/26.yaml', 'QUtJQUFC'],
  [`10:00:00 worker-1 said: ${'M'.repeat(64)}`, 'MMMM'],
];
for (const [line, secret] of canaries) {
  test(`takes the secret out of: ${line.slice(0, 40)}`, () => {
    const out = redactText(line);
    assert.not.ok(out.includes(secret), out);
    assert.ok(out.includes('[redacted]'), out);
    assert.is(redactText(out), out, 'redacting twice changes nothing');
  });
}

const harmless = [
  '  automountServiceAccountToken: false',
  '  secretName: webhook-serving-cert',
  '  imagePullSecrets:',
  'E0824 13:57:11.250 2211 reflector.go:138] failed to fetch token: pod "checkout-0" not found',
  'MountVolume.SetUp failed for volume "config" : secret "grafana-config" not found',
  'I0824 kubelet.go:1] "Mounted" secret="openshift-monitoring/grafana-config"',
  '      expirationSeconds: 3607',
  'd41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e',
  'image: quay.io/openshift/etcd@sha256:d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e',
  '-A KUBE-SERVICES -d 172.30.0.10/32 -p udp -m comment --comment "openshift-dns/dns-default:dns cluster IP" -j KUBE-SVC-XGLOHA7QRQ3V22RZ',
  'ssh://core@worker-1/',
  '    token: OTAwIGJ5dGVzIGxvbmc=',
  '\tPassCredentials: no',
  'Event master.1697c16ba9394659',
  '  configSecret: alertmanager-config',
  '  type: OAuthServerServiceEndpointsEndpointAccessibleControllerDegradedAndMore',
  '/var/lib/containers/storage/overlay/ca1446e181ba582dab039d6fca1446e181ba582dab039d6f/merged',
  `caBundle: ${Buffer.from(`-----BEGIN CERTIFICATE-----\n${'MIIB'.repeat(30)}`).toString('base64')}`,
  'sudo[4711]: anna : TTY=pts/0 ; PWD=/srv/shop ; USER=root',
  '',
];
for (const line of harmless) {
  test(`leaves what is no secret: ${line.slice(0, 40)}`, () => assert.is(redactText(line), line));
}

test('a private key over several lines goes, and every line keeps its place', () => {
  const lines = ['a: |', '  -----BEGIN RSA PRIVATE KEY-----', '  MMMM', '  -----END RSA PRIVATE KEY-----', 'b: 1'];
  assert.equal(redactLines(lines), ['a: |', '  [redacted]', '  [redacted]', '  [redacted]', 'b: 1']);
});

test('an excerpt that begins inside a private key loses the lines before its end', () => {
  assert.equal(redactLines(['MMMM', '-----END PRIVATE KEY-----', 'x']), ['[redacted]', '[redacted]', 'x']);
});

test('an excerpt of nothing but the body of a key is recognised by its form', () => {
  assert.equal(redactLines(['M'.repeat(64)]), ['[redacted]']);
});

test('a certificate is public and stays', () => {
  const lines = ['-----BEGIN CERTIFICATE-----', 'M'.repeat(64), '-----END CERTIFICATE-----'];
  assert.equal(redactLines(lines), lines);
});

test('an argument after its flag goes, in lines of their own too', () => {
  assert.equal(redactLines(['- --token', '- hunter2', '- --v=2']), ['- --token', '- [redacted]', '- --v=2']);
});

test('the value of a variable with a telling name goes', () => {
  assert.equal(redactLines(['- name: DB_PASSWORD', '  value: hunter2', '- name: MODE', '  value: fast']), [
    '- name: DB_PASSWORD',
    '  value: [redacted]',
    '- name: MODE',
    '  value: fast',
  ]);
});

test('a variable that takes its value from a Secret shows where from', () => {
  const lines = ['- name: DB_PASSWORD', '  valueFrom:', '    secretKeyRef:', '      name: db'];
  assert.equal(redactLines(lines), lines);
});

test('a secret below a block key goes with its lines', () => {
  assert.equal(redactLines(['password: |', '  hunter2', '  more', 'user: me']), [
    'password: |',
    '  [redacted]',
    '  [redacted]',
    'user: me',
  ]);
});

test('the values of a Secret go whatever they look like; lengths and dates stay', () => {
  const lines = [
    'kind: Secret',
    'metadata:',
    '  annotations:',
    '    auth.openshift.io/certificate-not-after: "2021-09-12T08:11:43Z"',
    '    kubectl.kubernetes.io/last-applied-configuration: \'{"data":{"a":"b"}}\'',
    'data:',
    '  tls.crt: Njg5MiBieXRlcyBsb25n',
    '  note: aHVudGVyMg==',
    'stringData:',
    '  plain: hunter2',
  ];
  const out = redactLines(lines);
  assert.is(out[3], lines[3]);
  assert.is(out[4], '    kubectl.kubernetes.io/last-applied-configuration: [redacted]');
  assert.is(out[6], lines[6]);
  assert.is(out[7], '  note: [redacted]');
  assert.is(out[9], '  plain: [redacted]');
});

test('one line of a Secret is known by its path', () => {
  assert.ok(isSecretPath('namespaces/x/core/secrets.yaml'));
  assert.ok(isSecretPath('namespaces/x/core/secrets/db.yaml'));
  assert.not.ok(isSecretPath('namespaces/x/core/pods.yaml'));
  assert.equal(redactLines(['  note: aHVudGVyMg=='], { ofSecret: true }), ['  note: [redacted]']);
});

test('an Event about a Secret shows its message', () => {
  const lines = ['- apiVersion: v1', '  involvedObject:', '    apiVersion: v1', '    kind: Secret', '  message: gone'];
  assert.equal(redactLines(lines), lines);
});

test('a Secret in one line of JSON loses its data', () => {
  assert.is(
    redactText('{"kind":"Secret","data":{"note":"aHVudGVyMg=="},"type":"Opaque"}'),
    '{"kind":"Secret","data":{[redacted]},"type":"Opaque"}',
  );
});

test.run();
