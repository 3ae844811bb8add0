// Functions on lists and sets: Kubernetes' list library, and the list and set extensions of CEL.

import { spend } from '../cel-budget.ts';
import { entriesOf, entryOf, isCelMap } from '../map-values.ts';
import { type CelFunction, define, type FunctionTable } from './function-table.ts';

type Orderable = bigint | number | string | boolean | Date;
type Collection = readonly unknown[] | ReadonlySet<unknown>;

class Sets {}
class Lists {}

/** Integers and doubles compare by value; dates by their moment. */
export function compareValues(a: Orderable, b: Orderable): number {
  const ordered = isNumber(a)
    ? isNumber(b)
    : a instanceof Date
      ? b instanceof Date
      : isText(a) && typeof a === typeof b;
  if (!ordered) throw new Error('these values have no order');
  return a < b ? -1 : a > b ? 1 : 0;
}

const isText = (value: unknown): boolean => typeof value === 'string' || typeof value === 'boolean';
const isNumber = (value: unknown): value is bigint | number => typeof value === 'bigint' || typeof value === 'number';

export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, at) => sameValue(each, b[at]));
  if (!isCelMap(a) || !isCelMap(b)) return String(a) === String(b) && a.constructor === b.constructor;
  const mine = entriesOf(a);
  return mine.length === entriesOf(b).length && mine.every(([key, value]) => sameValue(value, entryOf(b, key)));
}

/** Values of a kind that a Set tells apart by itself; anything else is compared one by one. */
function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean';
}

const array = (list: Collection): readonly unknown[] => (Array.isArray(list) ? list : [...list]);

function distinct(list: Collection): unknown[] {
  const values = array(list);
  if (values.every(isPlain)) return [...new Set(values)];
  const kept: unknown[] = [];
  for (const value of values) {
    spend(kept.length);
    if (!kept.some((each) => sameValue(each, value))) kept.push(value);
  }
  return kept;
}

function holdsAll(outer: Collection, inner: Collection): boolean {
  const held = array(outer);
  const plain = new Set(held);
  return array(inner).every((value) => {
    if (plain.has(value)) return true;
    spend(held.length);
    return held.some((each) => sameValue(each, value));
  });
}

function extreme(list: Collection, sign: number, name: string): unknown {
  const values = array(list) as readonly Orderable[];
  const [first] = values;
  if (first === undefined) throw new Error(`${name}() of an empty list`);
  return values.reduce((best, value) => (compareValues(value, best) * sign > 0 ? value : best), first);
}

function sum(list: Collection): unknown {
  const values = array(list);
  if (!values.every(isNumber)) throw new Error('sum() needs a list of numbers');
  if (values.some((value) => typeof value === 'number')) return values.reduce((a: number, b) => a + Number(b), 0);
  return (values as readonly bigint[]).reduce((a, b) => a + b, 0n);
}

const sorted = (list: Collection): unknown[] => (array(list).slice() as Orderable[]).sort(compareValues);

function slice(list: Collection, from: bigint, to: bigint): unknown[] {
  const values = array(list);
  if (from < 0n || to < from || to > values.length) throw new Error(`slice(${from}, ${to}) of ${values.length} values`);
  return values.slice(Number(from), Number(to));
}

const largestRange = 100_000n;
function range(count: bigint): bigint[] {
  if (count > largestRange) throw new Error(`range(${count}) is more than ${largestRange}`);
  spend(Math.max(0, Number(count)));
  return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
}

/**
 * For an untyped receiver the checker takes the type that all forms of a method share. The form on null makes that
 * `dyn`, where it would else be the unbound `A`; and it says what is wrong when JSON held null.
 */
function onNull({ signature, doc }: CelFunction): CelFunction {
  const [, method, args] = /\.(\w+)\((.*)\):/.exec(signature) ?? [];
  return define(`null.${method}(${args}): dyn`, doc, () => {
    throw new Error(`${method}() of null`);
  });
}

const listMethods: readonly CelFunction[] = [
  define('list<A>.isSorted(): bool', 'Whether no value is less than the one before it.', (list) => {
    const values = array(list) as readonly Orderable[];
    return values.every((value, at) => at === 0 || compareValues(values[at - 1] as Orderable, value) <= 0);
  }),
  define('list<A>.sum(): A', 'Sum of numbers; 0 of an empty list.', sum),
  define('list<A>.min(): A', 'Least value; an error for an empty list.', (list) => extreme(list, -1, 'min')),
  define('list<A>.max(): A', 'Greatest value; an error for an empty list.', (list) => extreme(list, 1, 'max')),
  define('list<A>.indexOf(A): int', 'Place of the first such value, or -1.', (list, wanted) =>
    BigInt(array(list).findIndex((value) => sameValue(value, wanted))),
  ),
  define('list<A>.lastIndexOf(A): int', 'Place of the last such value, or -1.', (list, wanted) =>
    BigInt(array(list).findLastIndex((value) => sameValue(value, wanted))),
  ),
  define('list<A>.sort(): list<A>', 'In ascending order.', sorted),
  define('list<A>.distinct(): list<A>', 'Each value once, in the order of their first places.', distinct),
  define('list<A>.reverse(): list<A>', 'Last first.', (list) => array(list).slice().reverse()),
  define('list<A>.slice(int, int): list<A>', 'Values from one place up to another.', slice),
  define('list<list<A>>.flatten(): list<A>', 'The values of all inner lists.', (list) => array(list).flat()),
];

const generic = listMethods.filter(({ signature }) => /: (A|list<A>)$/.test(signature));

export const listFunctions: FunctionTable = {
  types: [
    { name: 'Sets', ctor: Sets, constant: { name: 'sets', value: new Sets() } },
    { name: 'Lists', ctor: Lists, constant: { name: 'lists', value: new Lists() } },
  ],
  functions: [
    ...listMethods,
    ...generic.map(onNull),
    define('Lists.range(int): list<int>', '0 up to, not with, the number.', (_, count) => range(count)),
    define('Sets.contains(list<A>, list<A>): bool', 'Whether the first holds all of the second.', (_, a, b) =>
      holdsAll(a, b),
    ),
    define(
      'Sets.equivalent(list<A>, list<A>): bool',
      'Whether each holds all of the other.',
      (_, a, b) => holdsAll(a, b) && holdsAll(b, a),
    ),
    define('Sets.intersects(list<A>, list<A>): bool', 'Whether some value is in both.', (_, a, b) =>
      array(a).some((value) => holdsAll(b, [value])),
    ),
  ],
};
