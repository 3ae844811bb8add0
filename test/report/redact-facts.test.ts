import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { redactFact } from '../../src/report/redact-facts.ts';

const shown = (value: Record<string, unknown>) => redactFact({ value, path: 'a.yaml', span: [1, 2] }).value;

test('a value goes when its name tells what it is', () => {
  assert.equal(
    shown({
      env: [
        { name: 'DB_PASSWORD', value: 'hunter2' },
        { name: 'MODE', value: 'fast' },
      ],
    }),
    {
      env: [
        { name: 'DB_PASSWORD', value: '[redacted]' },
        { name: 'MODE', value: 'fast' },
      ],
    },
  );
  assert.equal(shown({ data: { 'db-password': 'hunter2', 'ca.crt': 'x' } }), {
    data: { 'db-password': '[redacted]', 'ca.crt': 'x' },
  });
  assert.equal(shown({ header: { Authorization: ['Bearer hunter2'] } }), { header: { Authorization: ['[redacted]'] } });
});

test('a value goes when the flag before it tells what it is', () => {
  assert.equal(shown({ args: ['--token', 'hunter2', '--v', '2'] }), { args: ['--token', '[redacted]', '--v', '2'] });
});

test('a file inside a ConfigMap loses its secrets and keeps its lines', () => {
  assert.equal(shown({ data: { 'app.conf': 'user=me\npassword=hunter2\nmode=fast' } }), {
    data: { 'app.conf': 'user=me\npassword=[redacted]\nmode=fast' },
  });
});

test('names of Secrets, lengths, digests and switches stay', () => {
  const value = {
    env: [{ name: 'DB_PASSWORD', secretName: 'db', secretKey: 'password' }],
    args: ['--tls-secret=webhook-serving-cert'],
    object: {
      spec: { configSecret: 'alertmanager-config', automountServiceAccountToken: 'false', token: '900 bytes long' },
    },
    image: 'a@sha256:d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e',
    type: 'OAuthServerServiceEndpointsEndpointAccessibleControllerDegraded',
    mountPoint: '/var/lib/containers/storage/overlay/ca1446e181ba582dab039d6fca1446e181ba582dab039d6f/merged',
    restarts: 3,
  };
  assert.equal(shown(value), value);
});

test('the path of a fact is redacted too', () => {
  const pathOf = (path: string) => redactFact({ value: {}, path, span: [1, 1] }).path;
  assert.is(pathOf('dump/token=abcdef.0123456789abcdef/pods.yaml'), 'dump/token=[redacted]');
  assert.is(pathOf(`dump/ghp_${'a'.repeat(36)}/pods.yaml`), 'dump/[redacted]/pods.yaml');
  const digest = 'quay-io-release-sha256-eede85d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8/pods.yaml';
  assert.is(pathOf(digest), digest);
});

test.run();
