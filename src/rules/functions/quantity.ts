// Kubernetes quantities (`1.5Gi`, `250m`): exact, to a billionth, as `resource.Quantity` is.

import { define, type FunctionTable } from './function-table.ts';

const nano = 1_000_000_000n;
const binary: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const form = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,3})?$/;

export class Quantity {
  readonly nanos: bigint;
  readonly text: string;
  constructor(nanos: bigint, text = plain(nanos)) {
    this.nanos = nanos;
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** Undefined where the text is no quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  const parts = form.exec(text);
  if (!parts) return undefined;
  const [, sign, whole = '', fraction = '', suffix = ''] = parts;
  if (whole === '' && fraction === '') return undefined;
  let scaled = BigInt(whole + fraction) * nano;
  let exponent = -fraction.length;
  if (suffix in binary) scaled <<= binary[suffix] ?? 0n;
  else exponent += decimal[suffix] ?? Number(suffix.slice(1));
  if (Math.abs(exponent) > 64 + fraction.length) return undefined;
  if (exponent >= 0) scaled *= 10n ** BigInt(exponent);
  else {
    // Kubernetes rounds what is smaller than a billionth up.
    const divisor = 10n ** BigInt(-exponent);
    scaled = (scaled + divisor - 1n) / divisor;
  }
  return new Quantity(sign === '-' ? -scaled : scaled, text);
}

function quantity(text: string): Quantity {
  const parsed = parseQuantity(text);
  if (!parsed) throw new Error(`"${text}" is not a quantity`);
  return parsed;
}

function plain(nanos: bigint): string {
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = String(size % nano)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${sign}${size / nano}${fraction === '' ? '' : `.${fraction}`}`;
}

const compare = (a: Quantity, b: Quantity): bigint => (a.nanos < b.nanos ? -1n : a.nanos > b.nanos ? 1n : 0n);
const ofInt = (value: bigint): bigint => value * nano;

export const quantityFunctions: FunctionTable = {
  types: [{ name: 'Quantity', ctor: Quantity }],
  functions: [
    define('quantity(string): Quantity', 'The quantity a text says; an error where it says none.', quantity),
    define('isQuantity(string): bool', 'Whether a text is a quantity.', (text) => parseQuantity(text) !== undefined),
    define('Quantity.sign(): int', '-1, 0 or 1.', (q) => (q.nanos < 0n ? -1n : q.nanos > 0n ? 1n : 0n)),
    define('Quantity.isInteger(): bool', 'Whether it is whole.', (q) => q.nanos % nano === 0n),
    define('Quantity.asInteger(): int', 'The whole number; an error where it is not whole.', (q) => {
      if (q.nanos % nano !== 0n) throw new Error(`quantity ${q} is not a whole number`);
      return q.nanos / nano;
    }),
    define('Quantity.asApproximateFloat(): double', 'The nearest double.', (q) => Number(q.nanos) / 1e9),
    define('Quantity.add(Quantity): Quantity', 'Sum.', (a, b) => new Quantity(a.nanos + b.nanos)),
    define('Quantity.add(int): Quantity', 'Sum.', (a, b) => new Quantity(a.nanos + ofInt(b))),
    define(
      'Quantity.sub(Quantity): Quantity',
      'Difference.',
      (a: Quantity, b: Quantity) => new Quantity(a.nanos - b.nanos),
    ),
    define('Quantity.sub(int): Quantity', 'Difference.', (a, b) => new Quantity(a.nanos - ofInt(b))),
    define('Quantity.isGreaterThan(Quantity): bool', 'Whether it is more.', (a, b) => a.nanos > b.nanos),
    define('Quantity.isLessThan(Quantity): bool', 'Whether it is less.', (a, b) => a.nanos < b.nanos),
    define('Quantity.compareTo(Quantity): int', '-1, 0 or 1.', compare),
    define('string(Quantity): string', 'As it was written.', (q) => q.text),
  ],
  operators: [{ signature: 'Quantity == Quantity', handler: (a, b) => a.nanos === b.nanos }],
};
