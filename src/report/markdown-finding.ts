// A group of findings as a section of the Markdown report: runbook, subjects with their places, and the lines themselves.

import type { Severity } from '../findings/outcome.ts';
import type { FindingGroup } from './finding-groups.ts';
import { code, fenced, ruleMarkdown, sentence } from './markdown-text.ts';
import type { ReportEvidence, ReportFinding } from './report.ts';
import { hostsOf, isSafeLink } from './runbook-html.ts';
import { counted, grouped, placed } from './wording.ts';

/** The eleventh subject tells nothing new: it has its places, and its lines stand in report.json. */
const maxFull = 10;
/** Of all groups together; of each at least one. */
const maxFullOfAll = 1000;

/** How many subjects of each group have their lines, where there are so many groups. */
export const fullOf = (groups: number): number =>
  Math.max(1, Math.min(maxFull, Math.floor(maxFullOfAll / Math.max(1, groups))));

export const severityWords: Readonly<Record<Severity, string>> = {
  critical: '🛑 critical',
  error: '🔴 error',
  warning: '⚠️ warning',
  info: 'ℹ️ note',
};

/** For each finding that follows from another: which one, and how. */
export type CauseOf = (id: string) => { readonly cause: ReportFinding; readonly why: string } | undefined;

/** The first `most` subjects have their lines; `isShown` tells whether these stand further up already, and remembers them. */
export function findingSection(
  { head, findings, severity, rule }: FindingGroup,
  most: number,
  causeOf: CauseOf,
  isShown: (evidence: ReportEvidence) => boolean,
): string {
  const count = findings.length > 1 ? ` (${grouped(findings.length)} subjects)` : '';
  const marks = [rule, ...head.catalog, ...(head.status === 'stable' ? [] : [head.status])];
  const [full, others] = [findings.slice(0, most), findings.slice(most)];
  return [
    `### ${severityWords[severity]}: ${sentence(head.title)}${count}`,
    '',
    [...marks, head.pack].filter(Boolean).map(code).join(' · '),
    '',
    ...full.flatMap((finding) => [...subjectLines(finding, head, causeOf), ...evidenceLines(finding, isShown), '']),
    ...(others.length > 0
      ? [`And ${counted(others.length, 'further subject')}, whose lines are in \`report.json\`:`, '']
      : []),
    ...others.flatMap((finding) => subjectLines(finding, head, causeOf, placesOf(finding))),
    '',
    ...runbookLines(head),
  ].join('\n');
}

function subjectLines(finding: ReportFinding, head: ReportFinding, causeOf: CauseOf, places = ''): string[] {
  const repeated = finding !== head && finding.message === head.message;
  const cause = causeOf(finding.id);
  const objects = finding.objects.map(({ kind, namespace, name, node }) =>
    [kind, [namespace, name].filter(Boolean).join('/'), node && kind !== 'Node' ? `on ${node}` : '']
      .filter(Boolean)
      .join(' '),
  );
  return [
    `- **${code(finding.subject) || 'no name'}**${repeated ? '' : ` ${sentence(finding.message)}`}${places}`,
    ...(cause
      ? [`  - follows from «${sentence(cause.cause.title)}» ${code(cause.cause.subject)}: ${sentence(cause.why)}`]
      : []),
    ...(places === '' && objects.length > 0 ? [`  - speaks of ${objects.map(code).join(', ')}`] : []),
  ];
}

const placesOf = ({ evidence }: ReportFinding): string => ` ${evidence.map((each) => code(placed(each))).join(', ')}`;

function evidenceLines({ evidence }: ReportFinding, isShown: (evidence: ReportEvidence) => boolean): string[] {
  return evidence.flatMap((each) => {
    const place = `  - ${code(placed(each))}`;
    if (each.excerpt === '') return [`${place}, the text of which was not kept`];
    if (isShown(each)) return [`${place}, shown above`];
    return [place, '', numbered(each), ''];
  });
}

function numbered({ excerpt, first, last }: ReportEvidence): string {
  const texts = excerpt.split('\n');
  const isCut = texts.length > 1 && texts.at(-1) === '…';
  const width = String(first + texts.length - 1).length;
  const lines = texts.map((text, at) =>
    isCut && at === texts.length - 1
      ? `${' '.repeat(width)} | … up to line ${last}`
      : `${String(first + at).padStart(width)} | ${text}`,
  );
  return fenced(lines, '    ');
}

function runbookLines(head: ReportFinding): string[] {
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
  const lines = [
    ...parts,
    ...(falsePositives.length ? ['**When this is no trouble**', '', ...falsePositives, ''] : []),
    ...(references.length ? ['**Read more**', '', ...references, ''] : []),
  ];
  if (lines.length === 0) return [];
  return ['<details><summary>What it means and what to do</summary>', '', ...lines, '</details>'];
}
