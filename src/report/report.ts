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
  /** Likely root causes with what follows from each, the worst first; a finding is in at most one. */
  readonly groups: readonly CauseGroup[];
  readonly outcomes: readonly ReportOutcome[];
  readonly timeline: readonly Moment[];
  /** Packet paths of what is broken, as the tracer gives them. */
  readonly paths: readonly ReportPath[];
  /** What pictures draw; a report of an older version has none of these. */
  readonly nodes?: readonly ReportNode[];
  readonly certificates?: readonly ReportCertificate[];
  readonly clocks?: readonly ReportClock[];
  /** Moments that the timeline leaves out to stay short, by hour and kind. */
  readonly timelineLeftOut?: readonly LeftOut[];
  readonly coverage: Coverage;
}

export interface CauseGroup {
  /** Id of the finding that likely explains the others; nothing explains it. */
  readonly cause: string;
  /** Ids of all that follows from it, directly or by way of others. */
  readonly effects: readonly string[];
  /** The same, step by step: each effect once, with its direct cause and a sentence on how the one leads to the other. */
  readonly links: readonly { readonly cause: string; readonly effects: readonly string[]; readonly why: string }[];
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
  /** Of the rule; a finding of it has its own. Absent in reports of older versions. */
  readonly severity?: Severity;
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
  /** Absent in reports of older versions. */
  readonly kind?: MomentKind;
  /** `bad` where something failed, `good` where it came back. */
  readonly tone?: 'bad' | 'good' | 'plain';
  /** What it happened to, so that what happened before on the same node can be told. */
  readonly object?: ObjectRef;
  /** Id of the finding that tells it. */
  readonly finding?: string;
  /** Of several equal ones in a row: how many, and the time of the last. */
  readonly count?: number;
  readonly until?: string;
}

/** What happened, and so in which lane of the timeline it stands. */
export const momentKinds = [
  'change',
  'operator',
  'condition',
  'oom',
  'restart',
  'log',
  'event',
  'certificate',
  'finding',
] as const;
export type MomentKind = (typeof momentKinds)[number];

export interface LeftOut {
  /** `2024-10-15T13`, in UTC. */
  readonly hour: string;
  readonly kind: MomentKind;
  readonly moments: number;
}

export interface Amounts {
  readonly cpuMillis?: number;
  readonly memoryBytes?: number;
  readonly pods?: number;
}

export interface ReportNode {
  readonly name: string;
  /** From the labels of the Node object, sorted. */
  readonly roles: readonly string[];
  /** Status of condition Ready: True, False or Unknown; absent where no Node object tells. */
  readonly ready?: string;
  /** Cordoned. */
  readonly unschedulable?: boolean;
  /** True where files of the machine itself are in the bundle, not only what the API says of it. */
  readonly gathered: boolean;
  /** Conditions that are not as they should be. */
  readonly conditions: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly since?: string;
  }[];
  readonly allocatable?: Amounts;
  /** Sum over the pods on the node that have not ended, as the scheduler counts them. */
  readonly requested?: Amounts;
  /** Sum over their containers that have one; `without…` counts those that have none. */
  readonly limit?: Amounts & { readonly withoutCpu?: number; readonly withoutMemory?: number };
  readonly used?: { readonly memoryBytes: number; readonly totalBytes: number; readonly evidence: Place };
  /** The Node object. */
  readonly evidence?: Place;
}

export interface ReportCertificate {
  readonly subject: string;
  readonly notBefore?: string;
  readonly notAfter: string;
  /** Object or file that holds it: `Secret openshift-ingress/router-certs`. */
  readonly holder: string;
  /** Further objects or files with the same certificate. */
  readonly copies?: number;
  readonly evidence: Place;
}

/** What is known of the clock of a node against that of others. */
export interface ReportClock {
  readonly node: string;
  /** Ahead of the reference clock; negative is behind. */
  readonly offsetSeconds?: number;
  /** Pods were started on it before they were made: it is at least so far behind the API server. */
  readonly behindApiSeconds?: number;
  readonly synchronized?: boolean;
  readonly evidence: Place;
}
