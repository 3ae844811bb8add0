// A report as text for a ticket: the whole in a table, the worst with evidence, and a word on what was left out.

import { askedAgainstGot } from './asked-against-got.ts';
import { tallied } from './compare.ts';
import type { FindingGroup } from './finding-groups.ts';
import { countsOf, findingGroups, unanswered } from './finding-groups.ts';
import { differing, nodeText } from './html-asked.ts';
import { cell, code, fenced, ruleMarkdown, sentence } from './markdown-text.ts';
import { textOf } from './path/paths-view.ts';
import { shareText, verdictWord } from './path/trace-words.ts';
import type { Report, ReportEvidence, ReportFinding, ReportPath, ReportSide } from './report.ts';
import { hostsOf, isSafeLink } from './runbook-html.ts';
import { verdictLine } from './verdict-line.ts';
import { counted, grouped, placed, timed } from './wording.ts';

const maxTableRows = 25;
const maxMissing = 8;
const maxDifferences = 20;
const maxGapCodes = 8;
const maxSubjects = 3;
const maxPaths = 3;
const pathColumns = 100;
/** Of the room of the findings, so much is kept for the packet paths. */
const pathsPart = 0.4;
/** Fewer lines of a path than these tell nothing. */
const leastPathLines = 12;
const maxLines = 12;
const maxLineLength = 160;

const words = { critical: '🛑 critical', error: '🔴 error', warning: '⚠️ warning', info: 'ℹ️ note' } as const;

/** `room` is how many characters the sections on findings may take. */
export function markdownView(report: Report, room: number) {
  const groups = findingGroups(report.findings);
  const verdict = verdictLine(report);
  const wanted = pathsWithin(report, room * pathsPart).sections;
  const sections = sectionsWithin(groups, room - lengthOf(wanted));
  // What the findings leave, the paths may have.
  const paths = pathsWithin(report, room - lengthOf(sections));
  const left = groups.length - sections.length;
  const { coverage, bundle, tool } = report;
  const { verdicts } = countsOf(report);
  const missing = unanswered(report.outcomes);
  const broken = report.outcomes.filter((outcome) => outcome.verdict === 'error');
  const codes = tallied(coverage.gaps.map((gap) => gap.code));
  return {
    name: code(bundle.name),
    headline: verdict.headline,
    caveats: verdict.caveats,
    facts: [
      ['Kind', code(bundle.kinds.join(', '))],
      ['Cluster', code([bundle.cluster?.version, bundle.cluster?.platform].filter(Boolean).join(' on '))],
      ['Gathered', bundle.gatheredAt ? code(timed(bundle.gatheredAt)) : 'unknown'],
      [
        'Input',
        bundle.inputs.map((input) => `${code(input.path)} sha256 ${code(input.sha256.slice(0, 12))}`).join(', '),
      ],
      ['Made by', `${code(`${tool.name} ${tool.version}`)} rules ${code(tool.rulesDigest.slice(0, 19))}`],
    ]
      .filter(([, text]) => text !== '')
      .map(([name, text = '']) => ({ name, text: cell(text) })),
    any: groups.length > 0,
    rows: groups.slice(0, maxTableRows).map((group) => ({
      severity: words[group.severity],
      title: cell(sentence(group.head.title)),
      count: grouped(group.findings.length),
      rule: cell(code(group.rule)),
    })),
    moreRows:
      groups.length > maxTableRows
        ? `${counted(groups.length - maxTableRows, 'further rule')} in the full report.`
        : '',
    sections,
    left:
      left > 0
        ? `${counted(left, 'finding')} of the table ${left === 1 ? 'is' : 'are'} not spelled out here, for length; see the full report.`
        : '',
    asked: askedLines(report),
    paths,
    passed: `${counted(verdicts.pass, 'rule')} passed, ${grouped(verdicts['not-applicable'])} did not apply.`,
    undecided: missing.length + broken.length > 0,
    missing: missing.slice(0, maxMissing).map((entry) => ({
      name: cell(code(entry.missing)),
      rules: counted(entry.rules.length, 'rule'),
      files:
        entry.files.length > 0
          ? cell(entry.files.slice(0, 3).map(code).join(', '))
          : 'no known kind of bundle holds this',
    })),
    moreMissing:
      missing.length > maxMissing
        ? `${counted(missing.length - maxMissing, 'further kind')} of fact missing, in the full report.`
        : '',
    broken: broken
      .slice(0, maxMissing)
      .map((outcome) => `${code(outcome.rule)} broke: ${sentence(outcome.errors[0] ?? '')}`),
    coverage: `${counted(coverage.entries, 'entry', 'entries')}: ${grouped(coverage.analysed)} analysed, ${grouped(coverage.empty)} empty, ${grouped(coverage.notRelevant)} not relevant, ${grouped(coverage.gap)} with a gap.`,
    gaps: codes
      .slice(0, maxGapCodes)
      .map(({ name, count }) => `${code(name)} ×${grouped(count)}`)
      .join(', '),
  };
}

const lengthOf = (sections: readonly string[]): number => sections.reduce((sum, { length }) => sum + length, 0);

/** The finding has the whole path. */
const shortPlace = (evidence: ReportEvidence): string =>
  placed({ ...evidence, path: evidence.path.replace(/^.*\//, '…/') });

function askedLines(report: Report) {
  const { comparisons, differences } = askedAgainstGot(report);
  const side = ({ text, evidence }: ReportSide) =>
    cell(`${sentence(text)}${evidence ? ` ${code(shortPlace(evidence))}` : ''}`);
  const left = differences.length - maxDifferences;
  const compared = comparisons.map(({ what, compared: all }) => `${sentence(what)} ${grouped(all)}`);
  return {
    any: comparisons.length + differences.length > 0,
    sentence: `Compared: ${compared.join(', ') || 'nothing'}; ${differing(differences)}.`,
    anyDifference: differences.length > 0,
    rows: differences.slice(0, maxDifferences).map(({ node, subject, siblings, reconciled }) => ({
      node: cell(code(nodeText(node))),
      subject: cell(`${code(subject)}${siblings > 1 ? ` and ${counted(siblings - 1, 'equal sibling')}` : ''}`),
      what: cell(sentence(reconciled.what)),
      asked: side(reconciled.asked),
      got: side(reconciled.got),
    })),
    more: left > 0 ? `${counted(left, 'further difference')} in the full report.` : '',
  };
}

/** The first paths as text, folded; what does not fit of one is cut at its end. */
function pathsWithin({ paths }: Report, room: number) {
  const shown = paths.slice(0, maxPaths);
  let free = room;
  const sections = shown.flatMap((path, at) => {
    const section = pathSection(path, free / (shown.length - at));
    if (section.length > free) return [];
    free -= section.length;
    return [section];
  });
  const left = paths.length - sections.length;
  return {
    any: paths.length > 0,
    sections,
    more: left > 0 ? `${counted(left, 'packet path')} in the full report alone.` : '',
  };
}

function pathSection(path: ReportPath, room: number): string {
  const ends = path.trace.verdicts.map((share) => `${verdictWord(share.verdict)} ${shareText(share)}`).join(', ');
  const head = `- **${code(path.title)}**: ${ends}`;
  const frame = [head, '', '  <details><summary>Every step</summary>', '', '', '', '  </details>'];
  const fixed = frame.join('\n').length + 60;
  const lines = textOf(path, pathColumns).split('\n');
  let used = fixed;
  const kept = lines.findIndex((line) => {
    used += line.length + 3;
    return used > room;
  });
  if (kept >= 0 && kept < leastPathLines) return head;
  const cut =
    kept < 0
      ? lines
      : [...lines.slice(0, kept), `… ${counted(lines.length - kept, 'further line')} in the full report`];
  return frame.with(4, fenced(cut, '  ')).join('\n');
}

// What is wrong comes before what to do: runbooks are given, the worst first, where the sections leave room for them.
function sectionsWithin(groups: readonly FindingGroup[], room: number): string[] {
  let left = room;
  const fits = (text: string): boolean => {
    if (text.length > left) return false;
    left -= text.length;
    return true;
  };
  const sections: string[] = [];
  for (const group of groups) {
    const section = findingSection(group);
    if (!fits(section)) break;
    sections.push(section);
  }
  return sections.map((section, at) => {
    const runbook = `\n\n${runbookSection((groups[at] as FindingGroup).head)}`;
    return fits(runbook) ? section + runbook : section;
  });
}

function findingSection(group: FindingGroup): string {
  const { head, findings } = group;
  const shown = findings.slice(0, maxSubjects);
  const count = findings.length > 1 ? ` (${grouped(findings.length)} subjects)` : '';
  const lines = [`### ${words[group.severity]}: ${sentence(head.title)}${count}`, '', code(group.rule), ''];
  for (const finding of shown) lines.push(...subjectLines(finding, head));
  if (findings.length > shown.length)
    lines.push(`- and ${counted(findings.length - shown.length, 'further subject')} in the full report`);
  return lines.join('\n');
}

function subjectLines(finding: ReportFinding, head: ReportFinding): string[] {
  const [evidence] = finding.evidence;
  const repeated = finding !== head && finding.message === head.message;
  const lines = [`- **${code(finding.subject)}**${repeated ? '' : ` ${sentence(finding.message)}`}`];
  if (!evidence) return lines;
  const more = finding.evidence.length > 1 ? ` and ${counted(finding.evidence.length - 1, 'other place')}` : '';
  if (finding !== head) return [`${lines[0]} ${code(placed(evidence))}${more}`];
  return [...lines, `  ${code(placed(evidence))}${more}`, ...(evidence.excerpt ? ['', numbered(evidence)] : []), ''];
}

function numbered(evidence: ReportEvidence): string {
  const lines = evidence.excerpt.split('\n');
  const shown = lines.slice(0, maxLines);
  const width = String(evidence.first + shown.length - 1).length;
  const texts = shown.map((line, at) => {
    const text = line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line;
    return `${String(evidence.first + at).padStart(width)} | ${text}`;
  });
  if (lines.length > maxLines) texts.push(`${' '.repeat(width)} | … up to line ${evidence.last}`);
  return fenced(texts, '  ');
}

function runbookSection(head: ReportFinding): string {
  const hosts = hostsOf(head.references);
  const parts = [
    ['What it means', head.meaning],
    ['What it leads to', head.impact],
    ['How to be sure', head.diagnosis],
    ['What to do', head.remediation],
  ].flatMap(([heading, text]) => (text ? [`**${heading}**`, '', ruleMarkdown(text, hosts), ''] : []));
  const falsePositives = head.falsePositives.map((text) => `- ${sentence(text)}`);
  const references = head.references.map(
    (url) => `- ${isSafeLink(url) && /^[\w:/.?&=%#~+-]+$/.test(url) ? `<${url}>` : code(url)}`,
  );
  return [
    '<details><summary>What it means and what to do</summary>',
    '',
    ...parts,
    ...(falsePositives.length ? ['**When this is no trouble**', '', ...falsePositives, ''] : []),
    ...(references.length ? ['**Read more**', '', ...references, ''] : []),
    '</details>',
  ].join('\n');
}
