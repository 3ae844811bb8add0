// Reads values out of parsed JSON, YAML or TOML, where anything may stand in any place: the wanted type, or undefined.

export type Plain = Readonly<Record<string, unknown>>;

export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const plainOf = (value: unknown): Plain => (isPlain(value) ? value : {});

/** What lies at a path of keys: `at(info, 'runtimeSpec', 'linux', 'cgroupsPath')`. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let here = value;
  for (const key of keys) {
    if (!isPlain(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

/** Text, or a number or truth value as it would be written; an empty text counts as text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** Text that says something. */
export const nonEmpty = (value: unknown): string | undefined => textOf(value) || undefined;

/** A whole number that JavaScript holds exactly, from a number or from digits in a text. */
export function intOf(value: unknown): number | undefined {
  const number =
    typeof value === 'string' ? (/^[+-]?\d+$/.test(value.trim()) ? Number(value) : Number.NaN) : Number(value);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  return Number.isSafeInteger(number) ? number : undefined;
}

export function boolOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textsOf = (value: unknown): string[] => listOf(value).flatMap((each) => textOf(each) ?? []);

/** A map of texts; entries that are lists or maps themselves are left out. */
export function textMapOf(value: unknown): Record<string, string> {
  const entries = Object.entries(plainOf(value)).flatMap(([key, each]) => {
    const text = textOf(each);
    return text === undefined ? [] : [[key, text] as const];
  });
  return Object.fromEntries(entries);
}
