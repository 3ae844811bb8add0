// The outcomes as JUnit XML for build servers: a suite for each pack, a test case for each rule, and what nobody could look at.
//
// A rule that could not be decided is skipped and says what was missing, so that somebody can go and gather it. A rule
// that does not apply asks nothing of anybody: it has no test case, and the properties of its suite count it.

import { groupBy } from './compare.ts';
import type { Bundle, Report, ReportFinding, ReportOutcome } from './report.ts';
import { visible, visibleLine } from './visible.ts';
import { counted, listed, placed } from './wording.ts';
import { wouldHaveAnswered } from './would-have-answered.ts';

interface TestCase {
  readonly name: string;
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
  readonly type?: string;
  readonly message?: string;
  readonly lines?: readonly string[];
}

interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
  readonly properties: Readonly<Record<string, number>>;
}

export function renderJunit(report: Report): string {
  const findings = groupBy(report.findings, ({ rule }) => rule);
  const packs = [...groupBy(report.outcomes, ({ pack }) => pack)].sort(([a], [b]) => (a < b ? -1 : 1));
  const suites = [...packs.map(([pack, outcomes]) => packSuite(pack, outcomes, findings)), coverageSuite(report)];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    // Without attributes: one common schema allows none, and readers sum up the suites.
    '<testsuites>',
    ...suites.flatMap((suite, at) => suiteLines(suite, at, report.bundle)),
    '</testsuites>',
    '',
  ].join('\n');
}

function packSuite(
  pack: string,
  outcomes: readonly ReportOutcome[],
  findings: ReadonlyMap<string, readonly ReportFinding[]>,
): Suite {
  const applying = outcomes.filter(({ verdict }) => verdict !== 'not-applicable');
  return {
    name: pack || 'rules without a pack',
    cases: applying.map((outcome) => ruleCase(outcome, findings.get(outcome.rule) ?? [])),
    properties: { notApplicable: outcomes.length - applying.length },
  };
}

function ruleCase(outcome: ReportOutcome, findings: readonly ReportFinding[]): TestCase {
  const { rule: name, title, verdict, errors, missing } = outcome;
  const broken = errors.map((error) => `Not decided, the rule broke: ${error}`);
  switch (verdict) {
    case 'fail': {
      const message = `${title}: ${counted(findings.length, 'finding')}`;
      const lines = [...findings.flatMap(findingLines), ...broken];
      return { name, result: 'failure', type: findings[0]?.severity ?? 'error', message, lines };
    }
    case 'error':
      return { name, result: 'error', type: 'rule-broke', message: `${title}: the rule broke`, lines: broken };
    case 'no-data': {
      const lines = wouldHaveAnswered(outcome);
      const message = `${title}: not decided, the bundle has no ${listed(missing)}`;
      return { name, result: 'skipped', type: 'no-data', message, lines };
    }
    default:
      return { name, result: 'passed' };
  }
}

const findingLines = ({ severity, subject, message, evidence }: ReportFinding): string[] => [
  `${severity}: ${visibleLine(subject)}: ${visibleLine(message)}`,
  ...evidence.map((place) => `  ${visibleLine(placed(place))}`),
];

/** No pack can have this name: those are words with dashes. */
const coverageName = 'coverage of the input';

/** What was not read is not known, like a rule without its input: skipped, never passed. */
function coverageSuite({ coverage }: Report): Suite {
  const { gaps, entries, analysed, empty, notRelevant, gap } = coverage;
  const name = 'every-entry-was-read';
  const lines = gaps.map(({ code, path, detail }) => visibleLine(`${code} ${path}: ${detail}`));
  const message = `${counted(gaps.length, 'gap')}: what could not be read, or only in part, was not judged`;
  return {
    name: coverageName,
    cases: [gaps.length === 0 ? { name, result: 'passed' } : { name, result: 'skipped', type: 'gap', message, lines }],
    properties: { entries, analysed, empty, notRelevant, gap },
  };
}

function suiteLines({ name, cases, properties }: Suite, id: number, bundle: Bundle): string[] {
  // Many readers ask for a time and a timestamp: no clock reaches a report, so it took none, and now is when it was gathered.
  const timestamp = bundle.gatheredAt?.replace(/(?:\.\d+)?Z$/, '');
  const known = { id, name, package: bundle.name, hostname: 'localhost', timestamp };
  return [
    ` <testsuite${attributes({ ...known, ...tallyOf(cases), time: 0 })}>`,
    '  <properties>',
    ...Object.entries(properties).map(([key, value]) => `   <property${attributes({ name: key, value })}/>`),
    '  </properties>',
    ...cases.map((testCase) => caseText(testCase, name)),
    '  <system-out/>',
    '  <system-err/>',
    ' </testsuite>',
  ];
}

function caseText({ name, result, type, message, lines = [] }: TestCase, suite: string): string {
  const head = `  <testcase${attributes({ name, classname: suite, time: 0 })}`;
  if (result === 'passed') return `${head}/>`;
  return `${head}><${result}${attributes({ type, message })}>${escaped(lines.join('\n'))}</${result}></testcase>`;
}

function tallyOf(cases: readonly TestCase[]): Readonly<Record<string, number>> {
  const count = (result: TestCase['result']) => cases.filter((each) => each.result === result).length;
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}="${escaped(visibleLine(String(value)))}"`))
    .join('');
}

/** For text and quoted attributes. What XML 1.0 cannot hold, not even as a reference, is shown as `\x00` or `\u{fffe}`. */
function escaped(text: string): string {
  return visible(text)
    .replace(/[\ufffe\uffff]/g, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
