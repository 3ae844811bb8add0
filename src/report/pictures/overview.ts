// Every rule as one mark, by pack: what fails and how badly, what broke, what could not be decided, what is fine.

import type { Severity } from '../../findings/outcome.ts';
import { byKeys, groupBy } from '../compare.ts';
import { severities } from '../finding-groups.ts';
import type { Report, ReportOutcome } from '../report.ts';
import { nameLine } from '../visible.ts';
import { counted, grouped } from '../wording.ts';

const columns = 24;
const pitch = 14;
/** More packs than any installation has; beyond, the words of the page tell. */
const mostPacks = 80;
const mostMarks = 600;

export type RuleState = Severity | 'broken' | 'no-data' | 'pass' | 'not-applicable';
const states: readonly RuleState[] = [...severities, 'broken', 'no-data', 'pass', 'not-applicable'];
const words: Readonly<Record<RuleState, string>> = {
  critical: 'critical',
  error: 'errors',
  warning: 'warnings',
  info: 'notes',
  broken: 'broken',
  'no-data': 'no data',
  pass: 'pass',
  'not-applicable': 'not applicable',
};

/** Marks of one pack in rows of 24; the words say the same. */
export function overviewView(report: Report) {
  const stateOf = ruleStates(report);
  const packs = [...groupBy(report.outcomes, ({ pack }) => pack)].map(([pack, outcomes]) =>
    packView(pack, outcomes, stateOf),
  );
  packs.sort(byKeys((pack) => [...pack.order, pack.name]));
  const loud = packs.filter(({ fails }) => fails);
  const quiet = packs.filter(({ fails }) => !fails);
  const present = states.filter((state) => report.outcomes.some((outcome) => stateOf(outcome) === state));
  return {
    any: report.outcomes.length > 0,
    caption: `Each of ${counted(report.outcomes.length, 'rule')} is one mark, by pack.`,
    packs: loud,
    quiet: quiet.slice(0, mostPacks),
    quietTitle: `${counted(quiet.length, loud.length > 0 ? 'other pack' : 'pack')}, where nothing fails`,
    // With no failure anywhere the quiet ones are the picture.
    open: loud.length === 0,
    more: quiet.length > mostPacks ? `${counted(quiet.length - mostPacks, 'further pack')} in report.json.` : '',
    legend: present.map((state) => ({ ...markOf(state, 0, 0), word: words[state] })),
  };
}

function ruleStates(report: Report): (outcome: ReportOutcome) => RuleState {
  const worst = new Map<string, Severity>();
  for (const { rule, severity } of report.findings) {
    const before = worst.get(rule);
    if (!before || severities.indexOf(severity) < severities.indexOf(before)) worst.set(rule, severity);
  }
  return ({ rule, verdict }) => {
    if (verdict === 'fail') return worst.get(rule) ?? 'error';
    return verdict === 'error' ? 'broken' : verdict;
  };
}

function packView(pack: string, outcomes: readonly ReportOutcome[], stateOf: (outcome: ReportOutcome) => RuleState) {
  const count = (state: RuleState) => outcomes.filter((outcome) => stateOf(outcome) === state).length;
  const counts = states.map((state) => ({ state, count: count(state) })).filter((entry) => entry.count > 0);
  const marks = counts
    .flatMap(({ state, count: times }) => Array.from({ length: times }, () => state))
    .slice(0, mostMarks);
  const drawn = marks.map((state, at) => markOf(state, (at % columns) * pitch, Math.floor(at / columns) * pitch));
  return {
    name: nameLine(pack) || 'no pack',
    href: `#pack=${encodeURIComponent(nameLine(pack))}`,
    width: columns * pitch,
    height: Math.ceil(marks.length / columns) * pitch,
    marks: drawn.filter(({ isSeverity }) => isSeverity),
    // Many marks of one kind are one path: the page stays small.
    paths: [
      ...groupBy(
        drawn.filter(({ isSeverity }) => !isSeverity),
        ({ state }) => state,
      ),
    ].map(([state, same]) => ({
      state,
      d: same.map(({ d }) => d).join(''),
    })),
    sentence: counts
      .map(
        (entry) =>
          `${grouped(entry.count)} ${entry.count === 1 ? words[entry.state].replace(/(?<=error|warning|note)s$/, '') : words[entry.state]}`,
      )
      .join(', '),
    fails: states.slice(0, 5).some((state) => count(state) > 0),
    order: states.slice(0, 6).map((state) => -count(state)),
  };
}

/** Failures have the signs that their findings have; the rest is quieter, and told apart by its shape. */
function markOf(state: RuleState, x: number, y: number) {
  const isSeverity = (severities as readonly string[]).includes(state);
  const [middleX, middleY] = [x + 6, y + 6];
  const shapes: Readonly<Record<string, string>> = {
    broken: `M${x + 2} ${y + 2}l8 8m0-8l-8 8`,
    'no-data': `M${middleX - 4} ${middleY}a4 4 0 1 0 8 0a4 4 0 1 0-8 0`,
    pass: `M${middleX - 4} ${middleY}l3 3 5-6`,
    'not-applicable': `M${middleX - 3} ${middleY}h6`,
  };
  return { state, isSeverity, x, y, d: shapes[state] ?? '' };
}
