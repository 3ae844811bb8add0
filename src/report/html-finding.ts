// One group of findings as the page shows it: the first subjects with their evidence, the mass as a table.

import type { ObjectRef } from '../findings/outcome.ts';
import type { FindingGroup } from './finding-groups.ts';
import { distinctNames } from './finding-groups.ts';
import { anyPlace, type ExcerptPlace } from './html-excerpts.ts';
import { maxEvidence, type Share } from './page-plan.ts';
import type { Place, ReportEvidence, ReportFinding } from './report.ts';
import { hostsOf, isSafeLink } from './runbook-html.ts';
import { nameLine, visible, visibleLine } from './visible.ts';
import { counted, grouped, placed, spanned } from './wording.ts';

const maxNames = 6;
/** A folder named after the digest of an image stands before most paths of a must-gather; it is shown cut. */
const longRoot = /^.*?sha256-[0-9a-f]{24,}\//;
/** Longer excerpts scroll within themselves. */
const longExcerpt = 14;
/** What all places of a table have in common is said once, if it is so long. */
const longFolder = 16;

type Shelf = (evidence: ReportEvidence) => ExcerptPlace;

/** `share` says how much of it stands on the page, `shelf` which excerpts stand there already. */
export function groupView(group: FindingGroup, share: Share, shelf: Shelf) {
  const { head, findings } = group;
  const shown = findings.slice(0, share.full);
  const rows = findings.slice(share.full, share.full + share.rows);
  const unlisted = findings.length - shown.length - rows.length;
  const folder = commonFolder(rows);
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
    where: head.subject,
    single: findings.length === 1 && shown.length === 1,
    // Said once where all say the same.
    sharedMessage: sameMessage ? head.message : '',
    spread: [spreadOf('Namespaces', group.namespaces), spreadOf('Nodes', group.nodes)].filter((line) => line.text),
    shown: shown.map((finding, at) => subjectView(finding, at, sameMessage, shelf)),
    rows: rows.map((finding) => rowView(finding, sameMessage, folder)),
    rowsCount: counted(rows.length, shown.length > 0 ? 'further subject' : 'subject'),
    folder: nameLine(folder),
    withMessages: !sameMessage,
    unlisted: unlisted > 0 ? `${counted(unlisted, 'subject')} more, all in report.json.` : '',
    runbook: share.runbook ? runbookOf(head) : noRunbook,
    runbookElsewhere: !share.runbook && runbookOf(head).any,
  };
}

/** The folder in which all places of a table lie; none where it is not worth a sentence. */
function commonFolder(findings: readonly ReportFinding[]): string {
  const paths = findings.flatMap(({ evidence: [first] }) => (first ? [first.path] : []));
  const [one = ''] = paths;
  if (paths.length < 2) return '';
  let length = one.lastIndexOf('/') + 1;
  for (const path of paths) {
    while (length > 0 && !path.startsWith(one.slice(0, length))) length = one.lastIndexOf('/', length - 2) + 1;
  }
  return length < longFolder ? '' : one.slice(0, length);
}

/** Where the first line stands; a path that is no path is cut, the lines are not. */
export const placeLine = (place: Place): string => placed({ ...place, path: nameLine(place.path) });

/** The id of a finding on the page. */
export const subjectAnchor = (id: string): string => `f-${id.slice(0, 12)}`;

/** The id of the entry of a group on the page. */
export const anchorOf = (group: Pick<FindingGroup, 'severity' | 'rule'>): string =>
  `r-${group.severity}-${group.rule.replace(/[^A-Za-z0-9_-]/g, '_')}`;

function spreadOf(label: string, names: FindingGroup['nodes']) {
  if (names.length < 2) return { label, text: '' };
  const shown = names.slice(0, maxNames).map(({ name, count }) => (count === 1 ? name : `${name} ×${grouped(count)}`));
  if (names.length > maxNames) shown.push(`${grouped(names.length - maxNames)} more`);
  return { label: `${grouped(names.length)} ${label.toLowerCase()}`, text: nameLine(shown.join(' · ')) };
}

function subjectView(finding: ReportFinding, at: number, sameMessage: boolean, shelf: Shelf) {
  const evidence = finding.evidence.slice(0, maxEvidence);
  const more = finding.evidence.length - evidence.length;
  return {
    ...rowView(finding, sameMessage, ''),
    open: at === 0,
    printed: at < 3,
    objects: finding.objects.map(objectText),
    evidence: evidence.map((each) => evidenceView(each, shelf(each))),
    moreEvidence: more > 0 ? `${counted(more, 'further place')} in report.json.` : '',
  };
}

function rowView(finding: ReportFinding, sameMessage: boolean, folder: string) {
  const [first] = finding.evidence;
  return {
    id: subjectAnchor(finding.id),
    subject: finding.subject,
    message: sameMessage ? '' : finding.message,
    namespace: distinctNames(finding, 'namespace').map(nameLine).join('\n'),
    node: distinctNames(finding, 'node').map(nameLine).join('\n'),
    place: first ? placeLine({ ...first, path: first.path.slice(folder.length) }) : '',
  };
}

function objectText(object: ObjectRef) {
  const name = [object.namespace, object.name].filter((word) => word !== undefined).join('/');
  const kind = nameLine(object.kind);
  const node = object.node !== undefined && object.kind !== 'Node' ? nameLine(object.node) : '';
  return { kind, name: nameLine(object.kind === 'Node' ? (object.name ?? object.node ?? '') : name), node };
}

/** `place` says where these lines stand already. */
export function evidenceView(evidence: ReportEvidence, place: ExcerptPlace = anyPlace) {
  const texts = evidence.excerpt === '' ? [] : visible(evidence.excerpt).split('\n');
  const total = evidence.last - evidence.first + 1;
  const cut = texts.length > 1 && texts.at(-1) === '…' && texts.length <= total;
  const lines = texts.map((text, at) => ({
    number: cut && at === texts.length - 1 ? '' : String(evidence.first + at),
    text,
  }));
  const path = nameLine(evidence.path);
  const root = longRoot.exec(path)?.[0] ?? '';
  const left = cut ? total - texts.length + 1 : 0;
  return {
    path,
    root,
    folder: path.slice(root.length, path.lastIndexOf('/') + 1),
    base: path.slice(path.lastIndexOf('/') + 1),
    lines: place.same === '' ? lines : [],
    span: spanned(evidence),
    binding: nameLine(evidence.binding),
    ...place,
    long: lines.length > longExcerpt,
    note:
      place.same !== ''
        ? ''
        : cut
          ? `${counted(left, 'further line')} up to ${evidence.last}`
          : texts.length === 0
            ? 'The text of these lines was not kept.'
            : '',
  };
}

const noRunbook = {
  any: false,
  open: false,
  sections: [],
  hosts: [],
  falsePositives: [],
  anyFalsePositives: false,
  references: [],
  anyReferences: false,
};

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
    open: false,
    sections,
    hosts: hostsOf(head.references),
    falsePositives: head.falsePositives,
    anyFalsePositives: head.falsePositives.length > 0,
    references,
    anyReferences: references.length > 0,
  };
}
