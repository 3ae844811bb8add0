import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { keyOfText } from '../../../src/report/redact/key.ts';
import { createRedaction, type Redaction } from '../../../src/report/redact/redaction.ts';
import { mapText, readMap } from '../../../src/report/redact/redaction-map.ts';
import { pick, random } from '../../torture/fuzz-random.ts';

const key = keyOfText('the key of these tests');

function learned(...texts: readonly string[]): Redaction {
  const redaction = createRedaction({ key });
  for (const host of ['worker-1.shop.acme.com', 'worker-2.shop.acme.com', 'master-0', 'ip-10-0-187-218.ec2.internal'])
    redaction.learnHost(host);
  for (const text of texts) redaction.learn(text);
  return redaction;
}

/** The text itself with what it names in place of it. */
const redacted = (...texts: readonly string[]): string[] => {
  const redaction = learned(...texts);
  return texts.map((text) => redaction.text(text));
};

test('one address has one pseudonym in all its spellings', () => {
  const next = random('spellings');
  for (let times = 0; times < 300; times++) {
    const octets = [10, next(256), next(256), next(256)];
    const dotted = octets.join('.');
    const [plain = ''] = redacted(dotted);
    assert.is.not(plain, dotted);
    const spelled = ['-', '_', '%2E', '%2e', '\\.'];
    for (const separator of spelled) {
      const [shown] = redacted(octets.join(separator));
      assert.is(
        shown,
        plain.replaceAll('.', () => separator),
        octets.join(separator),
      );
    }
    const around: readonly [string, string][] = [
      ['ip-', '.ec2.internal'],
      ['nodes/ip-', '.yaml'],
      ['kube-apiserver-ip-', ''],
    ];
    for (const [before, after] of around)
      assert.is(redacted(`${before}${octets.join('-')}${after}`)[0], `${before}${plain.replaceAll('.', '-')}${after}`);
    for (const text of [
      `a\\n${dotted}\\n`,
      `x%3D${dotted}`,
      `dial tcp ${dotted}:443: refused`,
      `"${dotted}"`,
      `(${dotted})`,
    ])
      assert.is(redacted(text)[0], text.replace(dotted, plain), text);
    assert.is(
      redacted(`${[...octets].reverse().join('.')}.in-addr.arpa`)[0],
      `${plain.split('.').reverse().join('.')}.in-addr.arpa`,
    );
  }
});

test('one IPv6 address has one pseudonym, compressed or not, in capitals, with brackets or in a URL', () => {
  const [short, long, upper, boxed, encoded] = redacted(
    'fd01:0:0:1::2',
    'fd01:0000:0000:0001:0000:0000:0000:0002',
    'FD01:0:0:1:0:0:0:2',
    '[fd01::1:0:0:0:2]:443',
    'fd01%3A0%3A0%3A1%3A%3A2',
  );
  assert.match(short ?? '', /^fd[0-9a-f:]+$/);
  assert.is.not(short, 'fd01:0:0:1::2');
  assert.equal([long, upper, boxed], [short, short, `[${short}]:443`]);
  assert.is(encoded, short?.replaceAll(':', '%3A'));
});

test('one device has one pseudonym, however its bytes are parted', () => {
  const [colons, dashes, dots, upper] = redacted(
    '52:54:00:ab:cd:ef',
    '52-54-00-ab-cd-ef',
    '5254.00ab.cdef',
    '52:54:00:AB:CD:EF',
  );
  assert.is.not(colons, '52:54:00:ab:cd:ef');
  assert.equal([dashes?.replaceAll('-', ':'), upper?.toLowerCase()], [colons, colons]);
  assert.is(dots?.replaceAll('.', ''), colons?.replaceAll(':', ''));
});

test('one host has one pseudonym: short, with its domain, as a part of other names, in file names and in base64', () => {
  const [short = '', long = '', pod, file, upper, whole] = redacted(
    'worker-1',
    'worker-1.shop.acme.com',
    'kube-proxy-worker-1',
    'nodes/worker-1.yaml!sosreport-worker-1-2024-09-03-kxqzvbn.tar',
    'WORKER-1 said',
    Buffer.from('the host is worker-1').toString('base64'),
  );
  assert.match(short, /^host-\w{6}$/);
  assert.ok(long.startsWith(`${short}.`) && long.endsWith('.example'), long);
  assert.equal(
    [pod, file, upper],
    [`kube-proxy-${short}`, `nodes/${short}.yaml!sosreport-${short}-2024-09-03-kxqzvbn.tar`, `${short} said`],
  );
  assert.is(Buffer.from(whole ?? '', 'base64').toString(), `the host is ${short}`);
  assert.equal(redacted('worker-10 my-worker worker_1'), ['worker-10 my-worker worker_1']);
});

test('a name below a domain stays below it, and services of a cluster are still told by theirs', () => {
  const [domain = '', api, app, other = ''] = redacted(
    'shop.acme.com',
    'https://api.shop.acme.com:6443/',
    'console-openshift-console.apps.shop.acme.com',
    'db.bank.de',
  );
  assert.is(api, `https://api.${domain}:6443/`);
  assert.is(app, `console-openshift-console.apps.${domain}`);
  assert.ok(domain.endsWith('.example') && other.endsWith('.example'));
  assert.is.not(other.split('.').at(-2), domain.split('.').at(-2));
});

test('no two names have one pseudonym', () => {
  const next = random('names');
  const redaction = createRedaction({ key });
  const names = Array.from(
    { length: 20_000 },
    (_, at) => `${pick(next, ['db', 'web', 'gpu'])}-${at.toString(36)}x.corp.acme.com`,
  );
  for (const name of names) redaction.learnHost(name);
  const shown = new Set(names.map((name) => redaction.text(name)));
  assert.is(shown.size, names.length);
});

test('users, mail addresses and ids of clouds get pseudonyms that keep their kind', () => {
  const texts = [
    'anna.smith@acme.com wrote to anna.smith',
    'session opened for user carla.jones by root',
    '/home/carla.jones/.kube/config',
    'arn:aws:iam::123456789012:role/prod-nodes-7',
    'aws:///us-east-1a/i-0123456789abcdef0',
    '/subscriptions/01234567-89ab-4cde-8f01-23456789abcd/resourceGroups/shop-prod-1/providers/Microsoft.Compute/virtualMachines/shop-1',
  ];
  const shown = redacted(...texts);
  const all = shown.join('\n');
  for (const secret of [
    'anna',
    'smith',
    'acme',
    'carla',
    'jones',
    '123456789012',
    'prod-nodes',
    '0123456789abcdef0',
    '01234567-89ab',
    'shop-prod',
    'shop-1',
  ])
    assert.not.ok(all.includes(secret), `${secret} in ${all}`);
  assert.match(shown[0] ?? '', /^(user-\w{6})@domain-\w{6}\.example wrote to \1$/);
  assert.is(/user-\w{6}/.exec(shown[1] ?? '')?.[0], /user-\w{6}/.exec(shown[2] ?? '')?.[0]);
  assert.match(shown[1] ?? '', /by root$/);
  assert.match(redacted('al@acme.com')[0] ?? '', /^sub-\w{6}@domain-\w{6}\.example$/);
  assert.match(shown[3] ?? '', /^arn:aws:iam::\d{12}:role\/id-\w{6}$/);
  assert.match(shown[4] ?? '', /^aws:\/\/\/us-east-1a\/i-[0-9a-f]{17}$/);
  assert.match(
    shown[5] ?? '',
    /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/.+\/providers\/Microsoft.Compute\/virtualMachines\/.+$/,
  );
});

test('versions, API groups, digests, well-known names and our own links stay as they are', () => {
  const texts = [
    '4.8.12 4.8.0-0.nightly-2021-07-31-065602 v1.22.0-rc.0+75ee307 v1.2.3.4 version: 1.2.3.4 kernel 4.18.0-305.3.1.el8_4.x86_64',
    'foo-1.2.3.4-5.el8.x86_64.rpm 2021-10-12-10-14-13 12:34:56.789 1.3.6.1.4.1.311',
    '127.0.0.1 0.0.0.0:9192 ::1 [::]:8443 255.255.255.0 169.254.169.254',
    'apiVersion: apps.openshift.io/v1 machineconfiguration.openshift.io/v1 widgets.acme.com/v1beta1 node-role.kubernetes.io/worker=',
    'quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e',
    'kubernetes.default.svc etcd-client.openshift-etcd.svc.cluster.local cluster.local openshift-etcd kube-system kube-node-lease',
    'https://docs.openshift.com/container-platform/4.8/ https://kubernetes.io/docs/concepts/ https://access.redhat.com/solutions/1',
    'system:serviceaccount:kube-system:default system:admin kubelet.service getty@tty1.service net.ipv4.ip_forward /etc/os-release',
    'std::vector Foo::Bar AB:CD:EF:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11',
  ];
  assert.equal(redacted(...texts), texts);
});

test('a text keeps its lines', () => {
  const text = 'a: worker-1\nb: 10.0.0.5\n\n- master-0\r\n';
  const [shown = ''] = redacted(text);
  assert.is(shown.split('\n').length, text.split('\n').length);
  assert.not.ok(/worker-1|10\.0\.0\.5|master-0/.test(shown));
});

test('half a name at the end of a line that was cut goes with what was cut', () => {
  const line = `${'x '.repeat(190)}worker-1.shop.ac…`;
  assert.is(redacted(line)[0], `${'x '.repeat(190)}…`);
});

test('words of the house are hidden wherever they stand', () => {
  const redaction = createRedaction({ key, keywords: ['Skunkworks', 'Project X'] });
  const shown = redaction.text('skunkworks-db SKUNKWORKS_TOKEN the project x plan');
  assert.not.ok(/skunk|project x/i.test(shown), shown);
  assert.is(new Set(shown.match(/keyword-\w{6}/g)).size, 2);
});

test('the same key gives the same pseudonyms in another bundle and in any order; another key gives others', () => {
  const names = Array.from({ length: 300 }, (_, at) => `node${at}a.corp.acme.com 10.1.${at % 256}.7`);
  const run = (texts: readonly string[], from = key) => {
    const redaction = createRedaction({ key: from });
    for (const text of texts) redaction.learnHost(text.split(' ')[0] ?? '');
    return new Map(texts.map((text) => [text, redaction.text(text)]));
  };
  const forward = run(names);
  const backward = run([...names].reverse());
  for (const name of names) assert.is(backward.get(name), forward.get(name));
  const other = run(names, keyOfText('some other key'));
  assert.ok(names.filter((name) => other.get(name) === forward.get(name)).length === 0);
});

test('a map that was saved is a key: it hides what it knows, also where a bundle does not tell that it is a name', () => {
  const first = learned('10.0.0.5');
  const shown = first.text('worker-1 at 10.0.0.5');
  const { key: again, entries } = readMap(mapText(key, first.entries()));
  const second = createRedaction({ key: again, before: entries });
  assert.is(second.text('worker-1 at 10.0.0.5'), shown);
  const byOriginal = new Map(entries.map(({ original, pseudonym }) => [original, pseudonym]));
  assert.is(byOriginal.get('worker-1'), shown.split(' ')[0]);
  assert.is(byOriginal.get('10.0.0.5'), shown.split(' ')[2]);
});

test('a key that could be guessed, and a file that is no map, are refused', () => {
  assert.throws(() => readMap('short'), /at least 16/);
  assert.throws(() => readMap('{"schema":"x"}'), /no redaction-map\.json/);
  assert.throws(() => readMap('{"schema'), /no JSON/);
  assert.is(readMap('a long secret of the house').key.length, 32);
});

test.run();
