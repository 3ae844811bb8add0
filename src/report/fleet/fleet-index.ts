// The index over many reports as plain data: the type of `index.json`. Every page of it is a pure function of this.

import type { Severity, Verdict } from '../../findings/outcome.ts';
import type { Cluster } from '../report.ts';
import type { IndexFailure } from './entry.ts';

export const indexSchema = 'drydock.index/1';

export interface FleetIndex {
  readonly schema: typeof indexSchema;
  /** How outliers are told, in words. */
  readonly method: { readonly bundles: string; readonly rules: string };
  /** The worst first. The same archive under two names is here twice, with one folder. */
  readonly bundles: readonly IndexBundle[];
  readonly failures: readonly IndexFailure[];
  /** Rules that fire anywhere: the worst and most frequent first. */
  readonly rules: readonly IndexRule[];
  /** Clusters of which there are several runs. */
  readonly clusters: readonly IndexCluster[];
}

export interface IndexBundle {
  readonly name: string;
  /** Of the report, relative to the index. */
  readonly folder: string;
  /** The file in it to be opened first. */
  readonly page: string;
  readonly kinds: readonly string[];
  readonly gatheredAt?: string;
  readonly cluster?: Cluster;
  /** How many findings there are of each severity. */
  readonly findings: Readonly<Record<Severity, number>>;
  /** The rules that fire. */
  readonly rules: readonly { readonly rule: string; readonly severity: Severity; readonly subjects: number }[];
  /** Of the rules that fire somewhere in the index, those that could not decide here: no pass. */
  readonly undecided: readonly string[];
  /** Rules by their verdict. */
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly gaps: number;
  /** 3 where there are gaps, as the command ends with that bundle alone. */
  readonly exit: 0 | 3;
  /** Present where many more rules fire than in others of its kind. */
  readonly outlier?: { readonly rules: number; readonly median: number };
}

export interface IndexRule {
  readonly rule: string;
  readonly title: string;
  /** The worst with which it fires. */
  readonly severity: Severity;
  /** In how many bundles it fires, and over how many subjects. */
  readonly bundles: number;
  readonly subjects: number;
  /** Bundles in which it came to fail or pass. */
  readonly decided: number;
  /** Of those decided; rounded to four places. */
  readonly share: number;
  readonly noData: number;
  readonly broken: number;
  readonly notApplicable: number;
  /** Bundles whose report was made without it. */
  readonly notRun: number;
  /** Present and true where it fires in few of many. */
  readonly rare?: true;
}

export interface IndexCluster {
  readonly id: string;
  /** In the order of gathering. */
  readonly runs: readonly IndexRun[];
}

/** One report of a cluster; the same archive under several names is one run. */
export interface IndexRun {
  readonly folder: string;
  readonly page: string;
  readonly names: readonly string[];
  readonly gatheredAt?: string;
  /** Absent for the first. */
  readonly since?: RunChange;
}

/** As `drydock diff` tells it of two reports. */
export interface RunChange {
  /** Folder of the run before. */
  readonly folder: string;
  /** Present where they could not be compared at all; then nothing else is. */
  readonly why?: string;
  readonly new?: ChangedFindings;
  readonly changed?: number;
  readonly still?: number;
  readonly fixed?: ChangedFindings;
  /** What they speak of is no longer there, or a report alone does not tell that it was mended. */
  readonly gone?: number;
  /** One of the two lacks what would tell. */
  readonly notComparable?: number;
}

export interface ChangedFindings {
  readonly count: number;
  /** The worst of them; no more than a page can show. */
  readonly findings: readonly {
    readonly id: string;
    readonly rule: string;
    readonly title: string;
    readonly severity: Severity;
    readonly subject: string;
    /** Where it is not plain, how sure that is. */
    readonly why?: string;
  }[];
}
