// Two bundles, or two reports, become one diff. Pure: the same two sides give the same bytes.

import { timed } from '../report/wording.ts';
import type { Rule } from '../rules/rule.ts';
import { type Diff, type DiffSide, diffSchema } from './diff.ts';
import { compareFindings } from './findings.ts';
import { createJudge } from './judge.ts';
import { compareSettings } from './settings.ts';
import { openSide, type Side, type SideParts } from './side.ts';
import type { Table } from './table.ts';

export interface DiffParts {
  readonly tool: Diff['tool'];
  readonly before: Omit<SideParts, 'which'>;
  readonly after: Omit<SideParts, 'which'>;
  /** By id; what a rule looks at tells what a bundle must hold to be asked. */
  readonly rules: ReadonlyMap<string, Rule>;
  readonly table: Table;
}

export function buildDiff({ tool, rules, table, ...parts }: DiffParts): Diff {
  const before = openSide({ ...parts.before, which: 'before' });
  const after = openSide({ ...parts.after, which: 'after' });
  const isOther = areOfTwoClusters(before, after);
  const settings = compareSettings(before, after, table);
  return {
    schema: diffSchema,
    tool: { name: tool.name, version: tool.version },
    before: sideOf(before),
    after: sideOf(after),
    warnings: warningsOf(before, after, settings.why),
    findings: compareFindings(
      before,
      after,
      createJudge(after, before, rules, isOther),
      createJudge(before, after, rules, isOther),
    ),
    rules: { onlyBefore: onlyIn(before, after), onlyAfter: onlyIn(after, before) },
    settings,
  };
}

function sideOf({ report, from }: Side): DiffSide {
  const { bundle, tool, findings, coverage } = report;
  return {
    name: bundle.name,
    kinds: bundle.kinds,
    ...(bundle.gatheredAt !== undefined && { gatheredAt: bundle.gatheredAt }),
    ...(bundle.cluster && { cluster: bundle.cluster }),
    tool,
    inputs: bundle.inputs,
    from,
    findings: findings.length,
    gaps: coverage.gaps.length,
  };
}

function areOfTwoClusters(before: Side, after: Side): boolean {
  const [a, b] = [before.report.bundle.cluster?.id, after.report.bundle.cluster?.id];
  return a !== undefined && b !== undefined && a !== b;
}

function warningsOf(before: Side, after: Side, settings: string | undefined): string[] {
  const [a, b] = [before.report, after.report];
  const warnings: string[] = [];
  if (areOfTwoClusters(before, after)) {
    warnings.push(
      `These are two clusters: ${a.bundle.cluster?.id} before, ${b.bundle.cluster?.id} after. What is shown is how they differ; nothing of it was fixed or broken.`,
    );
  } else if (isUnsure(before, after)) {
    warnings.push('Nothing in the bundles tells that they are of one cluster, and they have no node in common.');
  }
  const [earlier, later] = [a.bundle.gatheredAt, b.bundle.gatheredAt];
  if (earlier === undefined || later === undefined) {
    const sides = [earlier === undefined ? 'before' : '', later === undefined ? 'after' : ''].filter(Boolean);
    warnings.push(
      `Nothing tells when the bundle ${sides.join(' and ')} was gathered: the order is that of the command line.`,
    );
  } else if (Date.parse(later) < Date.parse(earlier)) {
    warnings.push(
      `The bundle after was gathered ${timed(later)}, which is before ${timed(earlier)}: give them the other way round.`,
    );
  }
  for (const { report, which } of [before, after]) {
    const { gaps } = report.coverage;
    if (gaps.length > 0)
      warnings.push(
        `The bundle ${which} could not be read as a whole (gaps: ${gaps.length}); what lies in a gap is not comparable.`,
      );
  }
  if (a.tool.rulesDigest !== b.tool.rulesDigest || a.tool.version !== b.tool.version)
    warnings.push(
      `The reports were made with different rules or versions: ${toolText(a.tool)} before, ${toolText(b.tool)} after. What is new may be new to the rules alone.`,
    );
  if (settings !== undefined) warnings.push(`${settings.charAt(0).toUpperCase()}${settings.slice(1)}`);
  return warnings;
}

const toolText = ({ version, rulesDigest }: { readonly version: string; readonly rulesDigest: string }): string =>
  `${version} with rules ${rulesDigest.slice(0, 'sha256:'.length + 12)}`;

function isUnsure(before: Side, after: Side): boolean {
  const [a, b] = [before.report.bundle, after.report.bundle];
  if (a.cluster?.id !== undefined && a.cluster.id === b.cluster?.id) return false;
  return !a.nodes.some((node) => b.nodes.includes(node));
}

function onlyIn(one: Side, other: Side): string[] {
  const known = new Set(other.report.outcomes.map(({ rule }) => rule));
  return one.report.outcomes
    .map(({ rule }) => rule)
    .filter((rule) => !known.has(rule))
    .sort();
}
