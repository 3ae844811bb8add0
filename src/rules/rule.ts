// A rule as plain data, as its YAML file says it; it can be posted to a worker and compiled there.

import type { FactType } from '../facts/fact-type.ts';
import type { Settings } from './settings.ts';

export const severities = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];
export const statuses = ['experimental', 'stable', 'deprecated'] as const;
export type Status = (typeof statuses)[number];

/** A CEL expression, or a text with `{{ CEL }}` inside, and where it stands in the rule file. */
export interface Written {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

interface BindingBase {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** Field (dotted path) of the joined fact, and the key it must equal, from earlier names. */
  readonly on: readonly { readonly field: string; readonly key: Written }[];
  readonly where?: Written;
  readonly many: boolean;
  readonly optional: boolean;
}
export interface FactBinding extends BindingBase {
  readonly is: 'fact';
  readonly fact: string;
}
export interface ObjectBinding extends BindingBase {
  readonly is: 'object';
  /** `apps/Deployment`; objects of the core group are `core/Pod`. */
  readonly object: string;
}
export interface LogBinding extends BindingBase {
  readonly is: 'log';
  readonly log: string;
  readonly pattern: Written;
  readonly hint?: string;
  /** Window in which hits count together; without it the whole log is one window. */
  readonly timespanMillis?: number;
  /** Labels or captures by which hits are told apart. */
  readonly groupBy: readonly string[];
}
export type Binding = FactBinding | ObjectBinding | LogBinding;

/** For a rule that holds what was asked for against what there is: its findings stand side by side in the report. */
export interface Reconciles {
  /** What is compared: `CPU quota`. */
  readonly what: string;
  /** True where it tells what happened (a kill), not what two sides say: that it did not is no comparison. */
  readonly event: boolean;
  /** Text that equal siblings share, e.g. the workload and the container; absent means that each subject stands alone. */
  readonly of?: Written;
  readonly asked: Written;
  readonly got: Written;
}

/** What an effect and its cause must share; what binds them closest stands first. */
export const sharedBy = [
  'object',
  'pod',
  'workload',
  'device',
  'named-by-effect',
  'named-by-cause',
  'node',
  'operator',
  'namespace',
  'cluster',
] as const;
export type SharedBy = (typeof sharedBy)[number];

/** Findings of other rules that a finding of this rule leads to. */
export interface Explains {
  readonly rules: readonly { readonly id: string; readonly line: number; readonly column: number }[];
  readonly by: SharedBy;
  /** RE2 that the subject or message of the cause must hit. */
  readonly causeSays?: string;
  /** RE2 that the subject, message or evidence of the effect must hit. */
  readonly effectSays?: string;
  /** The least severity with which the cause has this effect. */
  readonly atLeast?: Severity;
  /** One sentence for the reader. */
  readonly why: string;
}

export interface Rule {
  readonly id: string;
  /** The folder the rule lies in. */
  readonly pack: string;
  /** The rule file, as the caller named its folder. */
  readonly file: string;
  readonly catalog: readonly string[];
  readonly title: string;
  readonly status: Status;
  readonly severity: Severity;
  /** Conditions for another severity; the most severe true one wins. */
  readonly severityWhen: readonly { readonly severity: Severity; readonly when: Written }[];
  readonly tags: readonly string[];
  readonly given: readonly [Binding, ...Binding[]];
  readonly let: readonly { readonly name: string; readonly value: Written }[];
  readonly appliesWhen?: Written;
  readonly failsWhen: Written;
  /** `binding`, `binding.field` or a name of `let`; absent means what the conditions read. */
  readonly evidence?: readonly Written[];
  readonly reconciles?: Reconciles;
  readonly explains: readonly Explains[];
  readonly subject: Written;
  readonly message: Written;
  readonly meaning: string;
  readonly impact: string;
  readonly diagnosis: string;
  readonly remediation: string;
  readonly falsePositives: readonly string[];
  readonly references: readonly string[];
}

/** Something wrong in a rule file, with the way out where one is known. */
export interface RuleProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestion?: string;
}

/** What rules can speak of. */
export interface Vocabulary {
  readonly factTypes: readonly FactType[];
  /** Names of logs, e.g. `KubeletLog`. */
  readonly logs: readonly string[];
  readonly settings: Settings;
}

/** `rules/cpu/a.yaml:12:3: unknown key "fail" (did you mean "failsWhen"?)`; in one line, whatever the file quotes. */
export function problemText(problem: RuleProblem): string {
  const more = problem.suggestion === undefined ? '' : ` (${problem.suggestion})`;
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}${more}`.replace(/\s*\n\s*/g, ' ');
}

/** The name of a binding's data in `missing` and in texts: fact type, `group/Kind` or log. */
export function sourceName(binding: Binding): string {
  if (binding.is === 'fact') return binding.fact;
  return binding.is === 'object' ? binding.object : binding.log;
}
