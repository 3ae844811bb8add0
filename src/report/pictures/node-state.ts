// What the pictures say of a node: its role, its state in words, and its findings by severity.

import type { Severity } from '../../findings/outcome.ts';
import { distinctNames, severities } from '../finding-groups.ts';
import type { Report, ReportNode } from '../report.ts';
import { counted, listed } from '../wording.ts';

export type NodeState = 'ready' | 'down' | 'unknown' | 'untold';
const stateWords: Readonly<Record<NodeState, string>> = {
  ready: 'ready',
  down: 'not ready',
  unknown: 'no longer reports',
  untold: 'without a Node object',
};

export const stateOf = ({ ready }: ReportNode): NodeState =>
  ready === undefined ? 'untold' : ready === 'True' ? 'ready' : ready === 'False' ? 'down' : 'unknown';

/** `ready, cordoned`, `not ready, MemoryPressure`. */
export function stateText(node: ReportNode): string {
  const conditions = node.conditions.filter(({ type, status }) => type !== 'Ready' && status === 'True');
  const more = [...(node.unschedulable ? ['cordoned'] : []), ...conditions.map(({ type }) => type)];
  return [stateWords[stateOf(node)], ...more].join(', ');
}

export type Tally = Readonly<Record<Severity, number>>;
const none: Tally = { critical: 0, error: 0, warning: 0, info: 0 };

/** Findings of each node, by severity: those whose objects name it. */
export function tallies(report: Report): (name: string) => Tally {
  const found = new Map<string, Record<Severity, number>>();
  for (const finding of report.findings) {
    for (const name of distinctNames(finding, 'node')) {
      const tally = found.get(name) ?? { ...none };
      tally[finding.severity] += 1;
      found.set(name, tally);
    }
  }
  return (name) => found.get(name) ?? none;
}

export const worstOf = (tally: Tally): Severity | undefined => severities.find((severity) => tally[severity] > 0);
export const totalOf = (tally: Tally): number => severities.reduce((sum, severity) => sum + tally[severity], 0);

/** `2 errors and 1 warning`; `nothing found`. */
export function tallyText(tally: Tally): string {
  const parts = severities
    .filter((severity) => tally[severity] > 0)
    .map((severity) =>
      severity === 'critical'
        ? `${tally[severity]} critical`
        : counted(tally[severity], severity === 'info' ? 'note' : severity),
    );
  return parts.length === 0 ? 'nothing found' : listed(parts);
}

/** The first that applies: a node may have several roles. */
export function roleOf({ roles }: ReportNode): string {
  if (roles.includes('control-plane') || roles.includes('master')) return 'Control plane';
  if (roles.includes('infra')) return 'Infra';
  const [other] = roles.filter((role) => role !== 'worker' && role !== 'node');
  if (other !== undefined && !roles.includes('worker')) return other;
  return roles.length === 0 ? 'No role told' : 'Worker';
}
