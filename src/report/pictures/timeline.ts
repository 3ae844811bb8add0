// The section "Timeline": the picture of its telling part, what came just before failures, and every moment as a list.

import { byKeys, groupBy } from '../compare.ts';
import { placeLine, subjectAnchor } from '../html-finding.ts';
import { rankOf } from '../picture-facts/bounded-moments.ts';
import type { Moment, Report } from '../report.ts';
import { nameLine } from '../visible.ts';
import { counted, grouped, timed } from '../wording.ts';
import { clocksView } from './clocks.ts';
import { justBeforeView } from './just-before.ts';
import { laneCounts, laneWords, timelineDrawing } from './timeline-drawing.ts';
import { tellingRange, weightOf, wholeRange } from './timeline-range.ts';

/** The page stays usable in a browser: what goes beyond is said, and lies in report.json. */
const mostMoments = 400;

export function timelineView(report: Report) {
  const severities = new Map(report.findings.map(({ id, severity }) => [id, severity]));
  const dated = report.timeline.filter(({ time }) => Number.isFinite(Date.parse(time)));
  const shown = mostTelling(dated, (moment) => weightOf(moment, (id) => severities.get(id)));
  const gathered = Date.parse(report.bundle.gatheredAt ?? '');
  const whole = wholeRange(shown, gathered);
  const range = tellingRange(shown, gathered, (id) => severities.get(id));
  const hidden = dated.length - shown.length;
  const leftOut = (report.timelineLeftOut ?? []).reduce((sum, { moments }) => sum + moments, 0);
  return {
    any: shown.length > 0,
    count: counted(shown.length, 'moment'),
    open: shown.length <= 25,
    lead: `${laneCounts(shown)}; each by the clock of its node or source.`,
    drawing:
      shown.length === 0
        ? []
        : [
            {
              ...timelineDrawing(shown, range, whole, gathered),
              from: range.from,
              to: range.to,
              first: whole.from,
              end: whole.to,
              gathered: Number.isFinite(gathered) ? String(gathered) : '',
            },
          ],
    before: justBeforeView(report),
    clocks: clocksView(report),
    more: [
      ...(hidden > 0 ? [`${counted(hidden, 'less telling moment')} not shown here; all are in report.json.`] : []),
      ...(leftOut > 0
        ? [
            `Of the busiest hours ${counted(leftOut, 'more moment')} were left out, counted by hour and kind in report.json.`,
          ]
        : []),
    ],
    days: [...groupBy(shown.map(momentView), ({ day }) => day)].map(([day, moments]) => ({ day, moments })),
  };
}

/** The order stays that of time. */
function mostTelling(moments: readonly Moment[], weight: (moment: Moment) => number): Moment[] {
  if (moments.length <= mostMoments) return [...moments];
  const ranked = moments.map((moment, at) => ({ moment, at }));
  ranked.sort(byKeys(({ moment, at }) => [-weight(moment), rankOf(moment), -at]));
  const kept = new Set(ranked.slice(0, mostMoments).map(({ moment }) => moment));
  return moments.filter((moment) => kept.has(moment));
}

function momentView(moment: Moment, at: number) {
  const kind = moment.kind ?? 'finding';
  const often = moment.count && moment.count > 1 ? `× ${grouped(moment.count)}` : '';
  const until = moment.until ? `until ${clockTime(moment.until, moment.time)}` : '';
  return {
    id: `moment-${at + 1}`,
    day: nameLine(moment.time.slice(0, 10)),
    time: nameLine(timed(moment.time).slice(11) || moment.time),
    iso: nameLine(moment.time),
    at: Date.parse(moment.time),
    end: moment.until && Number.isFinite(Date.parse(moment.until)) ? String(Date.parse(moment.until)) : '',
    kind,
    word: laneWords[kind],
    tone: moment.tone ?? 'plain',
    often: [often, until].filter((text) => text !== '').join(' '),
    clock: moment.clock === moment.evidence.path ? '' : nameLine(moment.clock),
    node: nameLine(moment.object?.kind === 'Node' ? (moment.object.name ?? '') : (moment.object?.node ?? '')),
    namespace: nameLine(moment.object?.namespace ?? ''),
    subject: moment.subject,
    text: moment.text,
    href: moment.finding === undefined ? '' : `#${subjectAnchor(moment.finding)}`,
    place: placeLine(moment.evidence),
  };
}

/** The day is said only where it is another one. */
const clockTime = (time: string, from: string): string =>
  time.slice(0, 10) === from.slice(0, 10) ? timed(time).slice(11, 19) : timed(time);
