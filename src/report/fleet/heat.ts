// Rules against bundles, or against groups of them where there are many: where does what fire, and how often.

import { byKeys, groupBy } from '../compare.ts';
import type { FleetIndex, IndexBundle } from './fleet-index.ts';

/** More columns than these are no table any more. */
const mostBundles = 20;
const mostGroups = 14;

export interface HeatColumn {
  readonly label: string;
  readonly bundles: readonly IndexBundle[];
}

export interface Heat {
  /** True where each column is one bundle. */
  readonly isSingle: boolean;
  readonly columns: readonly HeatColumn[];
}

/** By bundle, or by kind and minor version; what does not fit is the last column. */
export function heatOf({ bundles }: FleetIndex): Heat {
  if (bundles.length <= mostBundles)
    return { isSingle: true, columns: bundles.map((bundle) => ({ label: bundle.name, bundles: [bundle] })) };
  const hasKinds = new Set(bundles.map(kindOf)).size > 1;
  const labelOf = (bundle: IndexBundle) => [hasKinds && kindOf(bundle), minorOf(bundle)].filter(Boolean).join(' ');
  const groups = [...groupBy(bundles, labelOf)]
    .map(([label, same]) => ({ label, bundles: same }))
    .sort(byKeys((group) => [-group.bundles.length, group.label]));
  const shown = groups.length > mostGroups ? groups.slice(0, mostGroups - 1) : groups;
  const rest = groups.slice(shown.length).flatMap((group) => group.bundles);
  const columns = [...shown].sort(byKeys(({ label }) => [naturalKey(label)]));
  return { isSingle: false, columns: rest.length > 0 ? [...columns, { label: 'all others', bundles: rest }] : columns };
}

const kindOf = ({ kinds }: IndexBundle): string => kinds.join(', ') || 'no known kind';

function minorOf({ cluster }: IndexBundle): string {
  const version = cluster?.version ?? '';
  return /^.*?\d+\.\d+/.exec(version)?.[0] ?? (version === '' ? 'no version' : version);
}

/** `4.9` stands before `4.16`. */
const naturalKey = (text: string): string => text.replace(/\d+/g, (digits) => digits.padStart(8, '0'));

export interface HeatCell {
  /** Bundles of the column in which it fires; of one bundle its subjects. */
  readonly count: number;
  /** Bundles of the column in which it could not decide. */
  readonly undecided: number;
  /** 0 where it fires nowhere, 1 to 4 by the share of the bundles in which it could decide or does not apply. */
  readonly level: 0 | 1 | 2 | 3 | 4;
  /** Nobody knows whether it would fire. */
  readonly isUnknown: boolean;
}

/** The cells of each rule, by its id, in the order of the columns. */
export function heatCells({ columns, isSingle }: Heat): (rule: string) => HeatCell[] {
  const tallies = columns.map(({ bundles }) => ({
    subjects: tallyOf(bundles.flatMap(({ rules }) => rules.map(({ rule, subjects }) => [rule, subjects] as const))),
    firing: tallyOf(bundles.flatMap(({ rules }) => [...new Set(rules.map(({ rule }) => rule))].map(one))),
    undecided: tallyOf(bundles.flatMap(({ undecided }) => undecided.map(one))),
    all: bundles.length,
  }));
  return (rule) =>
    tallies.map(({ subjects, firing, undecided, all }) => {
      const fires = firing.get(rule) ?? 0;
      const unknown = undecided.get(rule) ?? 0;
      return {
        count: isSingle ? (subjects.get(rule) ?? 0) : fires,
        undecided: unknown,
        level: fires === 0 ? 0 : isSingle ? 2 : levelOf(fires / (all - unknown)),
        isUnknown: unknown === all,
      };
    });
}

const one = (rule: string): readonly [string, number] => [rule, 1];

function tallyOf(pairs: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [rule, count] of pairs) counts.set(rule, (counts.get(rule) ?? 0) + count);
  return counts;
}

const levelOf = (share: number): HeatCell['level'] => (share < 0.1 ? 1 : share < 0.33 ? 2 : share < 0.67 ? 3 : 4);
