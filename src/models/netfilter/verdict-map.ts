// Verdict maps of nft: `ip daddr . meta l4proto . th dport vmap @service-ips`, `numgen random mod 2 vmap { 0 : goto … }`.

import type { RuleValue } from '../../facts/parsers/network/ruleset.ts';
import type { Subject } from './match-context.ts';
import { type KeyPart, keyValues, readKeys } from './nft-keys.ts';
import { type AddressSet, findElement, makeSet } from './sets.ts';

export interface MapVerdict {
  /** `goto service-…`, `drop`. */
  readonly verdict: string;
  readonly share: number;
}

/** Nothing found: the rule does not match. `why`: what would have to be known. */
export type MapLookup = { readonly verdicts: readonly MapVerdict[] } | { readonly why: string };

interface ReadMap {
  readonly keys?: readonly KeyPart[];
  readonly dice: boolean;
  /** Name of a map of the table, or the map itself. */
  readonly map: string | AddressSet;
}

const read = new WeakMap<RuleValue, ReadMap | { readonly why: string }>();

export function lookUpVerdict(subject: Subject): MapLookup {
  const { value, table } = subject.rule;
  let rule = read.get(value);
  if (!rule) {
    rule = readMap(value.targetOptions ?? '');
    read.set(value, rule);
  }
  if ('why' in rule) return rule;
  const map =
    typeof rule.map === 'string'
      ? subject.context.ruleset.nftSets.get(`${table.family} ${table.name} ${rule.map}`)
      : rule.map;
  if (!map) return { why: `the elements of map ${rule.map} are not in the dump` };
  if (rule.dice) {
    const all = [...map.exact.values(), ...map.wide];
    return { verdicts: all.map(({ value: verdict = 'continue' }) => ({ verdict, share: 1 / all.length })) };
  }
  const values = keyValues(rule.keys ?? [], subject);
  const element = findElement(map, values);
  if (element === 'unknown')
    return { why: `${values.map((each) => each ?? 'what is not known').join(' . ')} is looked up in map ${map.name}` };
  return { verdicts: element?.value === undefined ? [] : [{ verdict: element.value, share: 1 }] };
}

function readMap(options: string): ReadMap | { readonly why: string } {
  const parts = /^(.*) vmap (?:@(\S+)|\{ ?(.*?) ?\})$/s.exec(options);
  if (!parts) return { why: `a verdict map cannot be read: ${options.slice(0, 80)}` };
  const dice = /^numgen (random|inc) mod \d+/.test(parts[1]!);
  const keys = dice ? undefined : readKeys(parts[1]!);
  if (!dice && !keys) return { why: `nft decides by ${parts[1]}` };
  const map =
    parts[2] ?? makeSet({ name: 'in the rule', type: '', complete: true, dynamic: false }, elementsOf(parts[3]!));
  return { dice, map, ...(keys && { keys }) };
}

function elementsOf(text: string) {
  const parts = text.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  return parts.flatMap((part) => {
    const colon = part.lastIndexOf(' : ');
    if (colon < 0) return [];
    const key = part.slice(0, colon).trim().replaceAll('"', '').split(' . ');
    return [{ key, value: part.slice(colon + 3).trim() }];
  });
}
