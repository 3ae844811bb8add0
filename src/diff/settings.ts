// Objects and settings of two bundles held against each other, kind by kind.

import { byKeys, groupBy, tallied } from '../report/compare.ts';
import { redactText } from '../report/redact-secrets.ts';
import { redacted } from '../report/secret-shapes.ts';
import type { Change, DiffSettings, FieldChange, Lack } from './diff.ts';
import { type Entry, type EntryLeaf, entriesOf, leafText } from './entries.ts';
import { createGathered, gapIn, type WhyNot } from './gathered.ts';
import { withoutRepeats } from './repeats.ts';
import { createShown, type Shown } from './shown.ts';
import type { Side } from './side.ts';
import type { Compared, Table } from './table.ts';

interface Missing {
  readonly side: Side['which'];
  readonly kind: string;
  readonly why: string;
}

/** Changes in the order of the table, then by subject. */
export function compareSettings(before: Side, after: Side, table: Table): DiffSettings {
  const without = [before, after].filter(({ facts }) => facts === undefined);
  if (without.length > 0) {
    const sides = without.map(({ which }) => which).join(' and ');
    return { compared: false, why: whyNot(sides), kinds: [], changes: [], notComparable: [] };
  }
  const changes: Change[] = [];
  const missing: Missing[] = [];
  const kinds = new Set<string>();
  const whyNots = { before: createGathered(before), after: createGathered(after) };
  for (const compared of table.compared) {
    const found = compareKind({ before, after, compared, table, whyNots });
    if (found.seen) kinds.add(compared.kind);
    changes.push(...found.changes.sort(byKeys(({ subject, change }) => [subject, change])));
    missing.push(...found.missing);
  }
  return { compared: true, kinds: [...kinds], changes: withoutRepeats(changes), notComparable: lacksOf(missing) };
}

const whyNot = (sides: string): string =>
  `objects and settings were not compared: of ${sides} there is only the report. Give the bundle itself, or a report that \`analyze --save-facts\` wrote.`;

interface Pair {
  readonly before: Side;
  readonly after: Side;
  readonly compared: Compared;
  readonly table: Table;
  readonly whyNots: Readonly<Record<Side['which'], WhyNot>>;
}

function compareKind(pair: Pair): { changes: Change[]; missing: Missing[]; seen: boolean } {
  const { before, after, compared, table } = pair;
  const old = entriesOf(before, compared, table);
  const now = entriesOf(after, compared, table);
  const shown = { before: createShown(before, compared), after: createShown(after, compared) };
  const changes: Change[] = [];
  const missing: Missing[] = [];
  for (const [key, entry] of old) {
    const other = now.get(key);
    if (!other) onOneSide(entry, before, after, old);
    else if (entry.isWhole && other.isWhole) {
      const found = changed(pair, entry, other, shown);
      changes.push(...found.changes);
      missing.push(...found.missing);
    } else {
      const side = entry.isWhole ? 'after' : 'before';
      missing.push({ side, kind: compared.kind, why: `only a part of it was printed ${side}` });
    }
  }
  for (const [key, entry] of now) if (!old.has(key)) onOneSide(entry, after, before, now);
  return { changes, missing, seen: old.size + now.size > 0 };

  function onOneSide(entry: Entry, has: Side, lacks: Side, all: ReadonlyMap<string, Entry>): void {
    const why = whyMissing(pair, entry, has, lacks, all);
    if (why !== undefined) missing.push({ side: lacks.which, kind: compared.kind, why });
    else {
      const change = has.which === 'before' ? ('removed' as const) : ('added' as const);
      const evidence = shown[has.which].thing(entry.fact);
      changes.push({ ...named(compared, entry, shown[has.which]), change, fields: [], [has.which]: evidence });
    }
  }
}

function whyMissing(
  { compared, whyNots }: Pair,
  entry: Entry,
  has: Side,
  lacks: Side,
  all: ReadonlyMap<string, Entry>,
): string | undefined {
  const { path } = entry.fact;
  const { node } = entry;
  const kind = compared.object === undefined ? undefined : compared.kind;
  // `oc adm inspect` writes the Namespaces that it was asked for, so one that is not there may still be in the cluster.
  const namespace = kind === 'Namespace' ? entry.subject : entry.namespace;
  // A Node object is of the API, though it has a node in its key.
  const place = has.place(path);
  const isOwn = node !== undefined && place.node === node;
  const isListed = countAt(all, path) > 1;
  const why = whyNots[lacks.which]({
    type: compared.fact,
    ...(kind !== undefined && { kind }),
    ...(namespace !== undefined && { namespace }),
    ...(isOwn && { node }),
    place,
    isListed,
  });
  if (why !== undefined || compared.whole === undefined) return why;
  const isPart = lacks
    .read(compared.fact)
    .some(({ value }) => value[compared.whole ?? ''] === false && (node === undefined || value.node === node));
  return isPart ? `only a part of it was printed ${lacks.which}` : undefined;
}

const counted = new WeakMap<ReadonlyMap<string, Entry>, Map<string, number>>();

function countAt(all: ReadonlyMap<string, Entry>, path: string): number {
  const known =
    counted.get(all) ??
    new Map(tallied([...all.values()].map(({ fact }) => fact.path)).map(({ name, count }) => [name, count]));
  counted.set(all, known);
  return known.get(path) ?? 0;
}

function changed(
  { before, after, compared }: Pair,
  old: Entry,
  now: Entry,
  shown: Readonly<Record<Side['which'], Shown>>,
): { changes: Change[]; missing: Missing[] } {
  const gaps = { before: gapIn(before, old.fact.path), after: gapIn(after, now.fact.path) };
  const missing: Missing[] = [];
  const paths = [...new Set([...old.leaves.keys(), ...now.leaves.keys()])];
  const fields = paths.flatMap((path): FieldChange[] => {
    const [a, b] = [old.leaves.get(path), now.leaves.get(path)];
    if (a && b && (leafText(a) === leafText(b) || isHidden(a, b))) return [];
    const side = a ? 'after' : 'before';
    const gap = a && b ? undefined : gaps[side];
    if (gap === undefined) return [{ field: path, ...told('before', a), ...told('after', b) }];
    const why = `${gap.path} could not be read as a whole ${side} (${gap.code})`;
    missing.push({ side, kind: `${compared.kind} field`, why });
    return [];
  });
  if (fields.length === 0) return { changes: [], missing };
  const whole = { before: shown.before.thing(old.fact), after: shown.after.thing(now.fact) };
  const isOneSided = (side: 'before' | 'after') => fields.every((field) => field[side] === undefined);
  const change: Change = {
    ...named(compared, now, shown.after),
    change: 'changed',
    fields,
    // A field that is not set has no line of its own: the thing shows that.
    ...(isOneSided('before') && { before: whole.before }),
    ...(isOneSided('after') && { after: whole.after }),
  };
  return { changes: [change], missing };

  /** Facts were saved without secrets: whether one changed cannot be told from them. */
  function isHidden(a: EntryLeaf, b: EntryLeaf): boolean {
    if (before.from !== 'saved facts' && after.from !== 'saved facts') return false;
    const text = shown.before.leaf(a).text;
    return text.includes(redacted) && text === shown.after.leaf(b).text;
  }

  function told(side: 'before' | 'after', leaf: EntryLeaf | undefined) {
    return leaf ? { [side]: shown[side].leaf(leaf) } : {};
  }
}

function named({ group, kind }: Compared, { subject, namespace, node }: Entry, shown: Shown) {
  return {
    group,
    kind,
    subject: shown.text(subject),
    ...(namespace !== undefined && { namespace }),
    ...(node !== undefined && { node }),
  };
}

function lacksOf(missing: readonly Missing[]): Lack[] {
  const groups = [...groupBy(missing, ({ side, why }) => JSON.stringify([side, why])).values()];
  return groups
    .flatMap((same): Lack[] => {
      const [head] = same;
      if (!head) return [];
      return [{ side: head.side, why: redactText(head.why), things: kindsOf(same) }];
    })
    .sort(byKeys(({ side, why }) => [side, why]));
}

const kindsOf = (same: readonly Missing[]): Lack['things'] =>
  tallied(same.map(({ kind }) => kind))
    .map(({ name, count }) => ({ kind: name, count }))
    .sort(byKeys(({ kind }) => [kind]));
