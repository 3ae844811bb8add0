// The certificates of a bundle with their dates, each once, and those that end first at the front.

import type { FactStore } from '../../facts/store.ts';
import { byKeys } from '../compare.ts';
import type { ReportCertificate } from '../report.ts';
import { type Told, valuesOf } from './read-values.ts';

interface CertificateValue {
  readonly node?: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly total: number;
  readonly subject: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly fingerprint: string;
}
interface NotedValue {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly notBefore?: string;
  readonly notAfter: string;
}

/** Texts with more certificates than this are bundles of public authorities, which come with the system. */
const manyInOneText = 40;
/** More do not fit a picture; those that end last are left out. */
export const mostCertificates = 1000;

export function reportCertificates(store: FactStore): ReportCertificate[] {
  const found = new Map<string, Told<CertificateValue>[]>();
  const holders = new Set<string>();
  for (const told of valuesOf<CertificateValue>(store, 'Certificate')) {
    if (told.value.total > manyInOneText) continue;
    holders.add(holderOf(told.value));
    const same = found.get(told.value.fingerprint);
    if (same) same.push(told);
    else found.set(told.value.fingerprint, [told]);
  }
  const parsed = [...found.values()].flatMap((same): ReportCertificate[] => {
    const [first] = same;
    if (!first) return [];
    const copies = new Set(same.map(({ value }) => holderOf(value))).size - 1;
    const { subject, notBefore, notAfter } = first.value;
    const holder = holderOf(first.value);
    return [{ subject, notBefore, notAfter, holder, ...(copies > 0 && { copies }), evidence: first.place }];
  });
  // Annotations tell the dates where the content of a Secret was left out.
  const noted = valuesOf<NotedValue>(store, 'CertificateInfo')
    .filter(({ value }) => !holders.has(holderOf(value)))
    .map(({ value, place }): ReportCertificate => {
      const dates = { ...(value.notBefore && { notBefore: value.notBefore }), notAfter: value.notAfter };
      return { subject: value.name, ...dates, holder: holderOf(value), evidence: place };
    });
  return [...parsed, ...noted]
    .sort(byKeys((each) => [Date.parse(each.notAfter) || 0, each.holder, each.subject, each.evidence.first]))
    .slice(0, mostCertificates);
}

function holderOf(value: { kind: string; namespace: string; name: string; node?: string }): string {
  if (value.kind === 'File') return value.node === undefined ? value.name : `${value.name} on ${value.node}`;
  return `${value.kind} ${value.namespace === '' ? '' : `${value.namespace}/`}${value.name}`;
}
