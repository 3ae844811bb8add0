// A report as the page shows it: every word and number the template of `report.html` needs, and nothing to decide there.

import type { Severity } from '../findings/outcome.ts';
import { barOf } from './bar.ts';
import { byKeys, groupBy, tallied } from './compare.ts';
import { countsOf, distinctNames, findingGroups, severities } from './finding-groups.ts';
import { askedView } from './html-asked.ts';
import { coverageView } from './html-coverage.ts';
import { groupView, placeLine } from './html-finding.ts';
import { passedView, undecidedView } from './html-outcomes.ts';
import { pathsView } from './path/paths-view.ts';
import type { Report } from './report.ts';
import { verdictLine } from './verdict-line.ts';
import { nameLine } from './visible.ts';
import { counted, grouped, sized, timed } from './wording.ts';

/** The page stays usable in a browser: what goes beyond is said, and lies in report.json. */
const maxTimelineRows = 300;

export const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  error: 'Error',
  warning: 'Warning',
  info: 'Note',
};
const severityHeadings: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  error: 'Errors',
  warning: 'Warnings',
  info: 'Notes',
};

export function htmlView(report: Report) {
  const groups = findingGroups(report.findings);
  const counts = countsOf(report);
  const verdict = verdictLine(report);
  const severityViews = severities.map((severity) => {
    const views = groups.filter((group) => group.severity === severity).map(groupView);
    return {
      severity,
      word: severityWords[severity],
      heading: severityHeadings[severity],
      rules: grouped(counts.rules[severity]),
      subjects: counted(counts.findings[severity], 'subject'),
      none: views.length === 0,
      groups: views,
    };
  });
  const undecided = undecidedView(report.outcomes);
  return {
    title: nameLine(report.bundle.name),
    verdict,
    facts: bundleFacts(report),
    inputs: report.bundle.inputs.map((input) => ({
      path: nameLine(input.path),
      sha256: nameLine(input.sha256),
      size: sized(input.bytes),
    })),
    severities: severityViews,
    wrong: {
      count: grouped(groups.length),
      any: groups.length > 0,
      many: groups.length > 1,
      sections: severityViews.filter((view) => !view.none),
    },
    verdictBar: barOf([
      { key: 'fail', label: 'fail', count: counts.verdicts.fail },
      { key: 'error', label: 'broken', count: counts.verdicts.error },
      { key: 'no-data', label: 'no data', count: counts.verdicts['no-data'] },
      { key: 'pass', label: 'pass', count: counts.verdicts.pass },
      { key: 'not-applicable', label: 'not applicable', count: counts.verdicts['not-applicable'] },
    ]),
    rulesRun: counted(report.outcomes.length, 'rule'),
    asked: askedView(report),
    packetPaths: pathsView(report),
    undecided,
    passed: passedView(report.outcomes),
    coverage: coverageView(report.coverage),
    timeline: timelineView(report),
    filters: filtersOf(report),
    tool: {
      name: nameLine(report.tool.name),
      version: nameLine(report.tool.version),
      rulesDigest: nameLine(report.tool.rulesDigest),
    },
  };
}

function bundleFacts(report: Report) {
  const { bundle } = report;
  const cluster = [bundle.cluster?.version, bundle.cluster?.platform].filter((word) => word !== undefined);
  const nodes =
    bundle.nodes.length > 4 ? [...bundle.nodes.slice(0, 3), `${bundle.nodes.length - 3} more`] : bundle.nodes;
  const rows: [string, string][] = [
    ['Kind', bundle.kinds.join(', ')],
    ['Cluster', cluster.join(' on ')],
    ['Cluster id', bundle.cluster?.id ?? ''],
    ['Gathered', bundle.gatheredAt ? timed(bundle.gatheredAt) : 'unknown: nothing in the bundle says when'],
    [bundle.nodes.length === 1 ? 'Node' : 'Nodes', nodes.join(', ')],
  ];
  return rows.filter(([, text]) => text !== '').map(([name, text]) => ({ name, text: nameLine(text) }));
}

function timelineView(report: Report) {
  const shown = report.timeline.slice(0, maxTimelineRows);
  const hidden = report.timeline.length - shown.length;
  const days = groupBy(shown, (moment) => moment.time.slice(0, 10));
  return {
    any: shown.length > 0,
    count: counted(report.timeline.length, 'moment'),
    open: shown.length <= 25,
    more: hidden > 0 ? `${counted(hidden, 'later moment')} not shown here; all are in report.json.` : '',
    days: [...days].map(([day, moments]) => ({
      day: nameLine(day),
      moments: moments.map((moment) => ({
        clock: moment.clock === moment.evidence.path ? '' : nameLine(moment.clock),
        time: nameLine(timed(moment.time).slice(11) || moment.time),
        iso: nameLine(moment.time),
        subject: moment.subject,
        text: moment.text,
        place: placeLine(moment.evidence),
      })),
    })),
  };
}

// Choices of the filters; one choice is none.
function filtersOf(report: Report) {
  const choices = (words: readonly string[]) => {
    const names = tallied(words).sort(byKeys((entry) => [entry.name]));
    return { any: names.length > 1, names: names.slice(0, 500).map(({ name }) => nameLine(name)) };
  };
  return {
    any: report.findings.length > 1,
    packs: choices(report.findings.map((finding) => finding.pack)),
    namespaces: choices(report.findings.flatMap((finding) => distinctNames(finding, 'namespace'))),
    nodes: choices(report.findings.flatMap((finding) => distinctNames(finding, 'node'))),
  };
}
