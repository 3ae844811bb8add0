import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mostCertificates, reportCertificates } from '../../../src/report/picture-facts/certificates.ts';
import { reportClocks } from '../../../src/report/picture-facts/clocks.ts';
import { smallStore } from './small-store.ts';

const certificate = (name: string, more: object = {}) => ({
  kind: 'Secret',
  namespace: 'shop',
  name,
  total: 1,
  subject: `CN=${name}`,
  notBefore: '2024-01-01T00:00:00Z',
  notAfter: '2025-01-01T00:00:00Z',
  fingerprint: name,
  ...more,
});

test('a certificate that lies in several objects is one, with the number of the others', () => {
  const found = reportCertificates(
    smallStore({
      Certificate: [
        certificate('late', { notAfter: '2030-01-01T00:00:00Z' }),
        certificate('a', { fingerprint: 'same' }),
        certificate('b', { fingerprint: 'same', kind: 'ConfigMap' }),
      ],
    }),
  );
  assert.equal(
    found.map(({ subject, holder, copies }) => ({ subject, holder, copies })),
    [
      { subject: 'CN=a', holder: 'Secret shop/a', copies: 1 },
      { subject: 'CN=late', holder: 'Secret shop/late', copies: undefined },
    ],
  );
});

test('bundles of public authorities are left out', () => {
  assert.equal(reportCertificates(smallStore({ Certificate: [certificate('root', { total: 140 })] })), []);
});

test('annotations stand in for a Secret whose content was left out, and only for that', () => {
  const noted = (name: string) => ({ kind: 'Secret', namespace: 'shop', name, notAfter: '2024-06-01T00:00:00Z' });
  const found = reportCertificates(
    smallStore({ Certificate: [certificate('a')], CertificateInfo: [noted('a'), noted('b')] }),
  );
  assert.equal(
    found.map(({ holder, notAfter }) => `${holder} ${notAfter}`),
    ['Secret shop/b 2024-06-01T00:00:00Z', 'Secret shop/a 2025-01-01T00:00:00Z'],
  );
});

test('those that end first stay where there are too many', () => {
  const Certificate = Array.from({ length: mostCertificates + 5 }, (_, at) =>
    certificate(`c${at}`, { notAfter: new Date(Date.UTC(2040, 0, 1) - at * 86_400_000).toISOString() }),
  );
  const found = reportCertificates(smallStore({ Certificate }));
  assert.is(found.length, mostCertificates);
  assert.is(found[0]?.subject, `CN=c${mostCertificates + 4}`);
});

test('a pod that was started before it was made shows a clock that is behind', () => {
  const pod = (node: string, createdAt: string, startedAt: string, more: object = {}) => ({
    node,
    createdAt,
    startedAt,
    static: false,
    mirror: false,
    ...more,
  });
  const clocks = reportClocks(
    smallStore({
      Pod: [
        pod('w1', '2024-03-05T10:00:09Z', '2024-03-05T10:00:02Z'),
        pod('w1', '2024-03-05T10:00:05Z', '2024-03-05T10:00:02Z'),
        pod('w2', '2024-03-05T10:00:03Z', '2024-03-05T10:00:02Z'),
        pod('w3', '2024-03-05T10:00:09Z', '2024-03-05T10:00:02Z', { mirror: true }),
      ],
    }),
  );
  assert.equal(clocks, [{ node: 'w1', behindApiSeconds: 7, evidence: { path: 'mg/Pod.yaml', first: 1, last: 10 } }]);
});

test.run();
