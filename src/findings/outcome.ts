// What rules give: outcomes and findings, with references to facts in place of excerpts. Plain data from the workers.

import type { Span } from '../bundle/source.ts';

export type Severity = 'critical' | 'error' | 'warning' | 'info';
export type Verdict = 'fail' | 'pass' | 'not-applicable' | 'no-data' | 'error';

/** A place in a source that shows the claim; the excerpt is cut from the kept text when the report is built. */
export interface Evidence {
  readonly path: string;
  readonly span: Span;
  /** Which name of `given` it belongs to. */
  readonly binding: string;
}

export interface ObjectRef {
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly node?: string;
}

/** What was asked for and what there is, side by side. */
export interface Reconciled {
  /** What was compared: `CPU quota`. */
  readonly what: string;
  /** True where it tells what happened, e.g. a kill. */
  readonly event: boolean;
  /** What equal siblings share; the subject where it has none. */
  readonly of: string;
  readonly asked: Side;
  readonly got: Side;
}
export interface Side {
  readonly text: string;
  /** Absent where nothing says so, e.g. a limit that nobody set. */
  readonly evidence?: Evidence;
}

/** One subject that fails. At least one piece of evidence: the type will not let it be left out. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly message: string;
  readonly objects: readonly ObjectRef[];
  readonly evidence: readonly [Evidence, ...Evidence[]];
  readonly reconciles?: Reconciled;
  /** Moments worth a line in the timeline, RFC 3339. */
  readonly times: readonly string[];
  /** Those at which an object was made, which say nothing of when it went wrong. */
  readonly created?: readonly string[];
}

interface OutcomeBase {
  readonly rule: string;
  readonly examined: number;
  /** Fact types (or log names) without which some subject could not be decided. */
  readonly missing: readonly string[];
  /** Messages of subjects on which the rule broke. */
  readonly errors: readonly string[];
}
export type Outcome =
  | (OutcomeBase & {
      readonly verdict: 'fail';
      readonly findings: readonly [Finding, ...Finding[]];
      /** Findings past those that are listed. */
      readonly unlisted?: number;
    })
  | (OutcomeBase & { readonly verdict: Exclude<Verdict, 'fail'>; readonly findings: readonly [] });
