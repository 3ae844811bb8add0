// Runs the tests beside a rule: files as they lie in a bundle, and what the rule must say of them.

import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { Span } from '../bundle/source.ts';
import type { FactStore } from '../facts/store.ts';
import type { Language } from './cel.ts';
import type { CompiledRule } from './compile.ts';
import type { Rule, RuleProblem } from './rule.ts';
import { Reading } from './rule-reader.ts';
import { placesIn } from './yaml-places.ts';

/** What the runner needs of the rest of the program; handed in, because rules do not know the stages after them. */
export interface TestKit {
  factsOf(files: Readonly<Record<string, string>>, rules: readonly Rule[], gatheredAt?: string): Promise<FactStore>;
  evaluate(
    compiled: { readonly language: Language; readonly rules: readonly CompiledRule[] },
    store: FactStore,
  ): readonly TestedOutcome[];
}

export interface TestedOutcome {
  readonly verdict: string;
  readonly missing: readonly string[];
  readonly errors: readonly string[];
  readonly findings: readonly {
    readonly subject: string;
    readonly message: string;
    readonly severity: string;
    readonly evidence: readonly { readonly path: string; readonly span: Span }[];
  }[];
}

export interface CaseResult {
  readonly name: string;
  readonly line: number;
  /** Sentences on what was otherwise than expected; none means that the case passed. */
  readonly differences: readonly string[];
}

export interface RuleTestResult {
  readonly rule: string;
  readonly cases: readonly CaseResult[];
  /** What is wrong with the test file, or lacking in it. */
  readonly problems: readonly RuleProblem[];
}

interface ExpectedFinding {
  readonly subject: string;
  readonly message: string | undefined;
  readonly severity: string | undefined;
  readonly evidence: readonly string[] | undefined;
}
interface TestCase {
  readonly name: string;
  readonly line: number;
  readonly files: Readonly<Record<string, string>>;
  readonly gatheredAt: string | undefined;
  readonly verdict: string;
  readonly findings: readonly ExpectedFinding[] | undefined;
  readonly missing: readonly string[] | undefined;
}

const verdicts = ['fail', 'pass', 'not-applicable', 'no-data', 'error'] as const;

export async function testRule(
  compiled: CompiledRule,
  language: Language,
  test: { readonly file: string; readonly text: string | undefined },
  kit: TestKit,
): Promise<RuleTestResult> {
  const { rule } = compiled;
  if (test.text === undefined) {
    const message = `rule ${rule.id} has no test`;
    return { rule: rule.id, cases: [], problems: [{ file: test.file, line: 1, column: 1, message }] };
  }
  const { cases, problems } = readCases(test.text, test.file);
  const results: CaseResult[] = [];
  const missed = new Set<string>();
  for (const each of cases) {
    const store = await kit.factsOf(each.files, [rule], each.gatheredAt);
    const [outcome] = kit.evaluate({ language, rules: [compiled] }, store);
    if (!outcome) throw new Error(`rule ${rule.id} gave no outcome`);
    results.push({ name: each.name, line: each.line, differences: differencesOf(each, outcome) });
    if (each.verdict === 'no-data') for (const source of outcome.missing) missed.add(source);
  }
  return { rule: rule.id, cases: results, problems: [...problems, ...lacking(compiled, cases, missed, test.file)] };
}

/** A rule needs a case that fails, one that passes, and one without data for each join it cannot do without. */
function lacking(
  { rule, bindings }: CompiledRule,
  cases: readonly TestCase[],
  missed: ReadonlySet<string>,
  file: string,
): RuleProblem[] {
  const wants: string[] = [];
  if (!cases.some(({ verdict, findings }) => verdict === 'fail' && findings?.some((each) => each.evidence))) {
    wants.push('a case that fails, with subject and evidence of its findings');
  }
  if (!cases.some(({ verdict }) => verdict === 'pass')) wants.push('a case that passes');
  for (const { source, binding } of bindings.slice(1)) {
    if (!binding.optional && !missed.has(source)) wants.push(`a no-data case in which ${source} is missing`);
  }
  return wants.map((want) => ({ file, line: 1, column: 1, message: `the test of ${rule.id} lacks ${want}` }));
}

function differencesOf(expected: TestCase, outcome: TestedOutcome): string[] {
  const differences: string[] = [];
  if (outcome.verdict !== expected.verdict) {
    const why = [...outcome.errors, ...outcome.missing.map((source) => `missing ${source}`)].join('; ');
    differences.push(`expected ${expected.verdict}, got ${outcome.verdict}${why === '' ? '' : ` (${why})`}`);
  }
  for (const source of expected.missing ?? []) {
    if (!outcome.missing.includes(source)) {
      differences.push(`expected ${source} to be missing, missing is: ${outcome.missing.join(', ') || 'nothing'}`);
    }
  }
  if (!expected.findings) return differences;
  const found = new Set<unknown>();
  for (const want of expected.findings) {
    const alike = outcome.findings.filter((each) => each.subject === want.subject && !found.has(each));
    const finding = alike.find(({ message }) => message === want.message) ?? alike[0];
    if (!finding) {
      differences.push(`expected a finding about "${want.subject}"`);
      continue;
    }
    found.add(finding);
    const compare = (what: string, wanted: string | undefined, got: string) => {
      if (wanted !== undefined && wanted !== got)
        differences.push(`${want.subject}: expected ${what} ${wanted}, got ${got}`);
    };
    compare('message', want.message, finding.message);
    compare('severity', want.severity, finding.severity);
    compare('evidence', want.evidence && placesText(want.evidence), placesText(finding.evidence.map(placeText)));
  }
  for (const { subject, message, evidence } of outcome.findings.filter((each) => !found.has(each))) {
    differences.push(`unexpected finding about "${subject}": ${message} [${placesText(evidence.map(placeText))}]`);
  }
  return differences;
}

const placeText = ({ path, span }: { readonly path: string; readonly span: Span }): string =>
  `${path}:${span[0]}-${span[1]}`;
/** `pods.yaml:7` is short for `pods.yaml:7-7`. */
const placesText = (places: readonly string[]): string =>
  places
    .map((place) => (/:\d+$/.test(place) ? `${place}-${/\d+$/.exec(place)?.[0]}` : place))
    .sort()
    .join(', ');

function readCases(
  text: string,
  file: string,
): { readonly cases: readonly TestCase[]; readonly problems: readonly RuleProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const reading = new Reading(file, placesIn(text, lines, document), new WeakMap());
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    reading.complainAt({ line, column: col }, error.message);
  }
  if (reading.problems.length > 0 || !isMap(document.contents)) {
    if (reading.problems.length === 0) reading.complain(document.contents, 'a test file is a mapping with "cases"');
    return { cases: [], problems: reading.problems };
  }
  const values = reading.keys(document.contents, ['cases', 'files', 'gatheredAt'], ['cases'], 'the test file');
  const shared = readFiles(values.get('files'), {}, reading);
  const gatheredAt = reading.text(values.get('gatheredAt'), 'gatheredAt');
  const list = values.get('cases');
  const cases = isSeq(list)
    ? list.items.flatMap((each) => readCase(each as Node, shared, gatheredAt, reading) ?? [])
    : [];
  return { cases, problems: reading.problems };
}

function readCase(
  node: Node,
  shared: Readonly<Record<string, string>>,
  gatheredAt: string | undefined,
  reading: Reading,
): TestCase | undefined {
  if (!isMap(node)) {
    reading.complain(node, 'a case is a mapping with "name" and "expect"');
    return undefined;
  }
  const values = reading.keys(node, ['name', 'files', 'gatheredAt', 'expect'], ['name', 'expect'], 'the case');
  const expect = values.get('expect');
  if (!isMap(expect)) return undefined;
  const wanted = reading.keys(expect, ['verdict', 'findings', 'missing'], ['verdict'], '"expect"');
  const verdict = reading.oneOf(wanted.get('verdict'), 'verdict', verdicts);
  if (verdict === undefined) return undefined;
  return {
    name: reading.text(values.get('name'), 'name') ?? '',
    line: reading.place(node).line,
    files: readFiles(values.get('files'), shared, reading),
    gatheredAt: reading.text(values.get('gatheredAt'), 'gatheredAt') ?? gatheredAt,
    verdict,
    findings: readFindings(wanted.get('findings'), reading),
    missing: wanted.has('missing') ? reading.texts(wanted.get('missing'), 'missing') : undefined,
  };
}

/** Files of the case over those all cases share; `null` takes one away. */
function readFiles(
  node: Node | undefined,
  shared: Readonly<Record<string, string>>,
  reading: Reading,
): Record<string, string> {
  const files: Record<string, string> = { ...shared };
  if (!node) return files;
  if (!isMap(node)) reading.complain(node, '"files" must map paths to text');
  for (const { key, value } of isMap(node) ? (node as YAMLMap).items : []) {
    const path = isScalar(key) ? String(key.value) : '';
    const text = isScalar(value) ? value.value : undefined;
    if (text === null || value === null) delete files[path];
    else if (typeof text === 'string') files[path] = text;
    else reading.complain(key, `"${path}" must be text`, 'begin the text with |');
  }
  return files;
}

function readFindings(node: Node | undefined, reading: Reading): ExpectedFinding[] | undefined {
  if (!node) return undefined;
  if (!isSeq(node)) {
    reading.complain(node, '"findings" must be a list');
    return undefined;
  }
  return node.items.flatMap((each) => {
    if (!isMap(each)) return [];
    const values = reading.keys(each, ['subject', 'message', 'severity', 'evidence'], ['subject'], 'the finding');
    const subject = reading.text(values.get('subject'), 'subject');
    if (subject === undefined) return [];
    const message = reading.text(values.get('message'), 'message');
    const severity = reading.text(values.get('severity'), 'severity');
    const evidence = values.has('evidence') ? reading.texts(values.get('evidence'), 'evidence') : undefined;
    return [{ subject, message, severity, evidence }];
  });
}
