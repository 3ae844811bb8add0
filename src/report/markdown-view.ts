// The whole report as Markdown: all that the page says, in its order, for a file or a wiki. A comment is `render-comment.ts`.

import { askedAgainstGot } from './asked-against-got.ts';
import { findingGroups } from './finding-groups.ts';
import { differing, nodeText } from './html-asked.ts';
import { causesById, likelyCauses } from './likely-causes.ts';
import { markdownCauses } from './markdown-causes.ts';
import { findingSection, fullOf, severityWords } from './markdown-finding.ts';
import {
  certificateLines,
  coverageLines,
  nodeLines,
  passedLines,
  table,
  timelineLines,
  undecidedLines,
} from './markdown-lists.ts';
import { code, fenced, sentence } from './markdown-text.ts';
import { textOf } from './path/paths-view.ts';
import { shareText, verdictWord } from './path/trace-words.ts';
import type { Report, ReportEvidence, ReportPath, ReportSide } from './report.ts';
import { verdictLine } from './verdict-line.ts';
import { counted, grouped, placed, sized, timed } from './wording.ts';

const maxPaths = 20;
const pathColumns = 100;

/** Sections of lines; every word of the bundle in them is escaped. */
export function markdownView(report: Report): { readonly sections: readonly string[] } {
  const { headline, caveats } = verdictLine(report);
  const sections = [
    [
      `# ${code(report.bundle.name)}: ${headline}`,
      '',
      ...caveats.map((caveat) => `- ${caveat}`),
      '',
      ...factLines(report),
    ],
    causeLines(report),
    wrongLines(report),
    askedLines(report),
    pathLines(report),
    timelineLines(report),
    nodeLines(report),
    certificateLines(report),
    undecidedLines(report),
    coverageLines(report),
    passedLines(report),
  ];
  return { sections: sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')) };
}

function factLines({ bundle, tool }: Report): string[] {
  const cluster = [bundle.cluster?.version, bundle.cluster?.platform].filter(Boolean).join(' on ');
  const facts = [
    ['Kind', code(bundle.kinds.join(', '))],
    ['Cluster', code(cluster)],
    ['Cluster id', code(bundle.cluster?.id ?? '')],
    ['Gathered', bundle.gatheredAt ? code(timed(bundle.gatheredAt)) : 'unknown'],
    ...bundle.inputs.map(({ path, sha256, bytes }) => [
      'Input',
      `${code(path)} ${sized(bytes)} sha256 ${code(sha256)}`,
    ]),
    ['Made by', `${code(`${tool.name} ${tool.version}`)} rules ${code(tool.rulesDigest)}`],
  ];
  return table(
    ['Bundle', ''],
    facts.filter(([, text]) => text !== ''),
  );
}

function causeLines(report: Report): string[] {
  const causes = markdownCauses(report, likelyCauses(report).length);
  return causes.any ? ['## Likely root causes', '', ...causes.entries, '', causes.more] : [];
}

function wrongLines(report: Report): string[] {
  const groups = findingGroups(report.findings);
  if (groups.length === 0) return ['Nothing wrong was found.'];
  const causes = causesById(report);
  const seen = new Set<string>();
  const isShown = ({ path, first, last, excerpt }: ReportEvidence): boolean => {
    const key = JSON.stringify([path, first, last, excerpt]);
    return seen.has(key) || !seen.add(key);
  };
  return [
    '## What is wrong',
    '',
    ...table(
      ['', 'What', 'Subjects', 'Rule'],
      groups.map(({ severity, head, findings, rule }) => [
        severityWords[severity],
        sentence(head.title),
        grouped(findings.length),
        code(rule),
      ]),
    ),
    ...groups.flatMap((group) => [findingSection(group, fullOf(groups.length), (id) => causes.get(id), isShown), '']),
  ];
}

/** The finding has the whole path. */
const shortPlace = (evidence: ReportEvidence): string =>
  placed({ ...evidence, path: evidence.path.replace(/^.*\//, '…/') });

function askedLines(report: Report): string[] {
  const { comparisons, differences } = askedAgainstGot(report);
  if (comparisons.length + differences.length === 0) return [];
  const side = ({ text, evidence }: ReportSide) =>
    `${sentence(text)}${evidence ? ` ${code(shortPlace(evidence))}` : ''}`;
  const compared = comparisons.map(({ what, compared: all }) => `${sentence(what)} ${grouped(all)}`);
  return [
    '## Asked against got',
    '',
    `Compared: ${compared.join(', ') || 'nothing'}; ${differing(differences)}.`,
    '',
    ...table(
      ['Node', 'Whose', 'What', 'Asked', 'Got'],
      differences.map(({ node, subject, siblings, reconciled }) => [
        code(nodeText(node)),
        `${code(subject)}${siblings > 1 ? ` and ${counted(siblings - 1, 'equal sibling')}` : ''}`,
        sentence(reconciled.what),
        side(reconciled.asked),
        side(reconciled.got),
      ]),
    ),
  ];
}

function pathLines({ paths, findings }: Report): string[] {
  if (paths.length === 0) return [];
  const titles = new Map(findings.map(({ id, title }) => [id, title]));
  const left = paths.length - maxPaths;
  return [
    '## Packet paths',
    '',
    ...paths.slice(0, maxPaths).flatMap((path) => pathSection(path, (id) => titles.get(id))),
    ...(left > 0 ? [`${counted(left, 'further path')} in \`report.json\`.`] : []),
  ];
}

function pathSection(path: ReportPath, titleOf: (id: string) => string | undefined): string[] {
  const ends = path.trace.verdicts.map((share) => `${verdictWord(share.verdict)} ${shareText(share)}`).join(', ');
  const explained = [...new Set(path.findings.flatMap((id) => titleOf(id) ?? []))];
  return [
    `### ${code(path.title)}`,
    '',
    `${sentence(ends)}.${explained.length > 0 ? ` Explains ${explained.map((title) => `«${sentence(title)}»`).join(', ')}.` : ''}`,
    '',
    ...path.trace.notVisible.map((text) => `- not visible: ${sentence(text)}`),
    '',
    fenced(textOf(path, pathColumns).split('\n')),
    '',
  ];
}
