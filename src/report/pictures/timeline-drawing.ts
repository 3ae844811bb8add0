// Draws a stretch of the timeline: a lane for each kind, marks that merge where they would touch, and the whole below.

import { scaleUtc } from 'd3-scale';
import { byKeys, groupBy } from '../compare.ts';
import { type Moment, type MomentKind, momentKinds } from '../report.ts';
import { nameLine } from '../visible.ts';
import { counted, grouped, timed } from '../wording.ts';
import type { Range } from './timeline-range.ts';

/** The same measures stand in templates/timeline.js, which draws again when the reader zooms. */
export const sheet = { width: 1000, left: 124, right: 988, top: 46, lane: 28, apart: 22, strip: 26 } as const;

export const laneWords: Readonly<Record<MomentKind, string>> = {
  change: 'Changes',
  operator: 'Operators',
  condition: 'Conditions',
  oom: 'OOM kills',
  restart: 'Restarts',
  log: 'Log bursts',
  event: 'Events',
  certificate: 'Certificates',
  finding: 'Findings',
};

const laneNouns: Readonly<Record<MomentKind, readonly [one: string, many: string]>> = {
  change: ['change', 'changes'],
  operator: ['operator transition', 'operator transitions'],
  condition: ['condition', 'conditions'],
  oom: ['OOM kill', 'OOM kills'],
  restart: ['restart', 'restarts'],
  log: ['log burst', 'log bursts'],
  event: ['event', 'events'],
  certificate: ['certificate date', 'certificate dates'],
  finding: ['finding', 'findings'],
};
/** `16 changes, 1 event`. */
export const laneCounts = (moments: readonly Moment[]): string =>
  lanesOf(moments)
    .map((kind) => counted(moments.filter((moment) => (moment.kind ?? 'finding') === kind).length, ...laneNouns[kind]))
    .join(', ');

export const lanesOf = (moments: readonly Moment[]): MomentKind[] =>
  momentKinds.filter((kind) => moments.some((moment) => (moment.kind ?? 'finding') === kind));

export function timelineDrawing(moments: readonly Moment[], range: Range, whole: Range, gathered: number) {
  const lanes = lanesOf(moments);
  const { left, right, top, lane, width, strip } = sheet;
  const bottom = top + lanes.length * lane;
  const scale = scaleUtc().domain([range.from, range.to]).range([left, right]);
  const all = scaleUtc().domain([whole.from, whole.to]).range([left, right]);
  const x = (time: number) => rounded(scale(time));
  const inside = (time: number) => time >= range.from && time <= range.to;
  const laneViews = lanes.map((kind, at) => {
    const y = top + at * lane + lane / 2;
    const own = moments.filter((moment) => (moment.kind ?? 'finding') === kind);
    return { kind, word: laneWords[kind], y, top: top + at * lane, odd: at % 2 === 1, ...marksOf(own, range, x, y) };
  });
  return {
    width,
    height: bottom + strip + 26,
    left,
    right,
    span: right - left,
    lane,
    bottom,
    lanes: laneViews,
    ticks: ticksOf(range, x),
    day: dayOf(range),
    now: Number.isFinite(gathered) && inside(gathered) ? [x(gathered)] : [],
    strip: {
      y: bottom + 14,
      height: strip - 8,
      marks: densityOf(moments, (time) => Math.round(all(time))),
      from: Math.max(left, rounded(all(range.from))),
      width: Math.max(3, rounded(Math.min(right, all(range.to)) - Math.max(left, all(range.from)))),
      first: dayAndTime(whole.from),
      last: dayAndTime(whole.to),
    },
  };
}

/** Marks of one lane: those closer than a mark is wide are one, with their number. */
function marksOf(moments: readonly Moment[], range: Range, x: (time: number) => number, y: number) {
  const placed = moments
    .map((moment) => ({ moment, at: Date.parse(moment.time), end: Date.parse(moment.until ?? moment.time) }))
    .filter(({ at, end }) => end >= range.from && at <= range.to)
    .sort(byKeys(({ at, moment }) => [at, moment.subject, moment.text]));
  const bars = placed
    .filter(({ at, end }) => end > at)
    .map(({ at, end }) => {
      const from = x(Math.max(at, range.from));
      return { x: from, y: y + 9, width: Math.max(1, rounded(x(Math.min(end, range.to)) - from)) };
    });
  const piles: { x: number; moments: Moment[] }[] = [];
  for (const { moment, at } of placed) {
    const here = x(Math.max(at, range.from));
    const last = piles.at(-1);
    if (last && here - last.x < sheet.apart) last.moments.push(moment);
    else piles.push({ x: here, moments: [moment] });
  }
  return { bars, marks: piles.map((pile) => markOf(pile.x, y, pile.moments)) };
}

function markOf(x: number, y: number, moments: readonly Moment[]) {
  const [first] = [...moments].sort(byKeys(({ tone, finding }) => [finding ? 0 : 1, tone === 'bad' ? 0 : 1]));
  const tone = moments.some((moment) => moment.tone === 'bad') ? 'bad' : (first?.tone ?? 'plain');
  const told = first ? `${timed(first.time)} ${first.subject}: ${first.text}` : '';
  const more = moments.length > 1 ? `, and ${counted(moments.length - 1, 'other')}` : '';
  const number = moments.length > 1 ? grouped(moments.length) : '';
  const width = 10 + number.length * 6;
  return {
    x,
    y,
    tone,
    number,
    tip: nameLine(`${told}${more}`),
    d: shapes[tone],
    pill: number === '' ? [] : [{ x: rounded(x - width / 2), y: y - 8, width }],
  };
}

/** Something bad is a diamond, something good a ring, anything else a dot. */
const shapes: Readonly<Record<string, string>> = {
  bad: 'M0-6l6 6-6 6-6-6z',
  good: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0',
  plain: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0',
};

/** How many moments there are in each eight units of the whole, as heights. */
function densityOf(moments: readonly Moment[], x: (time: number) => number) {
  const piles = groupBy(
    moments.filter(({ time }) => Number.isFinite(Date.parse(time))),
    ({ time }) => String(Math.floor(x(Date.parse(time)) / 8)),
  );
  return [...piles]
    .map(([at, same]) => ({
      x: Number(at) * 8,
      height: Math.min(sheet.strip - 10, 3 + Math.round(4 * Math.log2(same.length))),
      tone: same.some(({ tone }) => tone === 'bad') ? 'bad' : 'plain',
    }))
    .sort(byKeys((mark) => [mark.x]));
}

function ticksOf(range: Range, x: (time: number) => number) {
  const scale = scaleUtc().domain([range.from, range.to]);
  const ticks = scale.ticks(8);
  const step = Number(ticks[1] ?? ticks[0] ?? 0) - Number(ticks[0] ?? 0);
  return ticks
    .map((date) => ({ x: x(Number(date)), text: tickText(date, step) }))
    .filter((tick) => tick.x >= sheet.left + 16 && tick.x <= sheet.right - 16);
}

/** `13:05`, `13:05:30` where seconds count, `10-15` at midnight and for days, `2024-10` for months. */
function tickText(date: Date, stepMillis: number): string {
  const iso = date.toISOString();
  if (stepMillis >= 28 * 86_400_000) return iso.slice(0, 7);
  if (stepMillis >= 86_400_000 || iso.slice(11, 19) === '00:00:00') return iso.slice(5, 10);
  return stepMillis < 60_000 ? iso.slice(11, 19) : iso.slice(11, 16);
}

function dayOf({ from, to }: Range): string {
  const [first, last] = [new Date(from).toISOString().slice(0, 10), new Date(to).toISOString().slice(0, 10)];
  return first === last ? `${first}, UTC` : `${first} to ${last}, UTC`;
}

const dayAndTime = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
const rounded = (value: number): number => Math.round(value * 10) / 10;
