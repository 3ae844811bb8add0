// What changed between two bundles, as plain data: the type of `diff.json`. Every page is a pure function of it.

import type { ObjectRef, Severity } from '../findings/outcome.ts';
import type { Bundle, ReportEvidence, Tool } from '../report/report.ts';

export const diffSchema = 'drydock.diff/1';

export interface Diff {
  readonly schema: typeof diffSchema;
  readonly tool: Pick<Tool, 'name' | 'version'>;
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** What must be known before anything below is believed. */
  readonly warnings: readonly string[];
  readonly findings: Readonly<Record<Standing, readonly DiffFinding[]>>;
  /** Rules that ran on one side alone. */
  readonly rules: { readonly onlyBefore: readonly string[]; readonly onlyAfter: readonly string[] };
  readonly settings: DiffSettings;
}

export interface DiffSide {
  readonly name: string;
  readonly kinds: Bundle['kinds'];
  readonly gatheredAt?: string;
  readonly cluster?: NonNullable<Bundle['cluster']>;
  readonly tool: Tool;
  readonly inputs: Bundle['inputs'];
  /** `report`: of this side only what its report says is known. */
  readonly from: 'bundle' | 'saved facts' | 'report';
  readonly findings: number;
  readonly gaps: number;
}

/**
 * `changed`: the same rule fails on the same object for another reason. `gone`: what it spoke of is no longer there, which
 * is not the same as mended. `notComparable`: the other side lacks what would tell.
 */
export const standings = ['new', 'changed', 'still', 'fixed', 'gone', 'notComparable'] as const;
export type Standing = (typeof standings)[number];

export interface DiffFinding {
  readonly rule: string;
  readonly title: string;
  readonly pack: string;
  readonly severity: Severity;
  readonly subject: string;
  /** Why it stands where it stands, where that is not plain. */
  readonly why?: string;
  readonly before?: SideFinding;
  readonly after?: SideFinding;
}

export interface SideFinding {
  readonly id: string;
  readonly message: string;
  readonly objects: readonly ObjectRef[];
  readonly evidence: readonly ReportEvidence[];
}

export interface DiffSettings {
  /** False where one side is known by its report alone: then nothing below is said of objects and settings. */
  readonly compared: boolean;
  readonly why?: string;
  /** What was held against each other: `Deployment`, `sysctl`. */
  readonly kinds: readonly string[];
  readonly changes: readonly Change[];
  readonly notComparable: readonly Lack[];
}

export interface Change {
  readonly group: string;
  readonly kind: string;
  readonly subject: string;
  readonly namespace?: string;
  readonly node?: string;
  readonly change: 'changed' | 'added' | 'removed';
  /** Of a thing that is on both sides. */
  readonly fields: readonly FieldChange[];
  /** Where the thing itself stands, where it is on one side alone. */
  readonly before?: ReportEvidence;
  readonly after?: ReportEvidence;
}

export interface FieldChange {
  readonly field: string;
  /** Absent where the field is not set. */
  readonly before?: Told;
  readonly after?: Told;
}

export interface Told {
  readonly text: string;
  readonly evidence: ReportEvidence;
}

/** What is on one side, and of which the other side does not tell whether it is there. */
export interface Lack {
  readonly side: 'before' | 'after';
  readonly why: string;
  readonly things: readonly { readonly kind: string; readonly count: number }[];
}
