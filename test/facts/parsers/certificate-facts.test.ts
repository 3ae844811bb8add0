import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pemCertificates } from '../../../src/facts/parsers/certificate-facts.ts';
import { certificate } from './sample-certificate.ts';

test('a certificate tells names, validity and key', () => {
  const [read] = pemCertificates(certificate);
  assert.equal(read?.certificate, {
    position: 1,
    total: 1,
    subject: 'O=Drydock Test, CN=registry.example.com',
    commonName: 'registry.example.com',
    issuer: 'O=Drydock Test, CN=registry.example.com',
    selfSigned: true,
    isCa: true,
    dnsNames: ['registry.example.com'],
    ipAddresses: ['10.0.0.5'],
    hasSan: true,
    notBefore: '2026-11-21T13:44:44Z',
    notAfter: '2036-11-18T13:44:44Z',
    serial: '0383c97e6319aa07b5d0f5898836d0ec36e442ba',
    fingerprint: '3ba5e91af7d94251b4fd8dc63a8d23caae6eca4b28250567273f35a5bf8b8183',
    keyType: 'ec',
    signatureAlgorithm: 'ecdsa-with-SHA256',
    extendedKeyUsage: ['serverAuth'],
    subjectKeyId: 'f1557072d80114a2e23f47ed338469aeb6130666',
    authorityKeyId: 'f1557072d80114a2e23f47ed338469aeb6130666',
  });
});

test('each certificate of a bundle has its lines and place', () => {
  const all = pemCertificates(`# roots\n${certificate}\n${certificate}`);
  assert.equal(
    all.map((one) => [one.certificate.position, one.certificate.total, one.lines]),
    [
      [1, 2, [2, 14]],
      [2, 2, [16, 28]],
    ],
  );
});

test('what is no certificate is passed over', () => {
  assert.equal(pemCertificates(''), []);
  assert.equal(pemCertificates('hello'), []);
  assert.equal(pemCertificates(certificate.slice(0, 300)), []);
  assert.equal(pemCertificates('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'), []);
  assert.equal(pemCertificates(certificate.replaceAll('CERTIFICATE', 'PRIVATE KEY')), []);
});

test.run();
