// The section "Asked against got" as the page shows it: a group of rows for each node, both pieces of evidence side by side.

import { askedAgainstGot, type Difference } from './asked-against-got.ts';
import { groupBy } from './compare.ts';
import { evidenceView } from './html-finding.ts';
import type { Report, ReportEvidence, ReportSide } from './report.ts';
import { nameLine } from './visible.ts';
import { counted, grouped } from './wording.ts';

/** Beyond these, the differences lie in report.json. */
const maxRows = 300;
/** Enough to see the value; the finding shows the rest. */
const maxLines = 8;

export function askedView(report: Report) {
  const { comparisons, differences } = askedAgainstGot(report);
  const compared = comparisons.reduce((sum, each) => sum + each.compared, 0);
  const shown = differences.slice(0, maxRows);
  const left = differences.length - shown.length;
  return {
    any: comparisons.length + differences.length > 0,
    count: grouped(differences.length),
    sentence:
      compared === 0
        ? `Nothing could be compared; ${differing(differences)}.`
        : `${counted(compared, 'comparison')} of what was asked for with what the machines have: ${differing(differences)}.`,
    comparisons: comparisons.map(({ what, compared: all, differing: some }) => ({
      what: nameLine(what),
      compared: grouped(all),
      differing: some > 0 ? `${grouped(some)} differ${some === 1 ? 's' : ''}` : '',
    })),
    anyDifference: shown.length > 0,
    nodes: [...groupBy(shown, ({ node }) => node)].map(([node, rows]) => ({
      node: nodeText(node),
      rows: rows.map(rowView),
    })),
    more: left > 0 ? `${counted(left, 'further difference')} in report.json.` : '',
  };
}

export function differing(differences: readonly Difference[]): string {
  const count = (some: readonly Difference[]) => some.reduce((sum, { siblings }) => sum + siblings, 0);
  const differ = count(differences.filter(({ reconciled }) => !reconciled.event));
  const happened = count(differences.filter(({ reconciled }) => reconciled.event));
  const words = [
    differ > 0 ? counted(differ, 'difference') : happened > 0 ? '' : 'all agree',
    happened > 0 ? `${grouped(happened)} killed or throttled` : '',
  ];
  return words.filter(Boolean).join('; ');
}

/** Siblings may run on several nodes. */
export function nodeText(node: string): string {
  if (node === '') return 'Node not known';
  const names = node.split('\n');
  return names.length === 1 ? nameLine(node) : `${counted(names.length, 'node')}: ${nameLine(names.join(', '))}`;
}

function rowView({ finding, reconciled, subject, siblings }: Difference) {
  return {
    href: `#f-${finding.id.slice(0, 12)}`,
    severity: finding.severity,
    subject,
    siblings: siblings > 1 ? `and ${counted(siblings - 1, 'equal sibling')}` : '',
    what: nameLine(reconciled.what),
    asked: sideView(reconciled.asked),
    got: sideView(reconciled.got),
  };
}

function sideView({ text, evidence }: ReportSide) {
  return { text, evidence: evidence ? [{ ...evidenceView(withoutIndent(headOf(evidence))), binding: '' }] : [] };
}

function headOf(evidence: ReportEvidence): ReportEvidence {
  const lines = evidence.excerpt.split('\n');
  if (lines.length <= maxLines + 1) return evidence;
  return { ...evidence, excerpt: [...lines.slice(0, maxLines), '…'].join('\n') };
}

/** Half a page is narrow: what all lines are indented by is left out. */
function withoutIndent(evidence: ReportEvidence): ReportEvidence {
  const lines = evidence.excerpt.split('\n');
  const indents = lines
    .filter((line) => line.trim() !== '' && line !== '…')
    .map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents);
  if (indents.length === 0 || indent === 0) return evidence;
  return { ...evidence, excerpt: lines.map((line) => (line === '…' ? line : line.slice(indent))).join('\n') };
}
