// How much of each group of findings stands on the page, so that a browser opens it at once; the rest lies in report.json.

import type { FindingGroup } from './finding-groups.ts';
import type { Report, ReportFinding } from './report.ts';

/** What a group gets: its first subjects in full, the next as rows of a table, its runbook or a hint to report.json. */
export interface Share {
  readonly full: number;
  readonly rows: number;
  readonly runbook: boolean;
}

/** Subjects in full in one group: the eleventh tells nothing new. */
const maxFull = 10;
export const maxEvidence = 6;

/** More entries than this have no heading on the page. */
export const maxGroups = 1500;

/** Of the five million bytes a page may have; the rest is for what these estimates leave out. */
const pageBytes = 4_850_000;
/** Head, style, script, pictures, timeline and coverage, which have bounds of their own. */
const usualBytes = 600_000;
const comparisonBytes = 2700;
const mostComparisons = 300;
const outcomeBytes = 190;
const headBytes = 1000;
const shareOfFirsts = 0.22;
const shareOfRunbooks = 0.25;

/** What the other sections leave for the findings. */
export function roomForFindings({ findings, outcomes }: Pick<Report, 'findings' | 'outcomes'>): number {
  const comparisons = Math.min(mostComparisons, findings.filter(({ reconciles }) => reconciles).length);
  return pageBytes - usualBytes - comparisonBytes * comparisons - outcomeBytes * outcomes.length;
}

/**
 * Shares in the order of the groups, which is that of severity. First comes one subject of each group with its evidence,
 * then the runbooks, then as many subjects as there is room for in tables, then the evidence of some of these.
 */
export function sharesOf(groups: readonly FindingGroup[], roomBytes: number): Share[] {
  const most = Math.max(0, roomBytes - headBytes * groups.length);
  const firsts = purse(most * shareOfFirsts);
  const first = groups.map(({ head }) => firsts.pays(subjectBytes(head)));
  const runbooks = purse(most * shareOfRunbooks);
  const runbook = groups.map(({ head }) => runbooks.pays(runbookBytes(head)));
  const rest = purse(most * (1 - shareOfFirsts - shareOfRunbooks) + firsts.left() + runbooks.left());
  const rows = groups.map(({ findings }, at) => {
    const others = findings.slice(first[at] ? 1 : 0);
    const unpaid = others.findIndex((finding) => !rest.pays(rowBytes(finding)));
    return unpaid < 0 ? others.length : unpaid;
  });
  return groups.map(({ findings }, at) => {
    if (!first[at]) return { full: 0, rows: rows[at] ?? 0, runbook: runbook[at] ?? false };
    const next = findings.slice(1, Math.min(maxFull, 1 + (rows[at] ?? 0)));
    const unpaid = next.findIndex((finding) => !rest.pays(subjectBytes(finding) - rowBytes(finding)));
    const further = unpaid < 0 ? next.length : unpaid;
    return { full: 1 + further, rows: (rows[at] ?? 0) - further, runbook: runbook[at] ?? false };
  });
}

function purse(bytes: number) {
  let left = bytes;
  return {
    left: () => left,
    pays(cost: number): boolean {
      if (cost > left) return false;
      left -= cost;
      return true;
    },
  };
}

function subjectBytes(finding: ReportFinding): number {
  const shown = finding.evidence.slice(0, maxEvidence);
  const evidence = shown.map(({ path, excerpt }) => 330 + bytesOf(path) + bytesOf(excerpt) + 80 * linesOf(excerpt));
  const objects = finding.objects.map(({ namespace = '', name = '' }) => 90 + bytesOf(namespace) + bytesOf(name));
  return 300 + rowBytes(finding) + sum(evidence) + sum(objects);
}

/** The folder that all places of a table share is said once. */
const ownPath = 70;
function rowBytes({ subject, message, objects, evidence: [first] }: ReportFinding): number {
  const names = objects.map(({ namespace = '', node = '' }) => bytesOf(namespace) + bytesOf(node));
  return 125 + sum(names) + bytesOf(subject) + bytesOf(message) + bytesOf(first?.path.slice(-ownPath) ?? '');
}

function runbookBytes(head: ReportFinding): number {
  const { meaning = '', impact = '', diagnosis = '', remediation = '', falsePositives, references } = head;
  const texts = [meaning, impact, diagnosis, remediation, ...falsePositives, ...references, ...references];
  return 500 + sum(texts.map((text) => 60 + 1.2 * bytesOf(text)));
}

/** In HTML: some characters are written as references of up to six bytes. */
const bytesOf = (text: string): number => Buffer.byteLength(text) + 5 * (text.match(/[&<>"'`=\p{Cc}]/gu)?.length ?? 0);
const linesOf = (text: string): number => text.split('\n').length;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
