// The report as plain data: the type of `report.json`. Every renderer is a pure function of it; its keys are stable.

import type { Coverage } from '../bundle/coverage.ts';
import type { ObjectRef, Severity, Verdict } from '../findings/outcome.ts';
import type { Trace } from '../models/path/trace.ts';

export const reportSchema = 'drydock.report/1';

export interface Report {
  readonly schema: typeof reportSchema;
  readonly tool: Tool;
  readonly bundle: Bundle;
  readonly findings: readonly ReportFinding[];
  readonly groups: readonly { readonly cause: string; readonly effects: readonly string[] }[];
  readonly outcomes: readonly ReportOutcome[];
  readonly timeline: readonly Moment[];
  /** Packet paths of what is broken, as the tracer gives them. */
  readonly paths: readonly ReportPath[];
  readonly coverage: Coverage;
}

export interface Tool {
  readonly name: string;
  readonly version: string;
  /** `sha256:…` over all rule files that were loaded. */
  readonly rulesDigest: string;
}

export interface Bundle {
  readonly name: string;
  /** Layouts seen, e.g. `must-gather`. */
  readonly kinds: readonly string[];
  /** RFC 3339 UTC; absent where nothing in the bundle says so. */
  readonly gatheredAt?: string | undefined;
  readonly cluster?: Cluster | undefined;
  /** Names of the nodes the bundle speaks of. */
  readonly nodes: readonly string[];
  readonly inputs: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
}

export interface Cluster {
  readonly id?: string | undefined;
  readonly version?: string | undefined;
  readonly platform?: string | undefined;
}

/** What a rule file says about itself; the texts are Markdown. */
export interface RuleText {
  readonly title: string;
  readonly catalog: readonly string[];
  readonly pack: string;
  readonly status: string;
  readonly meaning?: string | undefined;
  readonly impact?: string | undefined;
  readonly diagnosis?: string | undefined;
  readonly remediation?: string | undefined;
  readonly falsePositives: readonly string[];
  readonly references: readonly string[];
}

/** What was asked for and what there is, side by side. */
export interface ReportReconciled {
  readonly what: string;
  /** True where it tells what happened, e.g. a kill. */
  readonly event: boolean;
  readonly of: string;
  readonly asked: ReportSide;
  readonly got: ReportSide;
}
export interface ReportSide {
  readonly text: string;
  readonly evidence?: ReportEvidence;
}

export interface ReportFinding extends RuleText {
  /** SHA-256 over rule, object identity and normalised evidence: the same trouble keeps its id in another bundle. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly message: string;
  readonly objects: readonly ObjectRef[];
  readonly evidence: readonly ReportEvidence[];
  readonly reconciles?: ReportReconciled;
}

export interface Place {
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

export interface ReportEvidence extends Place {
  /** The lines joined by newlines; `…` ends a cut line, a last line `…` stands for the lines left out. */
  readonly excerpt: string;
  /** Which name of `given` it belongs to. */
  readonly binding: string;
}

export interface ReportOutcome {
  readonly rule: string;
  readonly title: string;
  readonly pack: string;
  /** What the rule compares, where it holds what was asked for against what there is; not of rules that tell events. */
  readonly reconciles?: string;
  readonly verdict: Verdict;
  readonly examined: number;
  readonly missing: readonly string[];
  readonly errors: readonly string[];
  /** For each of `missing`: the files that would have answered. */
  readonly hints: readonly { readonly missing: string; readonly files: readonly string[] }[];
}

export interface ReportPath {
  readonly title: string;
  readonly trace: Trace;
  /** Ids of the findings that it explains. */
  readonly findings: readonly string[];
}

export interface Moment {
  readonly time: string;
  /** The node or the source whose clock it is. */
  readonly clock: string;
  readonly subject: string;
  readonly text: string;
  readonly evidence: Place;
}
