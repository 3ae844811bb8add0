// A report as the page shows it: every word and number the template of `report.html` needs, and nothing to decide there.

import type { Severity } from '../findings/outcome.ts';
import { barOf } from './bar.ts';
import { byKeys, tallied } from './compare.ts';
import { countsOf, distinctNames, findingGroups, severities } from './finding-groups.ts';
import { askedView } from './html-asked.ts';
import { causesView, withCauses } from './html-causes.ts';
import { coverageView } from './html-coverage.ts';
import { excerptShelf } from './html-excerpts.ts';
import { anchorOf, groupView, subjectAnchor } from './html-finding.ts';
import { passedView, undecidedView } from './html-outcomes.ts';
import { maxGroups, roomForFindings, sharesOf } from './page-plan.ts';
import { pathsView } from './path/paths-view.ts';
import { certificatesView } from './pictures/certificate-axis.ts';
import { nodeMapView } from './pictures/node-map.ts';
import { overviewView } from './pictures/overview.ts';
import { resourcesView } from './pictures/resources.ts';
import { timelineView } from './pictures/timeline.ts';
import type { Report } from './report.ts';
import { verdictLine } from './verdict-line.ts';
import { nameLine } from './visible.ts';
import { counted, grouped, sized, timed } from './wording.ts';

/** So many entries are laid out only when they come into view. */
const crowd = 60;
/** A list to choose from; the address of the page takes any other name as well. */
const maxChoices = 500;

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
  const shown = groups.slice(0, maxGroups);
  const shares = sharesOf(shown, roomForFindings(report));
  const shelf = excerptShelf();
  const entries = shown.map((group, at) => groupView(group, shares[at] ?? noShare, shelf));
  const groupViews = withCauses(entries.map(openedFirst), report);
  const severityViews = severities.map((severity) => {
    const views = groupViews.filter((group) => group.severity === severity);
    return {
      severity,
      word: severityWords[severity],
      heading: severityHeadings[severity],
      rules: grouped(counts.rules[severity]),
      tile: counts.rules[severity] === 1 ? severityWords[severity] : severityHeadings[severity],
      subjects: counted(counts.findings[severity], 'subject'),
      none: views.length === 0,
      groups: views,
    };
  });
  const undecided = undecidedView(report.outcomes, report.bundle.kinds);
  const view = {
    title: nameLine(report.bundle.name),
    verdict,
    facts: bundleFacts(report),
    inputs: report.bundle.inputs.map((input) => ({
      path: nameLine(input.path),
      sha256: nameLine(input.sha256),
      size: sized(input.bytes),
    })),
    causes: causesView(report),
    severities: severityViews,
    wrong: {
      count: grouped(groups.length),
      any: groups.length > 0,
      many: groups.length > 1,
      crowd: groups.length > crowd,
      more:
        groups.length > shown.length
          ? `${counted(groups.length - shown.length, 'further finding')}, all in report.json.`
          : '',
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
    overview: overviewView(report),
    timeline: timelineView(report),
    nodeMap: nodeMapView(report),
    resources: resourcesView(report),
    certificates: certificatesView(report),
    filters: filtersOf(report),
    tool: {
      name: nameLine(report.tool.name),
      version: nameLine(report.tool.version),
      rulesDigest: nameLine(report.tool.rulesDigest),
    },
  };
  return withLinksOnPage(view, linksElsewhere(report, groupViews));
}

/** What to do about the worst is seen without a click. */
const openedFirst = <T extends { readonly runbook: object }>(entry: T, at: number): T =>
  at === 0 ? { ...entry, runbook: { ...entry.runbook, open: true } } : entry;

const noShare = { full: 0, rows: 0, runbook: false };

/** Links to findings for which the page has no room, with the entry of their rule in their place. */
function linksElsewhere(report: Report, groups: readonly ReturnType<typeof groupView>[]): Map<string, string> {
  const shown = new Set(groups.flatMap(({ shown: full, rows }) => [...full, ...rows].map(({ id }) => id)));
  const missing = report.findings.filter(({ id }) => !shown.has(subjectAnchor(id)));
  const anchors = new Set(groups.map(({ anchor }) => anchor));
  const placeOf = (anchor: string) => (anchors.has(anchor) ? `#${anchor}` : '#wrong');
  return new Map(missing.map((finding) => [`#${subjectAnchor(finding.id)}`, placeOf(anchorOf(finding))]));
}

/** Every link into the page leads somewhere, whoever made it. */
function withLinksOnPage<T>(view: T, elsewhere: ReadonlyMap<string, string>): T {
  if (elsewhere.size === 0) return view;
  const mended = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(mended);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'href' && typeof inner === 'string' ? (elsewhere.get(inner) ?? inner) : mended(inner),
      ]),
    );
  };
  return mended(view) as T;
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

// Choices of the filters; one choice is none.
function filtersOf(report: Report) {
  const choices = (words: readonly string[]) => {
    const names = tallied(words.filter((word) => word !== '')).sort(byKeys((entry) => [entry.name]));
    return { any: names.length > 1, names: names.slice(0, maxChoices).map(({ name }) => nameLine(name)) };
  };
  return {
    packs: choices([...report.findings, ...report.outcomes].map(({ pack }) => pack)),
    namespaces: choices(report.findings.flatMap((finding) => distinctNames(finding, 'namespace'))),
    nodes: choices(report.findings.flatMap((finding) => distinctNames(finding, 'node'))),
  };
}
