// What a report says beside its findings, as Markdown: timeline, nodes, certificates, what was undecided, coverage.

import type { Gap, Info } from '../bundle/coverage.ts';
import { byKeys, groupBy } from './compare.ts';
import { countsOf, unanswered } from './finding-groups.ts';
import { meaningOf } from './gap-meanings.ts';
import { gatheredBy } from './gathered-by.ts';
import { cell, code, sentence } from './markdown-text.ts';
import { boundedMoments } from './picture-facts/bounded-moments.ts';
import { clocksView } from './pictures/clocks.ts';
import { roleOf, stateText, tallies, tallyText } from './pictures/node-state.ts';
import { resourcesView } from './pictures/resources.ts';
import type { Moment, Report, ReportOutcome } from './report.ts';
import { cutTo } from './visible.ts';
import { counted, grouped, placed, timed } from './wording.ts';

/** A report may hold more where findings tell of many moments. */
const mostMoments = 500;
const mostRows = 100;
const longestDetail = 2000;

/** A table with these headings; nothing where there is no row. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(headings), `|${headings.map(() => ':--').join('|')}|`, ...rows.map(line), ''];
}

export function timelineLines({ timeline, timelineLeftOut = [] }: Report): string[] {
  const { kept, leftOut } =
    timeline.length > mostMoments ? boundedMoments(timeline) : { kept: timeline, leftOut: [] as const };
  const left = [...timelineLeftOut, ...leftOut].reduce((sum, { moments }) => sum + moments, 0);
  if (kept.length + left === 0) return [];
  const rows = kept.map((moment) => [
    code(timed(moment.time)),
    code(moment.clock),
    code(moment.subject),
    `${toneMark(moment)}${sentence(moment.text)}${timesOf(moment)}`,
    code(placed(moment.evidence)),
  ]);
  return [
    '## Timeline',
    '',
    `${counted(kept.length, 'moment')}, each by the clock that wrote it.${left > 0 ? ` ${counted(left, 'further one')} of the same hours and kinds left out for length.` : ''}`,
    '',
    ...table(['Time', 'Clock', 'What', 'What happened', 'Place'], rows),
  ];
}

const toneMark = ({ tone }: Moment): string => (tone === 'bad' ? '✖ ' : tone === 'good' ? '✔ ' : '');
const timesOf = ({ count, until }: Moment): string =>
  count !== undefined && count > 1 ? ` ×${grouped(count)}${until ? ` until ${code(timed(until))}` : ''}` : '';

export function nodeLines(report: Report): string[] {
  const { nodes = [] } = report;
  if (nodes.length === 0) return [];
  const tallyOf = tallies(report);
  const rows = nodes.map((node) => [
    code(node.name),
    sentence(roleOf(node)),
    sentence(stateText(node)),
    tallyText(tallyOf(node.name)),
    node.gathered ? 'yes' : 'no',
    node.evidence ? code(placed(node.evidence)) : '',
  ]);
  const resources = resourcesView(report);
  const amounts = (words: readonly { readonly name: string; readonly text: string }[]) =>
    words.map(({ name, text }) => `${name} ${text}`).join(', ');
  const clocks = clocksView(report);
  return [
    '## Nodes',
    '',
    ...table(['Node', 'Role', 'State', 'Findings', 'Own files gathered', 'Place'], rows),
    resources.reason,
    '',
    ...table(
      ['Node', 'Pods', 'CPU', 'Memory'],
      resources.rows.map(({ name, pods, cpu, memory }) => [
        code(name),
        pods,
        sentence(amounts(cpu.words)),
        sentence(amounts(memory.words)),
      ]),
    ),
    [resources.more, resources.overcommit].filter(Boolean).join(' '),
    '',
    ...clocks.off.map(({ node, text, place }) => `- clock of ${code(node)}: ${sentence(text)} ${code(place)}`),
    ...[clocks.more, clocks.fine].filter(Boolean).map((text) => `- ${text}`),
    '',
  ];
}

export function certificateLines({ certificates = [] }: Report): string[] {
  if (certificates.length === 0) return [];
  const byEnd = [...certificates].sort(
    byKeys(({ notAfter, subject, holder }) => [Date.parse(notAfter) || 0, subject, holder]),
  );
  return [
    '## Certificates',
    '',
    ...table(
      ['Ends', 'Subject', 'Held by', 'Place'],
      byEnd.map(({ notAfter, subject, holder, copies, evidence }) => [
        code(timed(notAfter)),
        code(subject),
        `${code(holder)}${copies ? ` and ${counted(copies, 'copy', 'copies')}` : ''}`,
        code(placed(evidence)),
      ]),
    ),
  ];
}

export function undecidedLines({ bundle, outcomes }: Report): string[] {
  const missing = unanswered(outcomes);
  const broken = outcomes.filter(({ errors }) => errors.length > 0);
  const partly = outcomes.filter((outcome) => outcome.verdict !== 'no-data' && outcome.missing.length > 0);
  if (missing.length + broken.length + partly.length === 0) return [];
  return [
    '## What could not be decided',
    '',
    ...table(
      ['Missing', 'Files that would have answered', 'Gathered by', 'Rules that wait'],
      missing.map(({ missing: name, files, rules }) => [
        code(name),
        files.map(code).join(', ') || 'no known kind of bundle holds this',
        gatheredBy(files, bundle.kinds).map(code).join(', '),
        rules.map(({ rule }) => code(rule)).join(', '),
      ]),
    ),
    ...listOf(
      'Decided only for a part of the subjects:',
      partly.map(({ rule, missing: names }) => `${code(rule)} lacks ${names.map(code).join(', ')} for some`),
    ),
    ...listOf(
      'Rules that broke:',
      broken.flatMap(({ rule, errors }) => errors.map((error) => `${code(rule)}: ${sentence(error)}`)),
    ),
  ];
}

const listOf = (heading: string, entries: readonly string[]): string[] =>
  entries.length === 0 ? [] : [heading, '', ...entries.map((entry) => `- ${entry}`), ''];

export function coverageLines({ coverage }: Report): string[] {
  const { entries, analysed, empty, notRelevant, gap, gaps, infos } = coverage;
  return [
    '## Coverage',
    '',
    `${counted(entries, 'entry', 'entries')}: ${grouped(analysed)} analysed, ${grouped(empty)} empty, ${grouped(notRelevant)} not relevant, ${grouped(gap)} with a gap.`,
    '',
    ...byCode('Gaps', gaps),
    ...byCode('Notes, where nothing was lost', infos),
  ];
}

function byCode(heading: string, entries: readonly (Gap | Info)[]): string[] {
  const codes = [...groupBy<Gap | Info>(entries, (entry) => entry.code)].sort(
    byKeys(([name, same]) => [-same.length, name]),
  );
  if (codes.length === 0) return [];
  return [
    `**${heading}**`,
    '',
    ...codes.flatMap(([name, same]) => [
      `${code(name)} ×${grouped(same.length)} ${sentence(meaningOf(name))}`,
      '',
      ...same
        .slice(0, mostRows)
        .map(({ path, detail }) => `- ${code(path)} ${sentence(cutTo(detail, longestDetail))}`.trimEnd()),
      ...(same.length > mostRows ? [`- and ${grouped(same.length - mostRows)} more, in \`report.json\``] : []),
      '',
    ]),
  ];
}

export function passedLines(report: Report): string[] {
  const { verdicts } = countsOf(report);
  const of = (verdict: ReportOutcome['verdict']) => report.outcomes.filter((outcome) => outcome.verdict === verdict);
  const examined = of('pass').reduce((sum, outcome) => sum + outcome.examined, 0);
  return [
    '## Looked at and fine',
    '',
    `${counted(verdicts.pass, 'rule')} looked at ${counted(examined, 'subject')} and found nothing; ${grouped(verdicts['not-applicable'])} did not apply.`,
    '',
    ...byPack(of('pass')),
    ...listOf('Did not apply:', packLines(of('not-applicable'))),
  ];
}

const byPack = (outcomes: readonly ReportOutcome[]): string[] => [
  ...packLines(outcomes).map((line) => `- ${line}`),
  '',
];

function packLines(outcomes: readonly ReportOutcome[]): string[] {
  const packs = [...groupBy(outcomes, ({ pack }) => pack)].sort(byKeys(([pack]) => [pack]));
  return packs.map(
    ([pack, rules]) => `${code(pack) || 'other rules'}: ${rules.map(({ rule }) => code(rule)).join(', ')}`,
  );
}
