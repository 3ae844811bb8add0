// Puts a report together: outcomes, rule texts, the kept lines and the coverage become plain data. Pure.

import { createHash } from 'node:crypto';
import type { Coverage } from '../bundle/coverage.ts';
import type { Span } from '../bundle/source.ts';
import type { Evidence, Finding, ObjectRef, Outcome, Reconciled, Severity } from '../findings/outcome.ts';
import type { Trace } from '../models/path/trace.ts';
import type { Explains } from '../rules/rule.ts';
import { causeGroups } from './cause-groups.ts';
import { byKeys } from './compare.ts';
import { excerptOf } from './excerpt.ts';
import { findingId } from './finding-id.ts';
import { redactTrace } from './path/redact-trace.ts';
import { addedUp, boundedFindings } from './picture-facts/bounded-moments.ts';
import { redactDrawn, redactMoment } from './redact-pictures.ts';
import { redactPath, redactText } from './redact-secrets.ts';
import type {
  Bundle,
  Moment,
  MomentKind,
  Report,
  ReportEvidence,
  ReportFinding,
  ReportOutcome,
  ReportPath,
  ReportReconciled,
  ReportSide,
  RuleText,
  Tool,
} from './report.ts';
import { reportSchema } from './report.ts';
import { redacted } from './secret-shapes.ts';
import { timelineOf } from './timeline.ts';

export interface ReportParts {
  readonly tool: Tool;
  readonly bundle: Bundle;
  /** By rule id. */
  readonly rules: ReadonlyMap<string, RuleOf>;
  readonly outcomes: readonly Outcome[];
  readonly coverage: Coverage;
  /** The kept text of a span; fewer lines where a line was not kept. */
  linesOf(path: string, span: Span): readonly string[];
  /** The files that would have answered, for a fact type or log that is missing. */
  hints(factType: string): readonly string[];
  readonly events?: readonly Moment[] | undefined;
  /** Nodes, certificates and clocks for the pictures. */
  readonly pictured?: Pick<Report, 'nodes' | 'certificates' | 'clocks' | 'timelineLeftOut'> | undefined;
  readonly paths?: readonly PathOf[] | undefined;
}

/** A packet path that belongs into the report. */
export interface PathOf {
  readonly title: string;
  readonly trace: Trace;
  /** What it leads to, e.g. a Service: findings on it are those that the path explains. */
  readonly about: ObjectRef;
}

/** What a report needs of a rule; `Rule` has it all. */
export type RuleOf = RuleText & {
  readonly severity?: Severity;
  readonly reconciles?: { readonly what: string; readonly event: boolean };
  readonly explains?: readonly Explains[];
  readonly tags?: readonly string[];
  readonly given?: readonly { readonly is: string }[];
};

function momentKindOf({ tags, given }: RuleOf): MomentKind {
  if (tags?.includes('oom')) return 'oom';
  return given?.some(({ is }) => is === 'log') ? 'log' : 'finding';
}

const severityRank: Record<Severity, number> = { critical: 0, error: 1, warning: 2, info: 3 };

export function buildReport(parts: ReportParts): Report {
  const { tool, bundle, rules, coverage } = parts;
  const textOf = (rule: string): RuleOf => rules.get(rule) ?? untitled(rule);
  const found = parts.outcomes.flatMap((outcome): readonly Finding[] => outcome.findings);
  const shown = found.map((finding) => reportFinding(finding, textOf(finding.rule), parts.linesOf));
  // A moment says of its subject what the finding says.
  const told = found.map((finding, at) => {
    const rule = textOf(finding.rule);
    const { subject = '', id = '' } = shown[at] ?? {};
    return { ...finding, subject, id, title: rule.title, kind: momentKindOf(rule) };
  });
  const origin = new Map(shown.map((finding, at) => [finding, found[at]]));
  const findings = distinct(
    shown.sort(
      byKeys((finding) => [
        severityRank[finding.severity],
        finding.pack,
        finding.rule,
        finding.subject,
        finding.message,
        finding.evidence[0]?.path ?? '',
        finding.evidence[0]?.first ?? 0,
        finding.id,
      ]),
    ),
  );
  const origins = new Map(findings.map((finding, at) => [finding, origin.get(shown[at] ?? finding)]));
  const timeline = boundedFindings(timelineOf(told, parts.events, bundle.gatheredAt));
  return {
    schema: reportSchema,
    tool: { name: tool.name, version: tool.version, rulesDigest: tool.rulesDigest },
    bundle: bundleOf(bundle),
    findings,
    groups: causeGroups(
      findings,
      (rule) => textOf(rule).explains ?? [],
      (finding) => whenItHappened(origins.get(finding)),
      bundle.gatheredAt,
    ),
    outcomes: parts.outcomes
      .map((outcome) => reportOutcome(outcome, textOf(outcome.rule), parts.hints))
      .sort(byKeys((outcome) => [outcome.pack, outcome.rule])),
    timeline: timeline.kept.map(redactMoment),
    paths: (parts.paths ?? [])
      .map((path) => reportPath(path, findings))
      // What a pod sees comes before what a node sees.
      .sort(byKeys(({ title, trace }) => [Number(!trace.query.from.startsWith('pod')), title])),
    ...redactDrawn(parts.pictured ?? {}),
    timelineLeftOut: addedUp([parts.pictured?.timelineLeftOut ?? [], timeline.leftOut]),
    coverage: {
      entries: coverage.entries,
      analysed: coverage.analysed,
      empty: coverage.empty,
      notRelevant: coverage.notRelevant,
      gap: coverage.gap,
      gaps: coverage.gaps.map(ordered).sort(byKeys((gap) => [gap.code, gap.path, gap.detail])),
      infos: coverage.infos.map(ordered).sort(byKeys((info) => [info.code, info.path, info.detail])),
    },
  };
}

const whenItHappened = (finding: Finding | undefined): string[] =>
  finding?.times.filter((time) => !finding.created?.includes(time)) ?? [];

function reportPath({ title, trace, about }: PathOf, findings: readonly ReportFinding[]): ReportPath {
  const { kind, namespace, name } = redactObject(about);
  const isIt = (object: ObjectRef) =>
    object.kind === kind && object.namespace === namespace && object.name === name && name !== undefined;
  return {
    title: redactText(title),
    trace: redactTrace(trace),
    findings: findings.filter(({ objects }) => objects.some(isIt)).map(({ id }) => id),
  };
}

const ordered = <T extends { code: string; path: string; detail: string }>({ code, path, detail }: T) => ({
  code: code as T['code'],
  path: redactPath(path),
  detail: redactText(detail),
});

function untitled(rule: string): RuleOf {
  return { title: rule, catalog: [], pack: '', status: 'experimental', falsePositives: [], references: [] };
}

function bundleOf({ name, kinds, gatheredAt, cluster, nodes, inputs }: Bundle): Bundle {
  const { id, version, platform } = cluster ?? {};
  return {
    name: redactText(name),
    kinds,
    ...(gatheredAt && { gatheredAt }),
    ...((id || version || platform) && {
      cluster: {
        ...(id && { id: redactText(id) }),
        ...(version && { version: redactText(version) }),
        ...(platform && { platform: redactText(platform) }),
      },
    }),
    nodes: nodes.map(redactText),
    inputs: inputs.map(({ path, sha256, bytes }) => ({ path: redactText(path), sha256, bytes })),
  };
}

function reportFinding(finding: Finding, text: RuleText, linesOf: ReportParts['linesOf']): ReportFinding {
  const objects = distinctObjects(finding.objects);
  const places = finding.evidence.map((place) => reportEvidence(place, objects, linesOf));
  const evidence = places.map(({ shown }) => shown);
  const taken = places.flatMap((place) => place.taken);
  const subject = withoutTaken(redactText(finding.subject), taken);
  return {
    id: findingId({ rule: finding.rule, subject, objects, evidence }),
    rule: finding.rule,
    catalog: text.catalog,
    pack: text.pack,
    status: text.status,
    severity: finding.severity,
    title: text.title,
    subject,
    message: withoutTaken(redactText(finding.message), taken),
    objects: objects.map(redactObject),
    evidence,
    ...(finding.reconciles && { reconciles: reportReconciled(finding.reconciles, objects, linesOf) }),
    ...(text.meaning && { meaning: text.meaning }),
    ...(text.impact && { impact: text.impact }),
    ...(text.diagnosis && { diagnosis: text.diagnosis }),
    ...(text.remediation && { remediation: text.remediation }),
    falsePositives: text.falsePositives,
    references: text.references,
  };
}

function reportEvidence(
  { path, span, binding }: Evidence,
  objects: readonly ObjectRef[],
  linesOf: ReportParts['linesOf'],
): { readonly shown: ReportEvidence; readonly taken: readonly string[] } {
  const [first, last] = span;
  const { text, taken } = excerptOf(path, linesOf(path, span), last - first + 1, objects);
  return { shown: { path: redactPath(path), first, last, excerpt: text, binding }, taken };
}

function reportReconciled(
  { what, event, of, asked, got }: Reconciled,
  objects: readonly ObjectRef[],
  linesOf: ReportParts['linesOf'],
): ReportReconciled {
  const side = ({ text, evidence }: Reconciled['asked']): ReportSide => {
    if (!evidence) return { text: redactText(text) };
    const { shown, taken } = reportEvidence(evidence, objects, linesOf);
    return { text: withoutTaken(redactText(text), taken), evidence: shown };
  };
  return { what, event, of: redactText(of), asked: side(asked), got: side(got) };
}

// A word of a message that is a secret looks like any other; the line it comes from told what it is.
function withoutTaken(text: string, taken: readonly string[]): string {
  return taken.reduce((rest, secret) => (secret.length < 4 ? rest : rest.replaceAll(secret, redacted)), text);
}

const redactObject = (object: ObjectRef): ObjectRef => ({
  ...object,
  ...(object.name && { name: redactText(object.name) }),
  ...(object.node && { node: redactText(object.node) }),
});

function distinctObjects(objects: readonly ObjectRef[]): ObjectRef[] {
  const byText = new Map(
    objects.map(({ kind, namespace, name, node }) => {
      const object = { kind, ...(namespace && { namespace }), ...(name && { name }), ...(node && { node }) };
      return [JSON.stringify(object), object];
    }),
  );
  const all = [...byText.values()];
  // An event names its pod without the node that the pod itself tells: it is the same object.
  const sameIs = (object: ObjectRef, other: ObjectRef): boolean =>
    other.node !== undefined &&
    other.kind === object.kind &&
    other.namespace === object.namespace &&
    other.name === object.name;
  return all.filter((object) => object.node !== undefined || !all.some((other) => sameIs(object, other)));
}

// Two findings may say the same of the same subject (two equal lines of a log); each still gets an id of its own.
function distinct(findings: readonly ReportFinding[]): ReportFinding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const times = (seen.get(finding.id) ?? 0) + 1;
    seen.set(finding.id, times);
    if (times === 1) return finding;
    return { ...finding, id: createHash('sha256').update(`${finding.id}#${times}`).digest('hex') };
  });
}

function reportOutcome(outcome: Outcome, text: RuleOf, hints: ReportParts['hints']): ReportOutcome {
  const missing = [...new Set(outcome.missing)].sort();
  return {
    rule: outcome.rule,
    title: text.title,
    pack: text.pack,
    ...(text.severity && { severity: text.severity }),
    ...(text.reconciles && !text.reconciles.event && { reconciles: text.reconciles.what }),
    verdict: outcome.verdict,
    examined: outcome.examined,
    missing,
    errors: outcome.errors.map(redactText),
    hints: missing.map((name) => ({ missing: name, files: hints(name) })),
  };
}
