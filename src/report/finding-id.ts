// The name under which a finding is known from bundle to bundle: what is wrong with what, and not where it was read.

import { createHash } from 'node:crypto';
import type { ObjectRef } from '../findings/outcome.ts';

interface Identity {
  readonly rule: string;
  readonly subject: string;
  readonly objects: readonly ObjectRef[];
  readonly evidence: readonly { readonly binding: string; readonly excerpt: string }[];
}

/** SHA-256 over rule, subject, objects and evidence; no line numbers, no paths, no times, no uids. */
export function findingId(finding: Identity): string {
  const objects = finding.objects
    .map(({ kind, namespace = '', name = '', node = '' }) => [kind, namespace, name, node].join('/'))
    .sort();
  const evidence = finding.evidence.map(({ binding, excerpt }) => `${binding}\n${steady(excerpt)}`).sort();
  const identity = [finding.rule, steady(finding.subject), objects, evidence];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

/** Text without what changes from one gathering to the next: times, ages, uids, resource versions, process ids. */
export function steady(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[ ]?[+-]\d\d:?\d\d)?/g, '<time>')
    .replace(/\b[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+/g, '<klog>')
    .replace(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ \d\d:\d\d:\d\d(?:\.\d+)?/g, '<time>')
    .replace(/^\[ *\d+\.\d+\]/gm, '<uptime>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uid>')
    .replace(/\b[0-9a-f]{32,}\b/gi, '<hash>')
    .replace(/(resourceVersion"?: *"?)\d+/g, '$1<n>')
    .replace(/\[\d+\]/g, '[<n>]')
    .replace(/[ \t]+/g, ' ');
}
