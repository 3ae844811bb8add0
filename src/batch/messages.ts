// What the parent of a batch and its child processes say to each other.

import type { IndexEntry, IndexFailure } from '../report/render-index.ts';

/** One bundle to be analysed, or one part of the index. A child has one of them at a time. */
export type Order =
  | {
      readonly order: 'bundle';
      readonly input: string;
      readonly folder: string;
      /** Where the report of an earlier run lies, and this one will. */
      readonly standing: string;
      readonly jobs: number;
    }
  | { readonly order: 'list'; readonly entries: readonly IndexEntry[]; readonly failures: readonly IndexFailure[] }
  /** `output`: where the reports lie. */
  | { readonly order: 'index'; readonly output: string }
  | { readonly order: 'end' };

/** `written`: names of the files, in the folder that was ordered, or for an index in the scratch folder itself. */
export interface Done {
  readonly told: 'done';
  readonly written: readonly string[];
  readonly entry?: IndexEntry;
  /** `sha256:…` or hex, as the report has it: of one input. */
  readonly sha256?: string;
}

export type Told =
  /** `filesDigest`: of all files that decide about a report beside its input. */
  | { readonly told: 'ready'; readonly filesDigest: string; readonly warnings: readonly string[] }
  /** The command line is wrong in a way that shows only when the rules are loaded. */
  | { readonly told: 'refused'; readonly message: string }
  | { readonly told: 'alive' }
  | { readonly told: 'progress'; readonly stage: string; readonly bytesRead: number; readonly bytesTotal: number }
  | Done
  | { readonly told: 'failed'; readonly reason: string; readonly advice: string };

/** How a process talks with the one that started it. */
export interface ParentLine {
  send(message: Told): void;
  onOrder(hear: (order: Order) => void): void;
}

/** What this process is, for those it starts. */
export interface Kin {
  readonly pid: number;
  /** The program that runs this one, and the file it runs. */
  readonly nodePath: string;
  readonly program: string;
  /** Of the machine, or what this process and those it starts may have of it. */
  readonly memoryBytes: number;
  /** Absent where nobody started it to be talked with. */
  readonly parent?: ParentLine;
}
