// The report as SARIF 2.1.0, for viewers and trackers that know findings of other tools.

import type { Severity } from '../findings/outcome.ts';
import { countsOf } from './finding-groups.ts';
import type { Report, ReportEvidence, ReportFinding } from './report.ts';
import { notificationDescriptors, notificationsOf } from './sarif-notifications.ts';
import { sarifRule } from './sarif-rule.ts';
import { inputId, levelOf, located, plain, uriOf } from './sarif-text.ts';
import { visible, visibleJson } from './visible.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

export function renderSarif(report: Report): string {
  const log = { $schema: schema, version: '2.1.0', runs: [runOf(report)] };
  return visibleJson(`${jsonOf(log, 1)}\n`);
}

/** A viewer shows these strings as they are: what steers it or turns a line around must be readable by then. */
const jsonOf = (value: object, indent?: number): string =>
  JSON.stringify(value, (_, each) => (typeof each === 'string' ? visible(each) : each), indent);

function runOf(report: Report): object {
  const { tool, bundle, findings, outcomes, coverage } = report;
  const { verdicts, findings: severities } = countsOf(report);
  const heads = new Map([...findings].reverse().map((finding) => [finding.rule, finding]));
  const indexOf = new Map(outcomes.map(({ rule }, at) => [rule, at]));
  const { gaps, infos, ...entries } = coverage;
  return {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        rules: outcomes.map((outcome) => sarifRule(outcome, heads.get(outcome.rule))),
        notifications: notificationDescriptors(report),
        properties: { rulesDigest: tool.rulesDigest },
      },
    },
    invocations: [
      {
        // As the exit code has it: a report with gaps, or with rules that broke, is not the whole answer.
        executionSuccessful: gaps.length === 0 && verdicts.error === 0,
        toolExecutionNotifications: notificationsOf(report, indexOf),
      },
    ],
    originalUriBaseIds: { [inputId]: { description: { text: 'Where the input lies: a folder or an archive.' } } },
    results: findings.map((finding) => resultOf(finding, indexOf)),
    redactionTokens: ['[redacted]'],
    columnKind: 'utf16CodeUnits',
    properties: {
      bundle,
      verdicts,
      findings: severities,
      coverage: { ...entries, gaps: gaps.length, infos: infos.length },
    },
  };
}

function resultOf(finding: ReportFinding, indexOf: ReadonlyMap<string, number>): object {
  const [first, ...others] = finding.evidence;
  const logical = logicalLocations(finding);
  const named = logical.length === 0 ? {} : { logicalLocations: logical };
  return {
    ruleId: finding.rule,
    ruleIndex: indexOf.get(finding.rule) ?? -1,
    kind: 'fail',
    level: levelOf(finding.severity),
    message: { text: `${plain(finding.subject)}: ${plain(finding.message)}` },
    locations: first ? [{ ...placeOf(first), ...named }] : [],
    // The id tells two equal places apart: the schema wants each only once.
    relatedLocations: others.map((evidence, at) => ({ id: at + 1, ...placeOf(evidence) })),
    partialFingerprints: { 'drydockFinding/v1': finding.id },
    rank: ranks[finding.severity],
    properties: { severity: finding.severity, pack: finding.pack, subject: plain(finding.subject) },
  };
}

/** SARIF has no level above `error`; the rank keeps what is critical before it. */
const ranks: Readonly<Record<Severity, number>> = { critical: 100, error: 75, warning: 50, info: 25 };

function placeOf({ path, first, last, excerpt, binding }: ReportEvidence): object {
  const region = { startLine: first, endLine: last, ...(excerpt === '' ? {} : { snippet: { text: excerpt } }) };
  const message = { text: plain(binding) || 'evidence' };
  return { ...located(uriOf(path), path, region), message };
}

function logicalLocations({ objects }: ReportFinding): object[] {
  const locations = objects.map(({ kind, namespace, name, node }) => ({
    ...(name === undefined ? {} : { name }),
    fullyQualifiedName: [kind, namespace, name].filter(Boolean).join('/'),
    kind: 'resource',
    ...(node === undefined ? {} : { properties: { node } }),
  }));
  return [...new Map(locations.map((location) => [jsonOf(location), location])).values()];
}
