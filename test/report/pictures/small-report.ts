// A report with nothing in it, to which a test adds the few things its picture is about.

import type { Moment, Report, ReportFinding, ReportNode, ReportOutcome } from '../../../src/report/report.ts';

export const gatheredAt = '2024-03-05T12:00:00Z';

export function smallReport(more: Partial<Report> = {}): Report {
  return {
    schema: 'drydock.report/1',
    tool: { name: 'drydock', version: '0.1.0', rulesDigest: 'sha256:0' },
    bundle: { name: 'small', kinds: ['must-gather'], gatheredAt, nodes: [], inputs: [] },
    findings: [],
    groups: [],
    outcomes: [],
    timeline: [],
    paths: [],
    coverage: { entries: 0, analysed: 0, empty: 0, notRelevant: 0, gap: 0, gaps: [], infos: [] },
    ...more,
  };
}

export function smallFinding(more: Partial<ReportFinding> = {}): ReportFinding {
  return {
    id: 'a'.repeat(64),
    rule: 'node-not-ready',
    catalog: [],
    pack: 'node-health',
    status: 'stable',
    severity: 'error',
    title: 'Node is not ready',
    subject: 'node w1',
    message: 'Since 10:00.',
    objects: [{ kind: 'Node', name: 'w1' }],
    evidence: [{ path: 'mg/nodes/w1.yaml', first: 1, last: 2, excerpt: 'x', binding: 'node' }],
    falsePositives: [],
    references: [],
    ...more,
  };
}

export const smallNode = (name: string, more: Partial<ReportNode> = {}): ReportNode => ({
  name,
  roles: ['worker'],
  ready: 'True',
  gathered: false,
  conditions: [],
  evidence: { path: `mg/nodes/${name}.yaml`, first: 2, last: 90 },
  ...more,
});

export const smallMoment = (time: string, more: Partial<Moment> = {}): Moment => ({
  time,
  clock: 'API',
  subject: 'node w1',
  text: 'Ready became False',
  evidence: { path: 'mg/nodes/w1.yaml', first: 4, last: 9 },
  kind: 'condition',
  tone: 'bad',
  object: { kind: 'Node', name: 'w1' },
  ...more,
});

export const smallOutcome = (rule: string, more: Partial<ReportOutcome> = {}): ReportOutcome => ({
  rule,
  title: rule,
  pack: 'node-health',
  verdict: 'pass',
  examined: 1,
  missing: [],
  errors: [],
  hints: [],
  ...more,
});
