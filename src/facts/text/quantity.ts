// Reads Kubernetes resource quantities exactly: `500m` CPU, `1.5Gi` memory, `1e3` of anything.

/** An exact fraction. */
interface Quantity {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const decimalPowers: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binaryPowers: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const form = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE])([+-]?\d{1,3})|([KMGTPE]i|[numkMGTPE]))?$/;

/** CPU in thousandths, rounded up as Kubernetes does; undefined where the text is no quantity. */
export function cpuMillis(quantity: unknown): number | undefined {
  return scaled(quantity, 1000n);
}

/** Bytes, pods, devices: whole units, rounded up; undefined where the text is no quantity or too large to be exact. */
export function wholeUnits(quantity: unknown): number | undefined {
  return scaled(quantity, 1n);
}

function scaled(quantity: unknown, factor: bigint): number | undefined {
  const exact = readQuantity(quantity);
  if (!exact) return undefined;
  const scaledUp = exact.numerator * factor;
  // BigInt division cuts towards zero, which is already "up" below zero.
  const cut = scaledUp / exact.denominator;
  const value = Number(scaledUp > 0n && cut * exact.denominator !== scaledUp ? cut + 1n : cut);
  return Number.isSafeInteger(value) ? value : undefined;
}

function readQuantity(quantity: unknown): Quantity | undefined {
  // YAML gives `cpu: 2` and `cpu: 0.5` as numbers.
  const text = typeof quantity === 'number' ? String(quantity) : quantity;
  if (typeof text !== 'string') return undefined;
  const match = form.exec(text.trim());
  if (!match) return undefined;
  const [, sign = '', digits = '', , exponent, suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const number = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  const binary = binaryPowers[suffix];
  if (binary !== undefined) return { numerator: number << BigInt(binary), denominator: 10n ** BigInt(fraction.length) };
  const power = (exponent === undefined ? (decimalPowers[suffix] ?? 0) : Number(exponent)) - fraction.length;
  if (power >= 0) return { numerator: number * 10n ** BigInt(power), denominator: 1n };
  return { numerator: number, denominator: 10n ** BigInt(-power) };
}
