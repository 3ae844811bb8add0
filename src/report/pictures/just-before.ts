// What changed just before something failed: moments of the same node, namespace or operator, and changes of the whole.

import { byKeys, groupBy } from '../compare.ts';
import { distinctNames, severities } from '../finding-groups.ts';
import { placeLine, subjectAnchor } from '../html-finding.ts';
import type { Moment, Report, ReportFinding } from '../report.ts';
import { nameLine } from '../visible.ts';
import { counted, timed } from '../wording.ts';

/** Longer ago, and what happened rarely has to do with it. */
const beforeMillis = 15 * 60_000;
const mostFindings = 12;
const mostMoments = 8;
/** What concerns every node and namespace. */
const wholeKinds = new Set(['ClusterVersion', 'MachineConfigPool']);

/** For each rule with a critical or an error finding that has a time: its first moment, and what came before. */
export function justBeforeView(report: Report) {
  const told = firstMoments(report);
  const entries = told.map(({ finding, moment }) => {
    const before = momentsBefore(report.timeline, finding, moment);
    const shown = before.slice(-mostMoments);
    return {
      severity: finding.severity,
      title: finding.title,
      subject: finding.subject,
      href: `#${subjectAnchor(finding.id)}`,
      when: timed(moment.time),
      count: before.length,
      more:
        before.length > shown.length
          ? `${counted(before.length - shown.length, 'earlier moment')} in report.json.`
          : '',
      moments: shown.map((each) => ({
        lag: lagText(Date.parse(moment.time) - Date.parse(each.time)),
        iso: nameLine(each.time),
        tone: each.tone ?? 'plain',
        subject: each.subject,
        text: each.text,
        clock: each.clock === moment.clock || each.clock === each.evidence.path ? '' : nameLine(each.clock),
        place: placeLine(each.evidence),
      })),
    };
  });
  const withMoments = entries.filter(({ count }) => count > 0);
  const silent = entries.length - withMoments.length;
  return {
    any: entries.length > 0,
    entries: withMoments.slice(0, mostFindings),
    more:
      withMoments.length > mostFindings
        ? `${counted(withMoments.length - mostFindings, 'further finding')} with moments before them in report.json.`
        : '',
    silent:
      silent === 0
        ? ''
        : `Before ${counted(silent, withMoments.length > 0 ? 'other timed finding' : 'timed finding')} of this severity the bundle records nothing within 15 minutes.`,
  };
}

function firstMoments(report: Report): { readonly finding: ReportFinding; readonly moment: Moment }[] {
  const byId = new Map(
    report.findings
      .filter(({ severity }) => severity === 'critical' || severity === 'error')
      .map((finding) => [finding.id, finding]),
  );
  const timed = report.timeline.flatMap((moment) => {
    const finding = byId.get(moment.finding ?? '');
    return finding && Number.isFinite(Date.parse(moment.time)) ? [{ finding, moment }] : [];
  });
  // The timeline is in order of time, so the first of a rule is its earliest.
  const first = [...groupBy(timed, ({ finding }) => finding.rule).values()].flatMap((same) => same.slice(0, 1));
  return first.sort(
    byKeys(({ finding, moment }) => [severities.indexOf(finding.severity), Date.parse(moment.time), finding.rule]),
  );
}

export function momentsBefore(timeline: readonly Moment[], finding: ReportFinding, moment: Moment): Moment[] {
  const at = Date.parse(moment.time);
  const nodes = new Set(distinctNames(finding, 'node'));
  const namespaces = new Set(distinctNames(finding, 'namespace'));
  const names = new Set(finding.objects.map(({ kind, name }) => `${kind} ${name}`));
  const concerns = ({ object, kind }: Moment): boolean => {
    if (!object) return false;
    if (wholeKinds.has(object.kind) || (object.kind === 'Node' && kind === 'change')) return true;
    if (nodes.has(object.node ?? '') || (object.kind === 'Node' && nodes.has(object.name ?? ''))) return true;
    return namespaces.has(object.namespace ?? '') || names.has(`${object.kind} ${object.name}`);
  };
  return timeline.filter((each) => {
    const time = Date.parse(each.time);
    return time >= at - beforeMillis && time < at && each.finding !== finding.id && concerns(each);
  });
}

/** `0:05` before, as minutes and seconds. */
function lagText(millis: number): string {
  const seconds = Math.round(millis / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
