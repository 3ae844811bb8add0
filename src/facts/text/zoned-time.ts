// Reads the time that `date`, Go and RFC 2822 print, with zone names and numbers, into RFC 3339 UTC.
//
//   Wed Oct  2 02:54:30 UTC 2019          date, C locale
//   Thu 10 Feb 2022 04:19:17 PM CET       date, en_US since glibc 2.29
//   2021-08-03 12:11:56.91501602 +0200 CEST m=+1.651641915     Go
//   2022-02-10T16:19:17+01:00             date --iso-8601=seconds
//   Thu, 10 Feb 2022 16:19:17 +0100       date -R

import { wordTable } from './word-table.ts';

/** Hours from UTC. Where a name is used twice in the world (CST, IST, BST) it is the first of: US, India, Britain. */
const zoneHours = wordTable<number>({
  ...{ UTC: 0, GMT: 0, UCT: 0, Z: 0, WET: 0, WEST: 1, BST: 1, CET: 1, MET: 1, CEST: 2, MEST: 2, EET: 2, EEST: 3 },
  ...{ MSK: 3, SAST: 2, WAT: 1, CAT: 2, EAT: 3, PKT: 5, IST: 5.5, WIB: 7, WITA: 8, WIT: 9, HKT: 8, SGT: 8, PHT: 8 },
  ...{ JST: 9, KST: 9, AWST: 8, ACST: 9.5, ACDT: 10.5, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13, HST: -10 },
  ...{ NST: -3.5, NDT: -2.5, AST: -4, ADT: -3, EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 },
  ...{ AKST: -9, AKDT: -8, BRT: -3, ART: -3, CLT: -4, CLST: -3, COT: -5, PET: -5 },
});

/** Month names by their first letters, in the languages in which `date` is met: English, German, French, Spanish, … */
const months: readonly RegExp[] = [
  /^(jan|jän|ene|gen)/,
  /^(feb|fév|fev)/,
  /^(mar|mär|mrz|maa|mrt)/,
  /^(apr|avr|abr)/,
  /^(may|mai|mag|mei|maj)/,
  /^(jun|juin|giu)/,
  /^(jul|juil|lug)/,
  /^(aug|aoû|ago|aou)/,
  /^(sep|set)/,
  /^(oct|okt|ott|out)/,
  /^(nov)/,
  /^(dec|dez|déc|dic)/,
];

const clock = String.raw`(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:\s*([AP]M)\b)?`;
const numericZone = /([+-])(\d\d):?(\d\d)?\b/;

/** The moment in one line, or undefined where the line has none or names a zone nobody knows. */
export function readZonedTime(line: string): string | undefined {
  const time = new RegExp(clock, 'i').exec(line);
  const day = dayIn(line);
  if (!time || !day || day.year > 9998 || day.month > 12 || day.day > 31) return undefined;
  const [, hour = '', minute = '', second = '', fraction = '', half = ''] = time;
  const rest = `${line.slice(0, time.index)} ${line.slice(time.index + time[0].length)}`.replace(day.text, ' ');
  const offsetMinutes = zoneIn(rest);
  if (offsetMinutes === undefined) return undefined;
  const hours = half === '' ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  const seconds = Date.UTC(day.year, day.month - 1, day.day, hours, Number(minute) - offsetMinutes, Number(second));
  if (Number.isNaN(seconds)) return undefined;
  const text = new Date(seconds).toISOString().slice(0, 19);
  return fraction === '' || Number(fraction) === 0 ? `${text}Z` : `${text}.${fraction}Z`;
}

function dayIn(line: string): { year: number; month: number; day: number; text: string } | undefined {
  const numeric = /(\d{4})-(\d\d)-(\d\d)/.exec(line) ?? /(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日/.exec(line);
  if (numeric) {
    return { year: Number(numeric[1]), month: Number(numeric[2]), day: Number(numeric[3]), text: numeric[0] };
  }
  const year = /(?<![\d:+-])(19|20)\d\d(?![\d:])/.exec(line)?.[0];
  const words = line.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  // The last one: `mar. 2 févr. 2021` is a Tuesday (mardi) of February.
  const month = words.map(monthOf).findLast((number) => number > 0);
  const day = /(?<![\d:.+-])(0?[1-9]|[12]\d|3[01])(?=[\s.,])/.exec(line)?.[1];
  if (!year || !month || !day) return undefined;
  return { year: Number(year), month, day: Number(day), text: year };
}

function monthOf(word: string): number {
  return months.findIndex((month) => month.test(word)) + 1;
}

/** Minutes east of UTC. A number wins over a name: Go prints both. */
function zoneIn(rest: string): number | undefined {
  const numeric = numericZone.exec(rest);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    return numeric[1] === '-' ? -minutes : minutes;
  }
  const names = rest.match(/\b[A-Z]{1,5}\b/g) ?? [];
  const known = names.map((name) => zoneHours[name]).find((hours) => hours !== undefined);
  return known === undefined ? undefined : known * 60;
}
