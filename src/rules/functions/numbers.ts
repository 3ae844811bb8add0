// Arithmetic that mixes integers and doubles, and the `math` functions of CEL.

import { type CelFunction, type CelOperator, define, type FunctionTable } from './function-table.ts';
import { compareValues } from './lists.ts';

class MathNames {}

type Value = bigint | number;
const extreme = (values: readonly Value[], sign: number): Value =>
  values.reduce((best, value) => (compareValues(value, best) * sign > 0 ? value : best));

const numberTypes = ['int', 'double'];

/** `math.greatest` and `math.least` take two to four numbers, or a list. */
function extremes(): CelFunction[] {
  const made: CelFunction[] = [];
  for (const [name, sign, doc] of [
    ['greatest', 1, 'The greatest number.'],
    ['least', -1, 'The least number.'],
  ] as const) {
    for (const type of numberTypes) {
      for (const count of [2, 3, 4]) {
        const signature = `MathNames.${name}(${Array(count).fill(type).join(', ')}): ${type}`;
        made.push(define(signature, doc, (_, ...values) => extreme(values, sign)));
      }
      const ofList = (_: unknown, list: readonly Value[]) => {
        if (list.length === 0) throw new Error(`math.${name}() of an empty list`);
        return extreme(list, sign);
      };
      made.push(define(`MathNames.${name}(list<${type}>): ${type}`, doc, ofList));
    }
    made.push(define(`MathNames.${name}(int, double): double`, doc, (_, a, b) => extreme([Number(a), b], sign)));
    made.push(define(`MathNames.${name}(double, int): double`, doc, (_, a, b) => extreme([a, Number(b)], sign)));
  }
  return made;
}

/** Half away from zero, as CEL rounds. */
const round = (value: number): number => Math.sign(value) * Math.round(Math.abs(value));

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** `limit * 0.8` with an integer limit is a double, and no error. */
const mixed: CelOperator[] = Object.entries(operations).flatMap(([sign, compute]) => {
  const handler = (a: Value, b: Value) => compute(Number(a), Number(b));
  return [
    { signature: `int ${sign} double: double`, handler },
    { signature: `double ${sign} int: double`, handler },
  ];
});

const shiftLimit = 63n;
const bits = (name: string, doc: string, compute: (a: bigint, b: bigint) => bigint): CelFunction =>
  define(`MathNames.${name}(int, int): int`, doc, (_, a, b) => BigInt.asIntN(64, compute(a, b)));

export const numberFunctions: FunctionTable = {
  types: [{ name: 'MathNames', ctor: MathNames, constant: { name: 'math', value: new MathNames() } }],
  functions: [
    ...extremes(),
    define('MathNames.ceil(double): double', 'Rounded up.', (_, value) => Math.ceil(value)),
    define('MathNames.floor(double): double', 'Rounded down.', (_, value) => Math.floor(value)),
    define('MathNames.round(double): double', 'Rounded to the nearest, halves away from zero.', (_, v) => round(v)),
    define('MathNames.trunc(double): double', 'Without its fraction.', (_, value) => Math.trunc(value)),
    define('MathNames.abs(double): double', 'Without its sign.', (_, value) => Math.abs(value)),
    define('MathNames.abs(int): int', 'Without its sign.', (_, value) => (value < 0n ? -value : value)),
    define('MathNames.sign(int): int', '-1, 0 or 1.', (_, value) => (value < 0n ? -1n : value > 0n ? 1n : 0n)),
    bits('bitAnd', 'Bits set in both.', (a, b) => a & b),
    bits('bitOr', 'Bits set in one of them.', (a, b) => a | b),
    bits('bitXor', 'Bits set in exactly one of them.', (a, b) => a ^ b),
    bits('bitShiftLeft', 'Bits moved up.', (a, b) => (b > shiftLimit || b < 0n ? 0n : a << b)),
    bits('bitShiftRight', 'Bits moved down.', (a, b) => (b > shiftLimit || b < 0n ? 0n : BigInt.asUintN(64, a) >> b)),
  ],
  operators: mixed,
};
