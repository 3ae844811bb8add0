// Which part of a timeline is worth seeing first: the shortest stretch up to the gathering that holds most of what tells.

import type { Severity } from '../../findings/outcome.ts';
import type { Moment } from '../report.ts';

const minuteMillis = 60_000;
const hour = 60 * minuteMillis;
const day = 24 * hour;
const stretches = [
  hour / 2,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  16 * hour,
  day,
  2 * day,
  7 * day,
  30 * day,
  90 * day,
  365 * day,
];
/** So much of the weight of all moments must lie in the stretch. */
const mostWeight = 0.8;
/** Room at both ends, as a share of the stretch. */
const margin = 0.01;

export interface Range {
  /** Milliseconds since 1970, UTC. */
  readonly from: number;
  readonly to: number;
}

const weights: Readonly<Record<Severity, number>> = { critical: 40, error: 20, warning: 8, info: 2 };

/** `severityOf` gives the severity of the finding that tells a moment. */
export function weightOf(moment: Moment, severityOf: (id: string) => Severity | undefined): number {
  const severity = moment.finding === undefined ? undefined : severityOf(moment.finding);
  if (severity) return weights[severity];
  return moment.tone === 'bad' ? 2 : moment.kind === 'change' ? 1 : 0.25;
}

/** The whole of a timeline, with the time of gathering in it where that is known. */
export function wholeRange(moments: readonly Moment[], gathered: number): Range {
  const times = moments
    .flatMap(({ time, until }) => [Date.parse(time), Date.parse(until ?? time)])
    .filter(Number.isFinite);
  if (Number.isFinite(gathered)) times.push(gathered);
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) {
    from = Math.min(from, time);
    to = Math.max(to, time);
  }
  return padded({ from, to });
}

export function tellingRange(
  moments: readonly Moment[],
  gathered: number,
  severityOf: (id: string) => Severity | undefined,
): Range {
  // What is still to come (the end of a certificate) tells nothing of what happened.
  const past = moments.filter(({ time }) => !(Date.parse(time) > gathered));
  const weighed = past.map((moment) => ({ at: Date.parse(moment.time), weight: weightOf(moment, severityOf) }));
  const all = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const last = weighed.reduce((latest, { at }) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(last)) return wholeRange(moments, gathered);
  // An old story ends before the gathering; the picture ends with the story then.
  const whole = wholeRange(moments, gathered);
  const ends = Number.isFinite(gathered) ? [gathered, last] : [last];
  for (const length of stretches) {
    for (const end of ends) {
      const held = weighed.filter(({ at }) => at >= end - length && at <= end);
      if (held.reduce((sum, { weight }) => sum + weight, 0) < mostWeight * all) continue;
      // No empty stretch before the first of them.
      const first = held.reduce((least, { at }) => Math.min(least, at), end);
      return padded({ from: Math.max(first, end - length), to: end });
    }
  }
  return whole;
}

function padded({ from, to }: Range): Range {
  const room = Math.max((to - from) * margin, minuteMillis);
  return { from: Math.floor(from - room), to: Math.ceil(to + room) };
}
