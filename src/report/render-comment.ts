// The report as one comment for a ticket: what is wrong, why, where it is written and what to do first, under 8,000 characters.
//
// What does not fit is left out by whole entries, and the text says how many. No HTML and no folding: a tracker that does
// not know them would show the tags.

import { tallied } from './compare.ts';
import type { FindingGroup } from './finding-groups.ts';
import { countsOf, findingGroups, severities, unanswered } from './finding-groups.ts';
import { firstStep } from './first-step.ts';
import { gatheredBy } from './gathered-by.ts';
import { sealed } from './leak-gate.ts';
import { markdownCauses } from './markdown-causes.ts';
import { severityWords } from './markdown-finding.ts';
import { code, ruleMarkdown, sentence } from './markdown-text.ts';
import type { Report, ReportEvidence } from './report.ts';
import { hostsOf } from './runbook-html.ts';
import { verdictLine } from './verdict-line.ts';
import { cutTo, visibleLine } from './visible.ts';
import { counted, grouped, listed, placed, timed } from './wording.ts';

/** Fewer than that in bytes of UTF-8 too: no tracker counts more. */
const maxBytes = 7999;
const causesPart = 0.3;
/** What nobody could look at has its place, however much is wrong. */
const undecidedPart = 0.25;

const longestName = 120;
const longestPath = 200;
const longestText = 300;
const maxMissing = 6;
const maxCodes = 6;
const maxPlaces = 2;

const bytesOf = (text: string): number => Buffer.byteLength(text);
const name = (text: string): string => code(cutTo(visibleLine(text), longestName));
const said = (text: string): string => sentence(cutTo(visibleLine(text), longestText));
/** Of a long path, the end tells more. */
const place = ({ path, ...lines }: ReportEvidence): string => {
  const whole = visibleLine(path);
  const cut = whole.length > longestPath ? `…${whole.slice(-longestPath).replace(/^[\udc00-\udfff]/, '')}` : whole;
  return code(placed({ ...lines, path: cut }));
};

export function renderComment(report: Report): string {
  const head = headLines(report).map(sealed);
  const rest = restLines(report);
  const end = endLines(report).map(sealed);
  const fixed = bytesOf([...head, ...rest, ...end].join('\n')) + 12;
  let room = maxBytes - fixed;
  const undecided = sectionWithin(
    '## What could not be looked at',
    undecidedEntries(report),
    room * undecidedPart,
    'entry',
  );
  room -= bytesOf(undecided);
  const causes = causeSection(report, room * causesPart);
  room -= bytesOf(causes);
  const findings = findingsSection(report, room);
  const parts = [head.join('\n'), causes, findings, rest.join('\n'), undecided, end.join('\n')];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headLines(report: Report): string[] {
  const { bundle } = report;
  const { headline, caveats } = verdictLine(report);
  const cluster = [bundle.cluster?.version, bundle.cluster?.platform].filter(Boolean).join(' on ');
  const facts = [
    name(bundle.kinds.join(', ')),
    name(cluster),
    bundle.gatheredAt ? `gathered ${name(timed(bundle.gatheredAt))}` : 'time of gathering unknown',
  ];
  return [
    `## ${name(bundle.name) || 'Report'}: ${headline}`,
    '',
    facts.filter((text) => text !== '').join(', '),
    ...(caveats.length > 0 ? ['', ...caveats.map((caveat) => `- ${caveat}`)] : []),
  ];
}

function causeSection(report: Report, room: number): string {
  const { any, entries, more } = markdownCauses(report);
  if (!any) return '';
  return sectionWithin('## Likely root causes', entries, room, 'likely cause', more);
}

const isSerious = ({ severity }: FindingGroup): boolean => severity === 'critical' || severity === 'error';

function findingsSection(report: Report, room: number): string {
  const groups = findingGroups(report.findings);
  if (groups.length === 0) return '';
  const serious = groups.filter(isSerious);
  // Where nothing is serious, what there is.
  const [heading, shown, word] =
    serious.length > 0
      ? ['## Critical and errors', serious, 'serious finding']
      : ['## What was found', groups, 'finding'];
  return sectionWithin(heading, shown.map(findingEntry), room, word);
}

function findingEntry({ severity, head, findings }: FindingGroup): string {
  const more = findings.length > 1 ? ` and ${counted(findings.length - 1, 'further subject')}` : '';
  const [evidence] = head.evidence;
  const { text, of } = firstStep(head.remediation ?? '');
  return [
    `- ${severityWords[severity]}: **${said(head.title)}**`,
    `  - ${name(head.subject) || 'no name'}${more}: ${said(head.message)}`,
    ...(evidence ? [`  - written in ${place(evidence)}`] : []),
    ...(text === ''
      ? []
      : [`  - to do${of > 1 ? ` (1 of ${of})` : ''}: ${ruleMarkdown(text, hostsOf(head.references))}`]),
  ].join('\n');
}

/** What the entries above leave out by their kind. */
function restLines(report: Report): string[] {
  const groups = findingGroups(report.findings);
  if (!groups.some(isSerious)) return [];
  const { rules, findings } = countsOf(report);
  const others = severities
    .filter((severity) => (severity === 'warning' || severity === 'info') && rules[severity] > 0)
    .map((severity) => {
      const word = severity === 'info' ? 'note' : 'warning';
      return `${counted(rules[severity], word)} (${counted(findings[severity], 'subject')})`;
    });
  return others.length > 0 ? [`Also ${listed(others)}: in \`report.html\`.`] : [];
}

function undecidedEntries(report: Report): string[] {
  const { bundle, coverage, outcomes } = report;
  const missing = unanswered(outcomes);
  const broken = outcomes.filter(({ verdict }) => verdict === 'error').length;
  const codes = tallied(coverage.gaps.map((gap) => gap.code));
  const gaps = codes.slice(0, maxCodes).map(({ name: gap, count }) => `${code(gap)} ×${grouped(count)}`);
  return [
    ...(codes.length > 0
      ? [
          `- gaps: ${listed(codes.length > maxCodes ? [...gaps, counted(codes.length - maxCodes, 'other code')] : gaps)}`,
        ]
      : []),
    ...(broken > 0 ? [`- ${counted(broken, 'rule')} broke and decided nothing`] : []),
    ...missing.slice(0, maxMissing).map(({ missing: fact, files, rules }) => {
      const commands = gatheredBy(files, bundle.kinds).slice(0, maxPlaces).map(code);
      const places = files.slice(0, maxPlaces).map(name);
      const how = commands.length > 0 ? `gather with ${commands.join(' or ')}` : places.join(' or ');
      return `- no ${name(fact)}, ${counted(rules.length, 'rule waits', 'rules wait')}: ${how || 'no known kind of bundle holds this'}`;
    }),
    ...(missing.length > maxMissing
      ? [`- ${counted(missing.length - maxMissing, 'further kind')} of fact missing: in \`report.html\``]
      : []),
  ];
}

function endLines({ coverage, outcomes, tool }: Report): string[] {
  const passed = outcomes.filter(({ verdict }) => verdict === 'pass').length;
  return [
    `${counted(passed, 'rule')} found nothing wrong; ${grouped(coverage.analysed)} of ${counted(coverage.entries, 'entry', 'entries')} analysed, ${grouped(coverage.empty)} empty, ${grouped(coverage.notRelevant)} not relevant, ${grouped(coverage.gap)} with a gap.`,
    `All with its lines: \`report.html\`, \`report.md\`. Made by ${name(`${tool.name} ${tool.version}`)}, rules ${name(tool.rulesDigest.slice(0, 19))}.`,
  ];
}

/** The heading and the first entries that fit; what is left is counted, with `more` of before. Empty without entries. */
function sectionWithin(heading: string, told: readonly string[], room: number, word: string, more = ''): string {
  if (told.length === 0) return '';
  // What the leak gate would take out later would change the length.
  const entries = told.map(sealed);
  const leftLine = (left: number) =>
    left > 0
      ? `${counted(left, `more ${word}`, `more ${word === 'entry' ? 'entries' : `${word}s`}`)}: in \`report.html\`.`
      : more;
  const textOf = (shown: readonly string[]) => {
    const last = leftLine(entries.length - shown.length);
    return [heading, '', ...shown, ...(last === '' ? [] : ['', last])].join('\n');
  };
  let shown: readonly string[] = [];
  for (const entry of entries) {
    if (bytesOf(textOf([...shown, entry])) > room) break;
    shown = [...shown, entry];
  }
  return textOf(shown);
}
