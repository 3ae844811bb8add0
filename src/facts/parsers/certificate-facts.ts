// X.509 certificates in PEM text, wherever it lies: one fact type and one reader for all parsers.
//
//   -----BEGIN CERTIFICATE-----
//   MIIDMjCCAhqgAwIBAgIIP/J/ZYm05AUwDQYJKoZIhvcNAQELBQAwNzESMBAGA1UE…
//   -----END CERTIFICATE-----

import { X509Certificate } from 'node:crypto';
import type { Span } from '../../bundle/source.ts';
import { bool, factType, int, list, node, optional, string, time } from '../fact-type.ts';
import { wordTable } from '../text/word-table.ts';

export const Certificate = factType(
  'Certificate',
  'One X.509 certificate found in a file or in an API object.',
  {
    node: node('Node, for a certificate in a file of one.'),
    kind: string('ConfigMap, Secret, APIService, a webhook configuration, or File.'),
    namespace: string('Namespace of the object; empty for a file.'),
    name: string('Name of the object, or path of the file.'),
    entry: string('Key in the object; empty for a file.'),
    position: int('Place among the certificates of the same text, from 1.'),
    total: int('Certificates in the same text; a large number is a trust bundle.'),
    subject: string('E.g. `OU=openshift, CN=kube-apiserver-lb-signer`.'),
    commonName: string('CN of the subject; empty where it has none.'),
    issuer: string(),
    selfSigned: bool('Subject and issuer are equal.'),
    isCa: bool('May sign other certificates.'),
    dnsNames: list(string(), 'DNS names of the SAN extension.'),
    ipAddresses: list(string(), 'IP addresses of the SAN extension.'),
    hasSan: bool('Has a SAN extension.'),
    notBefore: time('Start of validity.'),
    notAfter: time('End of validity.'),
    serial: string('Hexadecimal.'),
    fingerprint: string('SHA-256 over the certificate, hexadecimal.'),
    keyType: string('rsa, ec, ed25519, …'),
    keyBits: optional(int('Size of an RSA key.')),
    signatureAlgorithm: string('E.g. RSA-SHA256; empty where this runtime does not know it.'),
    extendedKeyUsage: list(string(), 'serverAuth, clientAuth, or the OID.'),
    subjectKeyId: string('Hexadecimal; empty where it has none.'),
    authorityKeyId: string('Hexadecimal; empty where it has none.'),
  },
  { object: { kind: 'kind', namespace: 'namespace', name: 'name' } },
);

type Read = ReturnType<typeof readCertificate>;

export interface PemCertificate {
  readonly certificate: NonNullable<Read> & { readonly position: number; readonly total: number };
  /** Lines inside the text, from 1. */
  readonly lines: Span;
}

/** The certificates in a text; a block that is no certificate is passed over. */
export function pemCertificates(text: string): readonly PemCertificate[] {
  const blocks = [
    ...text.matchAll(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g),
  ];
  let line = 1;
  let offset = 0;
  return blocks.flatMap((block, index) => {
    line += countNewlines(text, offset, block.index);
    offset = block.index;
    const certificate = readCached(block[0]);
    if (!certificate) return [];
    const lines: Span = [line, line + countNewlines(block[0], 0, block[0].length)];
    return [{ certificate: { position: index + 1, total: blocks.length, ...certificate }, lines }];
  });
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** The same cluster CA lies in every namespace, so reading each text once saves most of the work. */
const cache = new Map<string, Read>();
const cacheSize = 2000;

function readCached(pem: string): Read {
  if (cache.has(pem)) return cache.get(pem);
  if (cache.size >= cacheSize) cache.clear();
  const read = readCertificate(pem);
  cache.set(pem, read);
  return read;
}

function readCertificate(pem: string) {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(pem);
  } catch {
    return undefined;
  }
  const notBefore = utc(x509.validFrom);
  const notAfter = utc(x509.validTo);
  if (!notBefore || !notAfter) return undefined;
  const subject = (x509.subject ?? '').split('\n').join(', ');
  const issuer = (x509.issuer ?? '').split('\n').join(', ');
  const san = x509.subjectAltName ?? '';
  const hex = x509.raw.toString('hex');
  return {
    subject,
    commonName: /(?:^|\n)CN=(.*)/.exec(x509.subject ?? '')?.[1] ?? '',
    issuer,
    selfSigned: subject === issuer,
    isCa: x509.ca,
    dnsNames: namesOf(san, 'DNS:'),
    ipAddresses: namesOf(san, 'IP Address:'),
    hasSan: san !== '',
    notBefore,
    notAfter,
    serial: x509.serialNumber.toLowerCase(),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    ...keyOf(x509),
    // Known to Node 24 and later; its types do not list it yet everywhere.
    signatureAlgorithm: String((x509 as { signatureAlgorithm?: string }).signatureAlgorithm ?? ''),
    extendedKeyUsage: (x509.keyUsage ?? []).map((oid) => usageNames[oid] ?? oid),
    subjectKeyId: /0603551d0e(?:0101ff)?04160414([0-9a-f]{40})/.exec(hex)?.[1] ?? '',
    authorityKeyId: /0603551d23(?:0101ff)?04..30(?:81)?..8014([0-9a-f]{40})/.exec(hex)?.[1] ?? '',
  };
}

const usageNames = wordTable<string>({
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
});

/** A key of a curve OpenSSL does not know throws; the dates are worth having all the same. */
function keyOf(x509: X509Certificate): { keyType: string; keyBits?: number } {
  try {
    const key = x509.publicKey;
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return { keyType: key.asymmetricKeyType ?? '', ...(bits === undefined ? {} : { keyBits: bits }) };
  } catch {
    return { keyType: '' };
  }
}

function namesOf(san: string, label: string): readonly string[] {
  const names = san.split(', ').filter((part) => part.startsWith(label));
  return names.map((part) => part.slice(label.length));
}

/** OpenSSL prints `Sep 14 13:53:29 2021 GMT`. */
function utc(text: string): string | undefined {
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : new Date(millis).toISOString().replace('.000Z', 'Z');
}
