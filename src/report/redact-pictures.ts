// What pictures draw, without the secrets in it: the same rules as for every other text of a report.

import { redactPath, redactText } from './redact-secrets.ts';
import type { Moment } from './report.ts';

/** Plain data with every text in it redacted; what stands under `path` is a path. */
export function redactDrawn<T>(value: T, key?: string): T {
  if (typeof value === 'string') return (key === 'path' ? redactPath(value) : redactText(value)) as T;
  if (Array.isArray(value)) return value.map((inner: unknown) => redactDrawn(inner)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactDrawn(inner, name)])) as T;
}

/** The keys of a moment in the order of `report.json`. */
export function redactMoment(moment: Moment): Moment {
  const { time, finding, kind, tone, count, until, clock, subject, text, object, evidence } = moment;
  return {
    time,
    clock: redactText(clock),
    subject: redactText(subject),
    text: redactText(text),
    evidence: { ...evidence, path: redactPath(evidence.path) },
    ...(kind && { kind }),
    ...(tone && { tone }),
    ...(object && { object: redactDrawn(object) }),
    ...(finding && { finding }),
    ...(count !== undefined && { count }),
    ...(until !== undefined && { until }),
  };
}
