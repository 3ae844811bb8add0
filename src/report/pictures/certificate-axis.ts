// When certificates end, on one axis around the time of gathering: ended to the left, soon in the middle, later to the right.

import { scaleSymlog, scaleUtc } from 'd3-scale';
import { byKeys, groupBy } from '../compare.ts';
import { placeLine } from '../html-finding.ts';
import type { Report, ReportCertificate } from '../report.ts';
import { nameLine } from '../visible.ts';
import { counted, grouped, timed } from '../wording.ts';

const width = 1000;
const side = 24;
const dotPitch = 12;
const mostStacked = 6;
const axisY = 112;
const mostRows = 60;
const dayMillis = 86_400_000;
/** The shipped values of the settings certificateErrorDays and certificateWarningDays. */
const soonDays = 7;
const nextDays = 30;

type Zone = 'ended' | 'soon' | 'next' | 'later';
const zoneWords: Readonly<Record<Zone, string>> = {
  ended: 'ended',
  soon: `end within ${soonDays} days`,
  next: `end in ${soonDays + 1} to ${nextDays} days`,
  later: 'end later',
};

export function certificatesView({ certificates = [], bundle }: Report) {
  const now = Date.parse(bundle.gatheredAt ?? '');
  const dated = certificates.filter(({ notAfter }) => !Number.isNaN(Date.parse(notAfter)));
  const isRelative = !Number.isNaN(now);
  const entries = dated.map((certificate) => ({
    certificate,
    at: Date.parse(certificate.notAfter),
    zone: zoneOf(certificate, now),
  }));
  const drawing = entries.length === 0 ? [] : [isRelative ? relative(entries, now) : absolute(entries)];
  const zones = isRelative
    ? (['ended', 'soon', 'next', 'later'] as const).map((zone) => ({
        zone,
        word: zoneWords[zone],
        count: entries.filter((entry) => entry.zone === zone).length,
      }))
    : [];
  const present = zones.filter(({ count }) => count > 0);
  const shown = dated.slice(0, mostRows);
  return {
    any: entries.length > 0,
    count: counted(entries.length, 'certificate'),
    caption: isRelative
      ? `${counted(entries.length, 'certificate')} by the time at which they end, counted from the gathering; what is near is drawn wide.`
      : '',
    sentence: isRelative
      ? `Of ${counted(entries.length, 'certificate')}, ${present.map(({ count, word }) => `${grouped(count)} ${word}`).join(', ')}, counted from the time of gathering.`
      : `${counted(entries.length, 'certificate')} on an axis of dates: the bundle does not say when it was gathered, so none can be called ended.`,
    legend: present.map(({ zone, word, count }) => ({ zone, word, count: grouped(count) })),
    drawing,
    rows: shown.map((certificate) => rowOf(certificate, now)),
    rowsTitle: `${shown.length < dated.length ? `The ${grouped(shown.length)} that end first` : 'All'}, with file and line`,
    more: dated.length > shown.length ? `${counted(dated.length - shown.length, 'later one')} in report.json.` : '',
  };
}

interface Entry {
  readonly certificate: ReportCertificate;
  readonly at: number;
  readonly zone: Zone;
}

function zoneOf({ notAfter }: ReportCertificate, now: number): Zone {
  const days = (Date.parse(notAfter) - now) / dayMillis;
  if (Number.isNaN(days)) return 'later';
  if (days < 0) return 'ended';
  return days <= soonDays ? 'soon' : days <= nextDays ? 'next' : 'later';
}

/** Days around the gathering, close by wide and far away narrow. */
function relative(entries: readonly Entry[], now: number) {
  const days = entries.map(({ at }) => (at - now) / dayMillis);
  const [least, most] = [Math.min(-1, ...days), Math.max(nextDays * 2, ...days)];
  const scale = scaleSymlog()
    .domain([least, most])
    .range([side, width - side])
    .constant(2);
  const x = (day: number) => rounded(scale(day));
  const bands = [
    { zone: 'ended', from: least, to: 0 },
    { zone: 'soon', from: 0, to: soonDays },
    { zone: 'next', from: soonDays, to: nextDays },
    { zone: 'later', from: nextDays, to: most },
  ].map(({ zone, from, to }) => ({ zone, x: x(from), width: rounded(x(to) - x(from)) }));
  const years = [1, 2, 5, 10, 20, 50, 100].map((count) => ({ day: count * 365, text: counted(count, 'year') }));
  const marks = [
    ...[...years].reverse().map(({ day, text }) => ({ day: -day, text: `${text} ago` })),
    { day: -30, text: '30 days ago' },
    { day: 0, text: 'gathered' },
    { day: 1, text: '1 day' },
    { day: soonDays, text: `${soonDays} days` },
    { day: nextDays, text: `${nextDays} days` },
    { day: 90, text: '90 days' },
    ...years,
  ].filter(({ day }) => day >= least && day <= most);
  const ticks = withoutCrowd(
    marks.map(({ day, text }) => ({ x: x(day), text })),
    x(0),
  );
  return { ...frame(dotsOf(entries, (entry) => x((entry.at - now) / dayMillis))), bands, ticks, now: [x(0)] };
}

/** Without a time of gathering there are only dates. */
function absolute(entries: readonly Entry[]) {
  const times = entries.map(({ at }) => at);
  const scale = scaleUtc()
    .domain([Math.min(...times), Math.max(...times) + 1])
    .range([side, width - side])
    .nice(8);
  const format = (date: Date) => date.toISOString().slice(0, 10);
  const ticks = withoutCrowd(
    scale.ticks(8).map((date) => ({ x: rounded(scale(date)), text: format(date) })),
    side,
  );
  return { ...frame(dotsOf(entries, (entry) => rounded(scale(entry.at)))), bands: [], ticks, now: [] };
}

const frame = (dots: ReturnType<typeof dotsOf>) => ({ ...dots, viewWidth: width, height: axisY + 30, axisY });

/** Certificates that end close to each other stand on each other; a tall stack says how many it is. */
function dotsOf(entries: readonly Entry[], xOf: (entry: Entry) => number) {
  const piles = groupBy(entries, (entry) => `${Math.floor(xOf(entry) / dotPitch)} ${entry.zone}`);
  const middleOf = (pile: readonly Entry[]) => rounded(pile.reduce((sum, entry) => sum + xOf(entry), 0) / pile.length);
  const dots = [...piles.values()].flatMap((pile) => {
    const [first] = pile;
    if (!first) return [];
    const x = middleOf(pile);
    return pile.slice(0, mostStacked).map((entry, at) => ({
      zone: entry.zone,
      x,
      y: axisY - 8 - at * dotPitch,
      ...toldBy(entry, at === mostStacked - 1 ? pile.length - mostStacked : 0),
    }));
  });
  const counts = [...piles.values()].flatMap((pile) => {
    const [first] = pile;
    if (!first || pile.length <= mostStacked) return [];
    const x = middleOf(pile);
    return [{ x, y: axisY - 8 - mostStacked * dotPitch, text: grouped(pile.length) }];
  });
  counts.sort(byKeys(({ x }) => [x]));
  return { dots: dots.sort(byKeys(({ x, y }) => [x, -y])), counts: raised(counts) };
}

/** Numbers of stacks that stand close together take turns in height. */
function raised(counts: readonly { readonly x: number; readonly y: number; readonly text: string }[]) {
  let isUp = false;
  return counts.map((count, at) => {
    const before = counts[at - 1];
    isUp = before !== undefined && count.x - before.x < 22 && !isUp;
    return isUp ? { ...count, y: count.y - 12 } : count;
  });
}

function toldBy({ certificate, zone }: Entry, others: number) {
  const more = others > 0 ? `, and ${grouped(others)} more` : '';
  const tip = nameLine(`${certificate.subject}, ${certificate.holder}: ${timed(certificate.notAfter)}${more}`);
  // Ended ones are crosses and those that end soon diamonds, so that no colour is needed.
  const shapes: Readonly<Record<Zone, string>> = {
    ended: 'M-4-4l8 8M4-4l-8 8',
    soon: 'M0-5l5 5-5 5-5-5z',
    next: 'M-4-4h8v8h-8z',
    later: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0',
  };
  return { tip, d: shapes[zone] };
}

/** Labels that would touch are left out; the one at `keep` stays. */
function withoutCrowd(ticks: readonly { readonly x: number; readonly text: string }[], keep: number) {
  const kept: { readonly x: number; readonly text: string }[] = [];
  for (const tick of [...ticks].sort(byKeys(({ x }) => [x === keep ? 0 : 1, x]))) {
    const room = (other: { readonly x: number; readonly text: string }) =>
      (tick.text.length + other.text.length) * 3.6 + 10;
    if (kept.every((other) => Math.abs(other.x - tick.x) >= room(other))) kept.push(tick);
  }
  return kept.sort(byKeys(({ x }) => [x])).map((tick) => ({
    ...tick,
    anchor: tick.x < 60 ? 'start' : tick.x > width - 60 ? 'end' : 'middle',
  }));
}

function rowOf(certificate: ReportCertificate, now: number) {
  const zone = zoneOf(certificate, now);
  const days = Math.floor((Date.parse(certificate.notAfter) - now) / dayMillis);
  const left = Number.isNaN(days) ? '' : days < 0 ? `${counted(-days, 'day')} ago` : `in ${counted(days, 'day')}`;
  return {
    zone,
    subject: nameLine(certificate.subject),
    holder: nameLine(certificate.holder),
    copies: certificate.copies ? `and ${counted(certificate.copies, 'other place')}` : '',
    ends: timed(certificate.notAfter),
    left,
    place: placeLine(certificate.evidence),
  };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
