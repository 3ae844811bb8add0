// One rule set in many spellings must give one model: facts field by field, and what each rule does to packets.
//
//   node test/corpus/dialects.ts FOLDER…      dumps of one moment lie in one folder, or carry the same date in their names

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Chain, type Rule, type Ruleset, rulesetOf } from '../../src/models/netfilter/ruleset.ts';
import { storeOf } from '../models/netfilter/small-node.ts';
import { deed, packetsFor, sorted } from './rule-deeds.ts';

const { positionals } = parseArgs({ allowPositionals: true });
if (positionals.length === 0) throw new Error('usage: node test/corpus/dialects.ts FOLDER…');

interface Dump {
  readonly path: string;
  readonly kind: string;
  readonly ruleset: Ruleset;
}

/** By name; the first ones show most, and the others are held to them. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^ip6?tables-save(_-c)?(\.txt|-\d.*)?$/, 'IptablesSave'],
  [/^ip6?tables[-_](-t_\w+_)?-?(nvL|vnxL|Lnv)/, 'IptablesList'],
  [/^ip6?tables[-_](-t_\w+_)?-?(S|Ln?|L_-n\S*)([-_.\d]|$)/, 'IptablesList'],
  [/^nft_list_ruleset/, 'NftRuleset'],
  [/^nft_-j_list_ruleset/, 'NftRuleset'],
];
const rank = (path: string) => kinds.findIndex(([pattern]) => pattern.test(basename(path)));

function* files(at: string): Generator<string> {
  for (const entry of readdirSync(at, { withFileTypes: true })) {
    const path = join(at, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile() && rank(path) >= 0) yield path;
  }
}

/** Dumps of one moment: of one folder, and of one date where names have one. */
const momentOf = (path: string) => {
  const date = /\d{4}-\d\d-\d\d_[\d-]+|\d\d\.\d\d\.\d{4}/.exec(basename(path))?.[0] ?? '';
  return `${dirname(path)}|${date}`;
};

const chainName = ({ table, name }: Chain) => `${table.family} ${table.name} ${name}`;
const chainsOf = ({ ruleset }: Dump) =>
  new Map(ruleset.tables.flatMap(({ chains }) => [...chains.values()].map((chain) => [chainName(chain), chain])));
const tablesOf = ({ ruleset }: Dump) => new Set(ruleset.tables.map(({ family, name }) => `${family} ${name}`));

interface Tally {
  rules: number;
  fields: number;
  hidden: number;
  packets: number;
  /** Counters that went on between two commands. */
  moved: number;
  readonly differences: string[];
}

/** Where and in which words a rule stands is what dialects differ in; matches and options are compared by what they do. */
const notCompared = new Set('node netns backend text hidden countersRounded otherMatches targetOptions'.split(' '));

function compareFields(one: Rule, two: Rule, tally: Tally): readonly string[] {
  const hidden = new Set([...one.value.hidden, ...two.value.hidden]);
  const [left, right] = [one.value, two.value] as unknown as Record<string, unknown>[];
  const wrong: string[] = [];
  const rounded = one.value.countersRounded || two.value.countersRounded;
  const matchHidden = [...hidden].some((name) => !['comment', 'packets', 'targetOptions'].includes(name));
  for (const name of new Set([...Object.keys(left!), ...Object.keys(right!)])) {
    if (notCompared.has(name)) continue;
    const counter = name === 'packets' || name === 'bytes';
    const unseen =
      hidden.has(name.replace('Negated', '')) ||
      (counter && (hidden.has('packets') || rounded || left![name] === undefined || right![name] === undefined)) ||
      (name === 'unconditional' && matchHidden);
    if (unseen) {
      tally.hidden += 1;
      continue;
    }
    tally.fields += 1;
    const [a, b] = [sorted(left![name]), sorted(right![name])];
    if (a !== b && counter) tally.moved += 1;
    else if (a !== b) wrong.push(`${name}: ${a}, and ${b}`);
  }
  return wrong;
}

const hiddenOfTarget = new Set('targetOptions toDestination toSource toPorts setMark rejectWith'.split(' '));

function compareDeeds(one: Rule, two: Rule, first: Dump, second: Dump, tally: Tally): readonly string[] {
  const targetHidden = [one, two].some(({ value }) => value.hidden.some((name) => hiddenOfTarget.has(name)));
  const hook = /POSTROUTING|OUTPUT/.test(one.chain) ? 'postrouting' : 'prerouting';
  for (const given of packetsFor(one)) {
    const [left, right] = [deed(one, first.ruleset, hook, given), deed(two, second.ruleset, hook, given)];
    // What one of them leaves open, because it shows less, cannot contradict.
    if (left.said === undefined || right.said === undefined) {
      tally.hidden += 1;
      if (one.value.hidden.length > 0 || two.value.hidden.length > 0) continue;
      if (left.said !== right.said)
        return [`with ${sorted(given.packet)}: ${left.unknown ?? left.said}, and ${right.unknown ?? right.said}`];
      continue;
    }
    tally.packets += 1;
    // Where the options of the target are hidden, at least the verdict must be the same.
    if (targetHidden && left.verdict !== undefined && left.verdict === right.verdict) continue;
    if (left.said !== right.said) return [`with ${sorted(given.packet)}: ${left.said}, and ${right.said}`];
  }
  return [];
}

function compareChains(one: Chain, two: Chain, first: Dump, second: Dump, tally: Tally): void {
  const name = chainName(one);
  if (one.policy !== two.policy) tally.differences.push(`${name}: policy ${one.policy}, and ${two.policy}`);
  if (one.rules.length !== two.rules.length)
    tally.differences.push(`${name}: ${one.rules.length} rules, and ${two.rules.length}`);
  for (const [at, rule] of one.rules.entries()) {
    const other = two.rules[at];
    if (!other) return;
    tally.rules += 1;
    const wrong = [...compareFields(rule, other, tally), ...compareDeeds(rule, other, first, second, tally)];
    for (const each of wrong)
      tally.differences.push(`${name} ${at + 1}: ${each}\n      ${rule.value.text}\n      ${other.value.text}`);
  }
}

function compare(first: Dump, second: Dump): Tally {
  const tally: Tally = { rules: 0, fields: 0, hidden: 0, packets: 0, moved: 0, differences: [] };
  const [ones, twos] = [chainsOf(first), chainsOf(second)];
  const [tablesOne, tablesTwo] = [tablesOf(first), tablesOf(second)];
  for (const [name, chain] of ones) {
    const other = twos.get(name);
    if (other) compareChains(chain, other, first, second, tally);
    // `nft list ruleset` leaves out base chains that no rule made.
    else if (
      tablesTwo.has(`${chain.table.family} ${chain.table.name}`) &&
      (chain.rules.length > 0 || chain.policy === undefined)
    )
      tally.differences.push(`${name}: missing in the second`);
  }
  for (const [name, chain] of twos) {
    if (!ones.has(name) && tablesOne.has(`${chain.table.family} ${chain.table.name}`) && chain.rules.length > 0)
      tally.differences.push(`${name}: missing in the first`);
  }
  return tally;
}

const moments = new Map<string, string[]>();
for (const folder of positionals) {
  for (const path of files(folder)) moments.set(momentOf(path), [...(moments.get(momentOf(path)) ?? []), path]);
}
const total = { pairs: 0, rules: 0, fields: 0, hidden: 0, packets: 0, moved: 0, differences: 0 };
for (const paths of moments.values()) {
  const families = [
    paths.filter((path) => !/ip6tables/.test(path)),
    paths.filter((path) => /ip6tables|nft_/.test(path)),
  ];
  for (const list of families) {
    const dumps = list
      .toSorted((one, two) => rank(one) - rank(two) || (one < two ? -1 : 1))
      .map((path): Dump => {
        const kind = kinds[rank(path)]![1];
        // The parser knows a table by the name of the file, and blanks part the key here.
        const key = `${kind} ${path.replaceAll(' ', '_')}`;
        return { path, kind, ruleset: rulesetOf(storeOf({ [key]: readFileSync(path, 'utf8') }), undefined) };
      });
    const shown = dumps.filter(({ ruleset }) => ruleset.known);
    const shared = (one: Dump, two: Dump) => [...tablesOf(one)].some((table) => tablesOf(two).has(table));
    for (const [at, second] of shown.entries()) {
      const first = shown.slice(0, at).find((each) => shared(each, second));
      if (!first) continue;
      const found = compare(first, second);
      total.pairs += 1;
      for (const name of ['rules', 'fields', 'hidden', 'packets', 'moved'] as const) total[name] += found[name];
      total.differences += found.differences.length;
      const counts = `${found.rules} rules, ${found.fields} fields and ${found.packets} packets the same or named below, ${found.hidden} hidden`;
      console.log(`${basename(dirname(first.path))}: ${basename(first.path)} and ${basename(second.path)}: ${counts}`);
      for (const each of found.differences) console.log(`    ${each}`);
    }
  }
}
console.log(
  `${total.pairs} pairs, ${total.rules} rules, ${total.fields} fields, ${total.packets} packets; ${total.hidden} hidden; ${total.moved} counters moved on; ${total.differences} differences`,
);
process.exitCode = total.differences > 0 || total.pairs === 0 ? 1 : 0;
