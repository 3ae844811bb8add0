// One group of findings as the page shows it: the first subjects with their evidence, the mass as a table.

import type { ObjectRef } from '../findings/outcome.ts';
import type { FindingGroup } from './finding-groups.ts';
import { distinctNames } from './finding-groups.ts';
import type { Place, ReportEvidence, ReportFinding } from './report.ts';
import { hostsOf, isSafeLink } from './runbook-html.ts';
import { nameLine, visible, visibleLine } from './visible.ts';
import { counted, grouped, placed, spanned } from './wording.ts';

/** Subjects shown with their evidence. */
const maxSubjects = 10;
/** Subjects listed after these, in a table. */
const maxRows = 500;
const maxEvidence = 6;
const maxNames = 6;

export function groupView(group: FindingGroup) {
  const { head, findings } = group;
  const shown = findings.slice(0, maxSubjects);
  const rows = findings.slice(maxSubjects, maxSubjects + maxRows);
  const unlisted = findings.length - shown.length - rows.length;
  const sameMessage = findings.length > 1 && findings.every((finding) => finding.message === head.message);
  return {
    anchor: anchorOf(group),
    severity: group.severity,
    severityWord: { critical: 'Critical', error: 'Error', warning: 'Warning', info: 'Note' }[group.severity],
    title: head.title,
    rule: nameLine(group.rule),
    pack: nameLine(head.pack),
    catalog: head.catalog.map(nameLine).join(', '),
    status: head.status === 'stable' ? '' : nameLine(head.status),
    count: grouped(findings.length),
    subjects: counted(findings.length, 'subject'),
    single: findings.length === 1,
    // Said once where all say the same.
    sharedMessage: sameMessage ? head.message : '',
    spread: [spreadOf('Namespaces', group.namespaces), spreadOf('Nodes', group.nodes)].filter((line) => line.text),
    shown: shown.map((finding, at) => subjectView(finding, at, sameMessage)),
    rows: rows.map((finding) => rowView(finding, sameMessage)),
    rowsCount: counted(rows.length, 'further subject'),
    withMessages: !sameMessage,
    unlisted: unlisted > 0 ? `${counted(unlisted, 'subject')} more, all in report.json.` : '',
    runbook: runbookOf(head),
  };
}

/** Where the first line stands; a path that is no path is cut, the lines are not. */
export const placeLine = (place: Place): string => placed({ ...place, path: nameLine(place.path) });

const anchorOf = (group: FindingGroup) => `r-${group.severity}-${group.rule.replace(/[^A-Za-z0-9_-]/g, '_')}`;

function spreadOf(label: string, names: FindingGroup['nodes']) {
  if (names.length < 2) return { label, text: '' };
  const shown = names.slice(0, maxNames).map(({ name, count }) => (count === 1 ? name : `${name} ×${grouped(count)}`));
  if (names.length > maxNames) shown.push(`${grouped(names.length - maxNames)} more`);
  return { label: `${grouped(names.length)} ${label.toLowerCase()}`, text: nameLine(shown.join(' · ')) };
}

function subjectView(finding: ReportFinding, at: number, sameMessage: boolean) {
  const evidence = finding.evidence.slice(0, maxEvidence);
  const more = finding.evidence.length - evidence.length;
  return {
    ...rowView(finding, sameMessage),
    open: at === 0,
    printed: at < 3,
    objects: finding.objects.map(objectText),
    evidence: evidence.map(evidenceView),
    moreEvidence: more > 0 ? `${counted(more, 'further place')} in report.json.` : '',
  };
}

function rowView(finding: ReportFinding, sameMessage: boolean) {
  const [first] = finding.evidence;
  return {
    id: `f-${finding.id.slice(0, 12)}`,
    subject: finding.subject,
    message: sameMessage ? '' : finding.message,
    namespace: distinctNames(finding, 'namespace').map(nameLine).join('\n'),
    node: distinctNames(finding, 'node').map(nameLine).join('\n'),
    place: first ? placeLine(first) : '',
  };
}

function objectText(object: ObjectRef) {
  const name = [object.namespace, object.name].filter((word) => word !== undefined).join('/');
  const kind = nameLine(object.kind);
  const node = object.node !== undefined && object.kind !== 'Node' ? nameLine(object.node) : '';
  return { kind, name: nameLine(object.kind === 'Node' ? (object.name ?? object.node ?? '') : name), node };
}

export function evidenceView(evidence: ReportEvidence) {
  const texts = evidence.excerpt === '' ? [] : visible(evidence.excerpt).split('\n');
  const total = evidence.last - evidence.first + 1;
  const cut = texts.length > 1 && texts.at(-1) === '…' && texts.length <= total;
  const lines = texts.map((text, at) => ({
    number: cut && at === texts.length - 1 ? '' : String(evidence.first + at),
    text,
  }));
  const path = nameLine(evidence.path);
  const left = cut ? total - texts.length + 1 : 0;
  return {
    path,
    folder: path.slice(0, path.lastIndexOf('/') + 1),
    base: path.slice(path.lastIndexOf('/') + 1),
    lines,
    span: spanned(evidence),
    binding: nameLine(evidence.binding),
    note: cut
      ? `${counted(left, 'further line')} up to ${evidence.last}`
      : texts.length === 0
        ? 'The text of these lines was not kept.'
        : '',
  };
}

function runbookOf(head: ReportFinding) {
  const sections = [
    { heading: 'What it means', text: head.meaning ?? '' },
    { heading: 'What it leads to', text: head.impact ?? '' },
    { heading: 'How to be sure', text: head.diagnosis ?? '' },
    { heading: 'What to do', text: head.remediation ?? '' },
  ].filter((section) => section.text.trim() !== '');
  const references = head.references.map((url) => ({
    href: isSafeLink(url) && !url.startsWith('#') ? visibleLine(url) : '',
    text: visibleLine(url),
  }));
  return {
    any: sections.length + references.length + head.falsePositives.length > 0,
    sections,
    hosts: hostsOf(head.references),
    falsePositives: head.falsePositives,
    anyFalsePositives: head.falsePositives.length > 0,
    references,
    anyReferences: references.length > 0,
  };
}
