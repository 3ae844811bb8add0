// The view of the index for both pages: what is shown of how much, in which words.

import type { Severity } from '../../findings/outcome.ts';
import { byKeys } from '../compare.ts';
import { severities } from '../finding-groups.ts';
import { counted, grouped, listed, timed } from '../wording.ts';
import type { ChangedFindings, FleetIndex, IndexBundle, IndexCluster, IndexRule, IndexRun } from './fleet-index.ts';
import { type HeatCell, heatCells, heatOf } from './heat.ts';

/** How a page shows a name or a sentence that a bundle may have said. */
export interface Shown {
  name(text: string): string;
  text(text: string): string;
}

export interface Bounds {
  readonly bundles: number;
  readonly rules: number;
  readonly clusters: number;
  readonly findings: number;
  readonly failures: number;
}

const words: Record<Severity, string> = { critical: 'Critical', error: 'Error', warning: 'Warning', info: 'Note' };

export function indexView(index: FleetIndex, shown: Shown, bounds: Bounds) {
  const { bundles, failures, rules, clusters, method } = index;
  const place = new Map(rules.map(({ rule }, at) => [rule, at]));
  const fresh = newByFolder(clusters);
  const heat = heatOf(index);
  const cellsOf = heatCells(heat);
  const outliers = bundles.filter(({ outlier }) => outlier);
  const rare = rules.filter((rule) => rule.rare).sort(byKeys((rule) => [rule.bundles, rule.rule]));
  return {
    title: counted(bundles.length + failures.length, 'bundle'),
    headline: headlineOf(index),
    method,
    notes: notesOf(outliers, rare, shown),
    bundles: bundles.slice(0, bounds.bundles).map((bundle) => bundleRow(bundle, place, fresh, shown)),
    isCrowd: bundles.length > crowd,
    moreBundles: more(bundles.length, bounds.bundles, 'further bundle'),
    anyRules: rules.length > 0,
    rules: rules
      .slice(0, bounds.rules)
      .map((rule) => ({ ...ruleRow(rule, shown), cells: cellsOf(rule.rule).map(cellRow) })),
    moreRules: more(rules.length, bounds.rules, 'further rule'),
    columns: heat.columns.map((column) => ({
      label: shown.name(column.label),
      count: heat.isSingle ? '' : grouped(column.bundles.length),
    })),
    cellMeaning: heat.isSingle
      ? 'The columns on the right are the bundles, with the number of subjects for which the rule fires; «?» where it lacks data.'
      : 'The columns on the right are groups of bundles by kind and version, with the number of bundles in which the rule fires: the darker, the larger its share of those in which it could decide; «?» where it lacks data in all of them.',
    clusters: byNew(clusters)
      .slice(0, bounds.clusters)
      .map((cluster) => clusterRow(cluster, shown, bounds.findings)),
    moreClusters: more(clusters.length, bounds.clusters, 'further cluster'),
    anyClusters: clusters.length > 0,
    manyClusters: clusters.length > few,
    manyFailures: failures.length > few,
    failures: failures
      .slice(0, bounds.failures)
      .map((failure) => ({ name: shown.name(failure.name), reason: shown.text(failure.reason) })),
    failureCount: grouped(failures.length),
    moreFailures: more(failures.length, bounds.failures, 'further one'),
  };
}

/** More than these are shown in a box of their own, so that the bundles are not far below. */
const few = 8;

/** More rows than these are laid out when they come into view. */
const crowd = 200;

/** Where something new fails first. */
const byNew = (clusters: readonly IndexCluster[]): IndexCluster[] =>
  [...clusters].sort(byKeys(({ id, runs }) => [-(runs.at(-1)?.since?.new?.count ?? 0), id]));

const more = (count: number, bound: number, word: string): string =>
  count > bound ? `${counted(count - bound, word)} in index.json.` : '';

function headlineOf({ bundles, failures, clusters }: FleetIndex): string {
  const sick = bundles.filter(({ rules }) => rules.length > 0).length;
  const unknown = bundles.filter(isUnknown).length;
  const calm = bundles.length - sick - unknown;
  const partly = bundles.filter(({ gaps }) => gaps > 0).length;
  const fresh = clusters.filter(({ runs }) => (runs.at(-1)?.since?.new?.count ?? 0) > 0).length;
  const parts = [
    ...(sick > 0 ? [`${grouped(sick)} with findings`] : []),
    ...(calm > 0 ? [`${grouped(calm)} with nothing wrong in what could be looked at`] : []),
    ...(unknown > 0 ? [`${grouped(unknown)} of which nothing could be decided`] : []),
    ...(partly > 0 ? [`${grouped(partly)} with gaps in what could be read`] : []),
    ...(failures.length > 0 ? [`${grouped(failures.length)} without a report`] : []),
    ...(fresh > 0 ? [`${counted(fresh, 'cluster')} with something new since the run before`] : []),
  ];
  return `${listed(parts)}. The worst come first.`;
}

const isUnknown = ({ rules, verdicts }: IndexBundle): boolean => rules.length === 0 && verdicts.pass === 0;

const namedOutliers = 5;

function notesOf(outliers: readonly IndexBundle[], rare: readonly IndexRule[], { name }: Shown): string[] {
  const some = (texts: readonly string[]) =>
    listed(
      texts.length > namedOutliers ? [...texts.slice(0, namedOutliers), `${texts.length - namedOutliers} more`] : texts,
    );
  return [
    outliers.length > 0 &&
      `Unusually many rules fire in ${some(outliers.map((bundle) => `${name(bundle.name)} (${bundle.outlier?.rules}, median ${bundle.outlier?.median})`))}.`,
    rare.length > 0 &&
      `Rare in this fleet: ${some(rare.map(({ rule, bundles, decided }) => `${name(rule)} (${bundles} of ${decided})`))}.`,
  ].filter((note): note is string => note !== false);
}

interface Fresh {
  readonly text: string;
  readonly isNew: boolean;
}

/** What is new in a report since the run before, by its folder. */
function newByFolder(clusters: readonly IndexCluster[]): ReadonlyMap<string, Fresh> {
  const fresh = new Map<string, Fresh>();
  for (const { runs } of clusters) {
    for (const { folder, since } of runs) {
      const count = since?.new?.count;
      fresh.set(folder, {
        text: since === undefined ? 'first' : count === undefined ? 'unknown' : grouped(count),
        isNew: (count ?? 0) > 0,
      });
    }
  }
  return fresh;
}

const hrefOf = ({ folder, page }: { readonly folder: string; readonly page: string }): string =>
  `${folder}/${page}`.split('/').map(encodeURIComponent).join('/');

function bundleRow(
  bundle: IndexBundle,
  place: ReadonlyMap<string, number>,
  fresh: ReadonlyMap<string, Fresh>,
  { name }: Shown,
) {
  const { verdicts, findings, rules, gaps, cluster } = bundle;
  const worst = severities.find((severity) => findings[severity] > 0);
  const since = fresh.get(bundle.folder);
  return {
    name: name(bundle.name),
    href: hrefOf(bundle),
    kind: name(bundle.kinds.join(', ')),
    version: name(cluster?.version ?? ''),
    platform: name(cluster?.platform ?? ''),
    cluster: name(cluster?.id ?? ''),
    gathered: name(bundle.gatheredAt ? timed(bundle.gatheredAt).slice(0, 16) : ''),
    mark: worst ?? (isUnknown(bundle) ? 'unknown' : 'fine'),
    counts: severities.map((severity) => {
      const count = rules.filter((rule) => rule.severity === severity).length;
      return { severity, count: grouped(count), none: count === 0 };
    }),
    rules: [...new Set(rules.map(({ rule }) => place.get(rule)))].join(' '),
    states: [
      bundle.outlier && 'outlier',
      gaps > 0 && 'gaps',
      rules.length === 0 && (isUnknown(bundle) ? 'unknown' : 'fine'),
      since?.isNew && 'new',
    ]
      .filter(Boolean)
      .join(' '),
    outlier: bundle.outlier !== undefined,
    undecided: grouped(verdicts['no-data'] + verdicts.error),
    gaps: grouped(gaps),
    since: since?.text ?? '',
    isNew: since?.isNew ?? false,
  };
}

function ruleRow(rule: IndexRule, { name, text }: Shown) {
  return {
    severity: rule.severity,
    word: words[rule.severity],
    title: text(rule.title),
    rule: name(rule.rule),
    href: `rule=${encodeURIComponent(rule.rule.toWellFormed())}`,
    bundles: grouped(rule.bundles),
    decided: grouped(rule.decided),
    share: percent(rule.share),
    noData: grouped(rule.noData + rule.broken),
    subjects: grouped(rule.subjects),
    rare: rule.rare === true,
  };
}

const percent = (share: number): string => (share < 0.01 ? 'under 1 %' : `${Math.round(share * 100)} %`);

const cellRow = ({ count, level, isUnknown }: HeatCell) => ({
  level: isUnknown ? 'unknown' : level,
  text: isUnknown ? '?' : count === 0 ? '' : grouped(count),
});

function clusterRow({ id, runs }: IndexCluster, shown: Shown, bound: number) {
  const steps = runs.map((run) => runRow(run, shown, bound));
  const latest = steps.at(-1);
  return {
    id: shown.name(id),
    count: counted(runs.length, 'run'),
    latest: latest ? [latest] : [],
    earlier: steps.slice(0, -1).reverse(),
  };
}

function runRow({ folder, page, names, gatheredAt, since }: IndexRun, shown: Shown, bound: number) {
  const count = (of: number | undefined) => (of === undefined ? '' : grouped(of));
  return {
    name: names.map(shown.name).join(', '),
    href: hrefOf({ folder, page }),
    gathered: shown.name(gatheredAt ? timed(gatheredAt) : 'at an unknown time'),
    isFirst: since === undefined,
    why: since?.why === undefined ? '' : shown.text(since.why),
    new: count(since?.new?.count),
    isNew: (since?.new?.count ?? 0) > 0,
    fixed: count(since?.fixed?.count),
    still: count(since?.still === undefined ? undefined : since.still + (since.changed ?? 0)),
    gone: count(since?.gone),
    notComparable: count(since?.notComparable),
    findings: changedRows(since?.new, shown, bound),
    moreFindings: more(since?.new?.count ?? 0, bound, 'further new finding'),
  };
}

const changedRows = (changed: ChangedFindings | undefined, { name, text }: Shown, bound: number) =>
  (changed?.findings ?? []).slice(0, bound).map(({ severity, title, subject }) => ({
    severity,
    word: words[severity],
    title: text(title),
    subject: name(subject),
  }));
