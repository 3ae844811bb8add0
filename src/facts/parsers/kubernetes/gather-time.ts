// Reads when a bundle was gathered, and by what: must-gather's `timestamp` and `version`, and the output of `date`.
//
//   2021-08-03 10:12:00.016988581 +0000 UTC m=+0.380233555     timestamp: start and end of each gatherer
//   2021-08-03 10:13:45.468134164 +0000 UTC m=+99.614184111
//
//   openshift/must-gather                                      version
//   4.9.0-202108030000
//
//   Wed Oct  2 02:54:30 UTC 2019                               date

import type { Span } from '../../../bundle/source.ts';
import { factType, node, optional, string, time } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { readZonedTime } from '../../text/zoned-time.ts';

export const GatherTime = factType('GatherTime', 'When something was gathered; the report measures ages from here.', {
  node: node(),
  gatheredAt: time('End of the gathering, or the time at which `date` ran.'),
  startedAt: optional(time('Start of the gathering.')),
  from: string('`timestamp` of a must-gather, or `date`.'),
});

export const GatherTool = factType(
  'GatherTool',
  'What gathered the bundle, from the `version` file of a must-gather.',
  {
    name: string('E.g. openshift/must-gather.'),
    version: string('Empty where the file does not tell.'),
  },
);

export const gatherTimestamp = parser({
  reads: 'GatherTimestamp',
  yields: GatherTime,
  parse(text) {
    const { moments, odd } = readMoments(text);
    const problems = odd.map((span) => ({ code: 'PARSE_ERROR' as const, span, detail: 'no time in this line' }));
    const sorted = moments.toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time));
    const first = sorted[0];
    const last = sorted.at(-1);
    if (!first || !last) return { facts: [], problems };
    const value = { gatheredAt: last.time, startedAt: first.time, from: 'timestamp' };
    return { facts: [GatherTime.fact([last.line, last.line], value)], problems };
  },
});

export const dateOutput = parser({
  reads: 'SosDate',
  yields: GatherTime,
  parse(text) {
    const { moments, odd } = readMoments(text);
    // Several lines are the same moment in several zones; UTC is the one that needs no table of zone names.
    const best = moments.find((moment) => /\b(UTC|GMT)\b/.test(moment.text)) ?? moments[0];
    const first = odd[0];
    if (!best) {
      const detail = 'no time, or a time zone nobody knows';
      return { facts: [], problems: first ? [{ code: 'COLLECTION_ERROR', span: first, detail }] : [] };
    }
    return { facts: [GatherTime.fact([best.line, best.line], { gatheredAt: best.time, from: 'date' })], problems: [] };
  },
});

export const gatherVersion = parser({
  reads: 'GatherVersion',
  yields: GatherTool,
  parse(text) {
    const lines = text.split('\n').map((line) => line.trim());
    const first = lines.findIndex((line) => line !== '');
    const name = lines[first];
    if (name === undefined) return { facts: [], problems: [] };
    if (!/^[\w.-]+(\/[\w.-]+)*$/.test(name)) {
      return {
        facts: [],
        problems: [{ code: 'COLLECTION_ERROR', span: [first + 1, first + 1], detail: 'no name of a gatherer' }],
      };
    }
    const next = lines.findIndex((line, index) => index > first && line !== '');
    const span: Span = [first + 1, Math.max(first, next) + 1];
    return { facts: [GatherTool.fact(span, { name, version: lines[next] ?? '' })], problems: [] };
  },
});

function readMoments(text: string) {
  const moments: { time: string; line: number; text: string }[] = [];
  const odd: Span[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const time = readZonedTime(line);
    if (time) moments.push({ time, line: index + 1, text: line });
    else odd.push([index + 1, index + 1]);
  }
  return { moments, odd };
}
