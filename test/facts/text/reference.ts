// The `yaml` package as the judge of our own reader: the same values, but for the few places where we decide otherwise.

import { type Document, isScalar, parseAllDocuments, parseDocument, visit } from 'yaml';

/** Values of all documents as `yaml` (or JSON.parse) reads them, with our decisions on numbers and managedFields. */
export function referenceValues(text: string): unknown[] {
  const json = jsonValue(text);
  if (json !== undefined) return [withoutManagedFields(json)];
  const options = { uniqueKeys: false, intAsBigInt: true, logLevel: 'silent' } as const;
  const documents = parseAllDocuments(text.replace(/^\ufeff/, ''), options);
  return [...documents].flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    const value = jsOf(document);
    return value === null ? [] : [value];
  });
}

/** Undefined when `yaml` finds the text wrong. */
export function referenceValue(text: string): { value: unknown } | undefined {
  const document = parseDocument(text, { uniqueKeys: false, intAsBigInt: true, logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  return { value: jsOf(document) };
}

/** Keys keep their text, `0x10` too. */
function jsOf(document: Document): unknown {
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.type === 'PLAIN' && !key.tag) key.value = key.source;
    },
  });
  return withoutManagedFields(document.toJS({ maxAliasCount: -1 }));
}

function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutManagedFields(value: unknown, under = ''): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutManagedFields(element));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (under === 'metadata' && key === 'managedFields') continue;
    const inner = withoutManagedFields((value as Record<string, unknown>)[key], key);
    Object.defineProperty(copy, key, { value: inner, enumerable: true, writable: true, configurable: true });
  }
  return copy;
}

/** Where two values differ, as a sentence; undefined when they are equal. */
export function firstDifference(ours: unknown, theirs: unknown, path = ''): string | undefined {
  if (sameScalar(ours, theirs)) return undefined;
  if (typeof ours !== 'object' || typeof theirs !== 'object' || !ours || !theirs) return told(path, ours, theirs);
  if (Array.isArray(ours) !== Array.isArray(theirs)) return told(path, ours, theirs);
  const ourKeys = Object.keys(ours);
  const theirKeys = Object.keys(theirs);
  if (ourKeys.join('\n') !== theirKeys.join('\n')) return told(`${path} keys`, ourKeys, theirKeys);
  for (const key of ourKeys) {
    const difference = firstDifference((ours as never)[key], (theirs as never)[key], `${path}/${key}`);
    if (difference) return difference;
  }
  return undefined;
}

/** A number that a double cannot hold is text with us. */
function sameScalar(ours: unknown, theirs: unknown): boolean {
  if (Object.is(ours, theirs)) return true;
  if (typeof theirs === 'bigint') {
    const number = Number(theirs);
    if (Number.isSafeInteger(number)) return ours === number;
    return typeof ours === 'string' && BigInt(ours.replace(/^\+/, '')) === theirs;
  }
  if (typeof theirs !== 'number') return false;
  if (typeof ours === 'string' && !Number.isFinite(theirs)) return /^[-+]?(?:\.inf|\.nan|[\d.]+e\+?\d+)$/i.test(ours);
  return ours === theirs || (typeof ours === 'string' && !Number.isSafeInteger(theirs) && Number(ours) === theirs);
}

function told(path: string, ours: unknown, theirs: unknown): string {
  return `${path || '/'}: ours ${short(ours)}, theirs ${short(theirs)}`;
}

function short(value: unknown): string {
  const text =
    typeof value === 'bigint'
      ? `${value}n`
      : JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner));
  return text === undefined ? 'nothing' : text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
