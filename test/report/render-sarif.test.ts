import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderSarif } from '../../src/report/render-sarif.ts';
import type { Report, ReportFinding } from '../../src/report/report.ts';
import { checkSarif } from '../torture/rendered-exports.ts';
import { healthyReport, sampleReport } from './sample-report.ts';
import type { SarifRun } from './sarif-schema.ts';
import { viewerComplaints } from './sarif-viewers.ts';

function runOf(report: Report): SarifRun {
  const { runs } = JSON.parse(renderSarif(report)) as { runs: SarifRun[] };
  if (!runs[0] || runs.length > 1) throw new Error('one report is one run');
  return runs[0];
}

function resultSaying(change: Partial<ReportFinding>) {
  const [finding] = sampleReport.findings;
  if (!finding) throw new Error('the sample has no finding');
  const result = runOf({ ...sampleReport, findings: [{ ...finding, ...change }] }).results[0];
  if (!result) throw new Error('no result');
  return result;
}
const uriOf = (path: string) => {
  const evidence = [{ path, first: 1, last: 2, excerpt: 'a\nb', binding: 'pod' }];
  return resultSaying({ evidence }).locations[0]?.physicalLocation.artifactLocation;
};

test('a report fits the schema, a healthy one and one with hostile names', () => {
  assert.equal(checkSarif(renderSarif(sampleReport)), []);
  assert.equal(checkSarif(renderSarif(healthyReport)), []);
  const log = JSON.parse(renderSarif(sampleReport)) as { $schema: string; version: string };
  assert.is(log.version, '2.1.0');
  assert.match(log.$schema, /\/sarif-schema-2\.1\.0\.json$/);
});

test('what is no SARIF is told by the published schema too', () => {
  const log = JSON.parse(renderSarif(sampleReport)) as { runs: { tool: object }[] };
  const [run] = log.runs;
  if (!run) throw new Error('no run');
  const complaints = checkSarif(JSON.stringify({ ...log, runs: [{ ...run, tool: {} }] }));
  assert.ok(complaints.some((text) => text.startsWith('SARIF is none') && text.includes('driver')));
});

test('every rule is described, and a result leads to its rule', () => {
  const { tool, results } = runOf(sampleReport);
  assert.equal(
    tool.driver.rules.map(({ id }) => id),
    sampleReport.outcomes.map(({ rule }) => rule),
  );
  for (const { ruleId, ruleIndex } of results) assert.is(tool.driver.rules[ruleIndex]?.id, ruleId);
});

test('a rule with findings tells its runbook, level and catalog', () => {
  const rule = runOf(sampleReport).tool.driver.rules.find(({ id }) => id === 'etcd-member-unhealthy');
  assert.is(rule?.shortDescription.text, 'An etcd member does not answer');
  assert.match(rule?.fullDescription?.text ?? '', /did not answer within 5 s\.\n\nOne more lost member/);
  assert.match(rule?.help?.markdown ?? '', /\*\*What to do\*\*\n\n1\. See whether the node is up/);
  assert.is(rule?.defaultConfiguration?.level, 'error');
  assert.equal(rule?.properties.tags, ['etcd', 'ETCD-002']);
  assert.equal(rule?.properties.catalog, ['ETCD-002']);
});

test('severities become the levels that SARIF has', () => {
  for (const [severity, level] of [
    ['critical', 'error'],
    ['error', 'error'],
    ['warning', 'warning'],
    ['info', 'note'],
  ] as const)
    assert.is(resultSaying({ severity }).level, level);
});

test('the first evidence is the place, with its lines; the others are related', () => {
  const result = runOf(sampleReport).results.find(({ ruleId }) => ruleId === 'odd-exclusive-cpus');
  const place = result?.locations[0];
  assert.match(place?.physicalLocation.artifactLocation.uri ?? '', /\/pricing-0\.yaml$/);
  assert.is(place?.physicalLocation.region?.startLine, 61);
  assert.is(place?.physicalLocation.region?.endLine, 67);
  assert.match(place?.physicalLocation.region?.snippet?.text ?? '', 'value: [redacted]');
  assert.is(place?.logicalLocations?.[0]?.fullyQualifiedName, 'Pod/shop/pricing-0');
  assert.equal(
    result?.relatedLocations.map(({ id, physicalLocation }) => [id, physicalLocation.artifactLocation.uri]),
    [[1, 'nodes/worker-1/lscpu']],
  );
});

test('the fingerprint is the id of the finding', () => {
  assert.equal(
    runOf(sampleReport).results.map(({ partialFingerprints }) => partialFingerprints['drydockFinding/v1']),
    sampleReport.findings.map(({ id }) => id),
  );
});

test('a path is a relative reference, a step into an archive is encoded', () => {
  assert.is(uriOf('nodes/w 1/sysinfo.tgz!proc/cmdline')?.uri, 'nodes/w%201/sysinfo.tgz%21proc/cmdline');
  assert.is(uriOf('javascript:alert(1)')?.uri, 'javascript%3Aalert%281%29');
  assert.is(uriOf('a#b?c%d\\e\ud800')?.uri, 'a%23b%3Fc%25d%5Ce%EF%BF%BD');
});

test('a path that leads out of the input has no address', () => {
  for (const path of ['../../etc/passwd', '/etc/passwd', '//evil.example/a', 'a/./b', ''])
    assert.is(uriOf(path)?.uri, undefined, path);
  assert.is(uriOf('/etc/passwd')?.description?.text, '/etc/passwd');
});

test('words of a bundle make no link in a message', () => {
  const { message } = resultSaying({ subject: 's', message: '[x](javascript:alert(1)) \u202ey' });
  assert.is(message.text, 's: [x] (javascript:alert(1)) \\u{202e}y');
});

test('gaps, rules that broke and rules without their input are told, each with what it is about', () => {
  const { invocations, tool } = runOf(sampleReport);
  const notifications = invocations[0]?.toolExecutionNotifications ?? [];
  const of = (id: string) => notifications.filter(({ descriptor }) => descriptor.id === id);
  assert.is(of('COLLECTION_ERROR').length, 240);
  assert.is(of('YAML_TRUNCATED')[0]?.level, 'warning');
  assert.match(of('YAML_TRUNCATED')[0]?.locations?.[0]?.physicalLocation.artifactLocation.uri ?? '', /pods\.yaml$/);
  assert.is(of('rule-broke')[0]?.level, 'error');
  assert.is(of('rule-broke')[0]?.associatedRule?.id, 'throttled-container');
  assert.is(of('no-data').length, 5);
  assert.match(
    of('no-data')
      .map(({ message }) => message.text)
      .join('\n'),
    'no IpLink; IpLink would have come from',
  );
  for (const { descriptor } of notifications) assert.is(tool.driver.notifications[descriptor.index]?.id, descriptor.id);
});

test('a run is successful only where nothing was left out', () => {
  const isWhole = (report: Report) => runOf(report).invocations[0]?.executionSuccessful;
  assert.is(isWhole(sampleReport), false);
  const outcomes = sampleReport.outcomes.filter(({ verdict }) => verdict !== 'error');
  const whole = { ...sampleReport, outcomes, coverage: { ...sampleReport.coverage, gaps: [] } };
  assert.is(isWhole(whole), true);
  assert.is(isWhole({ ...whole, outcomes: sampleReport.outcomes }), false);
});

test('the verdicts are counted', () => {
  const { verdicts } = runOf(sampleReport).properties;
  assert.equal(verdicts, { fail: 7, pass: 6, 'not-applicable': 2, 'no-data': 5, error: 1 });
});

const complaintsOf = (report: Report) => viewerComplaints(runOf(report));

test('it has what viewers ask for beyond the schema, for rules without a finding too', () => {
  const outcomes = sampleReport.outcomes.map((outcome) => ({ ...outcome, severity: 'warning' as const }));
  assert.equal(complaintsOf({ ...sampleReport, outcomes }), []);
  assert.equal(
    complaintsOf({
      ...healthyReport,
      outcomes: healthyReport.outcomes.map((each) => ({ ...each, severity: 'info' })),
    }),
    [],
  );
});

test('a rule without a finding has the level of the rule; where an older report does not tell, none is made up', () => {
  const [outcome] = sampleReport.outcomes.filter(({ verdict }) => verdict === 'pass');
  const levelOf = (severity: object) =>
    runOf({ ...sampleReport, findings: [], outcomes: [{ ...outcome!, ...severity }] }).tool.driver.rules[0]
      ?.defaultConfiguration;
  assert.equal(levelOf({ severity: 'critical' }), { level: 'error' });
  assert.equal(levelOf({ severity: 'info' }), { level: 'note' });
  assert.is(levelOf({}), undefined);
});

test('a description as long as a book is cut, and a rule has no more tags than trackers take', () => {
  const [finding] = sampleReport.findings;
  const catalog = Array.from({ length: 30 }, (_, at) => `X-${at}`);
  const long = { ...finding!, title: 'word '.repeat(900), meaning: 'word '.repeat(900), catalog };
  const outcomes = sampleReport.outcomes.map((outcome) => ({
    ...outcome,
    title: long.title,
    severity: 'error' as const,
  }));
  assert.equal(complaintsOf({ ...sampleReport, findings: [long], outcomes }), []);
});

test.run();
