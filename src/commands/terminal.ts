// What a command may say to the person who runs it; `cli.ts` makes the real one, tests make a list.

import type { Kin } from '../batch/messages.ts';

export interface Terminal {
  /** A line of the answer, to standard output. `painted` text holds our own colours, and is made visible before them. */
  say(text: string, painted?: 'painted'): void;
  /** A line beside the answer (errors, hints), to standard error. */
  warn(text: string): void;
  /** Replaces the progress line; nothing off a terminal or with --quiet. */
  progress(text: string): void;
  /** Standard error is a terminal and nobody asked for quiet. */
  readonly isTerminal: boolean;
  readonly color: boolean;
  readonly columns: number;
  /** Milliseconds that only go forward, for rates and times left; they never reach a report. */
  clock(): number;
  readonly signal: AbortSignal;
  /** This process among those it starts and the one that started it; a test that runs in its own process has none. */
  readonly kin?: Kin;
}

/** A wrong call: what was wrong and what to do. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** `0` complete, `1` a finding at or above --fail-on, `2` no report, `3` coverage incomplete. Worst wins: 2, 3, 1, 0. */
export type ExitCode = 0 | 1 | 2 | 3;
const order: readonly ExitCode[] = [0, 1, 3, 2];
export const worst = (codes: readonly ExitCode[]): ExitCode =>
  codes.reduce((a, b) => (order.indexOf(b) > order.indexOf(a) ? b : a), 0);
