// Findings of two reports held against each other: what is new, what still fails, and what may be called fixed.

import { byKeys, groupBy } from '../report/compare.ts';
import { steady } from '../report/finding-id.ts';
import type { ReportFinding } from '../report/report.ts';
import { severities } from '../rules/rule.ts';
import { workloadOf } from './derived.ts';
import type { Diff, DiffFinding, SideFinding, Standing } from './diff.ts';
import type { Judge } from './judge.ts';
import type { Side } from './side.ts';

type Findings = Diff['findings'];
type Told = DiffFinding & { readonly standing: Standing };

/** `judgeBefore` says what the earlier bundle knows of a finding of the later one, `judgeAfter` the other way round. */
export function compareFindings(before: Side, after: Side, judgeBefore: Judge, judgeAfter: Judge): Findings {
  const old = new Map(before.report.findings.map((finding) => [finding.id, finding]));
  const now = new Map(after.report.findings.map((finding) => [finding.id, finding]));
  const told: Told[] = [];
  for (const [id, finding] of now) {
    const other = old.get(id);
    if (other) told.push({ standing: 'still', ...both(other, finding) });
  }
  const left = { before: notIn(before, now), after: notIn(after, old) };
  for (const key of [sameSubject, sameObjects, sameWorkload]) told.push(...paired(left, key));
  for (const finding of left.after) told.push(appeared(finding, judgeBefore));
  for (const finding of left.before) told.push(vanished(finding, judgeAfter));
  return inOrder(told);
}

interface Left {
  before: readonly ReportFinding[];
  after: readonly ReportFinding[];
}

const notIn = ({ report }: Side, other: ReadonlyMap<string, unknown>): readonly ReportFinding[] =>
  report.findings.filter(({ id }) => !other.has(id));

/** The same trouble of the same thing, said by other lines: shown once, with both sides. */
function paired(left: Left, keyOf: (finding: ReportFinding) => string | undefined): Told[] {
  const waiting = groupBy(
    left.before.filter((finding) => keyOf(finding) !== undefined),
    (finding) => keyOf(finding) ?? '',
  );
  const taken = new Set<ReportFinding>();
  const told: Told[] = [];
  for (const finding of left.after) {
    const key = keyOf(finding);
    const other = key === undefined ? undefined : waiting.get(key)?.shift();
    if (!other) continue;
    taken.add(finding).add(other);
    told.push({ standing: 'changed', ...both(other, finding), ...whyChanged(other, finding) });
  }
  left.before = left.before.filter((finding) => !taken.has(finding));
  left.after = left.after.filter((finding) => !taken.has(finding));
  return told;
}

const named = ({ objects }: ReportFinding): string[] =>
  objects.map(({ kind, namespace = '', name = '', node = '' }) => [kind, namespace, name, node].join('/')).sort();

const sameSubject = (finding: ReportFinding): string | undefined =>
  JSON.stringify([finding.rule, steady(finding.subject), named(finding)]);

const sameObjects = (finding: ReportFinding): string | undefined =>
  finding.objects.length === 0 ? undefined : JSON.stringify([finding.rule, named(finding)]);

/** A pod that took the place of another, on whichever node. */
function sameWorkload({ rule, objects, subject }: ReportFinding): string | undefined {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const stems = pods.map(({ name = '' }) => podStem(name));
  if (pods.length === 0 || stems.every((stem, at) => stem === pods[at]?.name)) return undefined;
  const others = objects.filter(({ kind }) => kind !== 'Pod' && kind !== 'Node');
  const said = pods.reduce((text, { name = '' }, at) => text.replaceAll(name, stems[at] ?? name), subject);
  const names = pods.map(({ namespace = '' }, at) => `${namespace}/${stems[at]}`);
  return JSON.stringify([
    rule,
    names,
    others.map(({ kind, namespace, name }) => [kind, namespace, name]),
    steady(said),
  ]);
}

const podStem = (name: string): string => {
  const set = name.replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '');
  return set === name ? name : workloadOf(`ReplicaSet ${set}`, name).replace(/^\w+ /, '');
};

function whyChanged(old: ReportFinding, now: ReportFinding): { why?: string } {
  if (old.subject !== now.subject) return { why: `it was said of ${old.subject}` };
  if (old.severity !== now.severity) return { why: `it was ${old.severity}, and is ${now.severity}` };
  return old.message === now.message ? { why: 'the lines that show it are others' } : {};
}

const newWords = {
  gone: 'what it speaks of was not there before',
  silent: 'a report alone does not tell whether what it speaks of was there before',
} as const;

function appeared(finding: ReportFinding, judge: Judge): Told {
  const { state, why } = judge(finding);
  const common = { ...head(finding), after: side(finding) };
  if (state === 'unknown') return { standing: 'notComparable', ...common, why };
  return { standing: 'new', ...common, ...(state !== 'examined' && { why: newWords[state] }) };
}

function vanished(finding: ReportFinding, judge: Judge): Told {
  const { state, why } = judge(finding);
  const common = { ...head(finding), before: side(finding) };
  if (state === 'unknown') return { standing: 'notComparable', ...common, why };
  if (state === 'gone') return { standing: 'gone', ...common, why };
  if (state === 'silent')
    return { standing: 'gone', ...common, why: 'a report alone does not tell whether it was mended' };
  return { standing: 'fixed', ...common, ...(why !== '' && { why }) };
}

const both = (old: ReportFinding, now: ReportFinding): DiffFinding => ({
  ...head(now),
  before: side(old),
  after: side(now),
});

const head = ({ rule, title, pack, severity, subject }: ReportFinding) => ({ rule, title, pack, severity, subject });
const side = ({ id, message, objects, evidence }: ReportFinding): SideFinding => ({ id, message, objects, evidence });

function inOrder(told: readonly Told[]): Findings {
  const sorted = [...told].sort(
    byKeys((each) => [
      severities.indexOf(each.severity),
      each.pack,
      each.rule,
      each.subject,
      each.after?.id ?? each.before?.id ?? '',
    ]),
  );
  const of = (wanted: Standing): DiffFinding[] =>
    sorted.flatMap(({ standing, ...finding }) => (standing === wanted ? [finding] : []));
  return {
    new: of('new'),
    changed: of('changed'),
    still: of('still'),
    fixed: of('fixed'),
    gone: of('gone'),
    notComparable: of('notComparable'),
  };
}
