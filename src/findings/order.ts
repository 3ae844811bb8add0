// Puts findings in an order that depends on nothing but themselves, and makes one of those that say the same.

import { severities } from '../rules/rule.ts';
import { byPlace } from './evidence.ts';
import type { Evidence, Finding } from './outcome.ts';

const mostPlaces = 9;

/** Sorted by subject, then by where the evidence lies; equal subject and message become one finding. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of findings.slice().sort(byWhatIsSaid)) {
    const key = JSON.stringify([finding.rule, finding.subject, finding.message]);
    const other = merged.get(key);
    merged.set(key, other ? merge(other, finding) : finding);
  }
  return [...merged.values()].sort(byWhatIsSaid);
}

function merge(a: Finding, b: Finding): Finding {
  const places = uniqueBy([...a.evidence, ...b.evidence], ({ path, span, binding }) =>
    JSON.stringify([path, span, binding]),
  );
  const [first = a.evidence[0], ...others] = places.slice(0, mostPlaces);
  return {
    ...a,
    severity: severities.indexOf(a.severity) <= severities.indexOf(b.severity) ? a.severity : b.severity,
    objects: uniqueBy([...a.objects, ...b.objects], ({ kind, namespace, name, node }) =>
      JSON.stringify([kind, namespace, name, node]),
    ),
    evidence: [first, ...others] as readonly [Evidence, ...Evidence[]],
    times: [...new Set([...a.times, ...b.times])].sort(),
  };
}

function uniqueBy<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

function byWhatIsSaid(a: Finding, b: Finding): number {
  if (a.subject !== b.subject) return a.subject < b.subject ? -1 : 1;
  return byPlace(a.evidence[0], b.evidence[0]) || (a.message < b.message ? -1 : a.message > b.message ? 1 : 0);
}
