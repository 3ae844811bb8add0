// The `yaml` package as the judge of our own reader: the same values, but for the few places where we decide otherwise.

import { type Document, isNode, isScalar, parseAllDocuments, parseDocument, Scalar, visit, type visitor } from 'yaml';
import { keySpan, spanOf } from '../../../src/facts/text/documents.ts';

/** `yaml` 2.9 drops a line of blanks at the end of a block scalar with an indentation number; Go and libyaml do not. */
export const blankAfterHint = /[|>][+-]?\d[\s\S]*?\n[ \t]+\n/;

/** Values of all documents as `yaml` (or JSON.parse) reads them, with our decisions on numbers and managedFields. */
export function referenceValues(text: string): unknown[] {
  const json = jsonValue(text);
  if (json !== undefined) return [withoutManagedFields(json)];
  const options = { uniqueKeys: false, intAsBigInt: true, resolveKnownTags: false, logLevel: 'silent' } as const;
  const documents = parseAllDocuments(text.replace(/^\ufeff/, ''), options);
  return [...documents].flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    // `on` alone is a truth value; which words are text is known only when it has been read
    const value = jsOf(document);
    return value === null || isWordsAlone(document) ? [] : [value];
  });
}

/** A document of unquoted words is what some command said; we tell of it, and take it for no value. */
function isWordsAlone({ contents }: Document): boolean {
  return (
    isScalar(contents) &&
    contents.type === 'PLAIN' &&
    typeof contents.value === 'string' &&
    !contents.tag &&
    !contents.anchor
  );
}

/** Undefined when `yaml` finds the text wrong. */
export function referenceValue(text: string): { value: unknown } | undefined {
  const document = parseDocument(text, { uniqueKeys: false, intAsBigInt: true, logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  return { value: jsOf(document) };
}

/** Unquoted words that Kubernetes reads otherwise than YAML 1.2. */
const ofKubernetes: readonly (readonly [RegExp, (word: string) => unknown])[] = [
  [/^(?:yes|Yes|YES|on|On|ON)$/, () => true],
  [/^(?:no|No|NO|off|Off|OFF)$/, () => false],
  [/^[-+]?0[0-7_]*[0-7]$/, (word) => BigInt(`0o${word.replaceAll(/[-+_]/g, '')}`) * (word.startsWith('-') ? -1n : 1n)],
  [/^[-+]?0[oOxXbB][0-9a-fA-F_]+$/, (word) => basedNumber(word)],
  [/^[-+]?[1-9][0-9]*_[0-9_]*$/, (word) => BigInt(word.replaceAll(/[+_]/g, ''))],
  [/^[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]+)?$/, (word) => decimalNumber(word)],
];

function basedNumber(word: string): unknown {
  try {
    return BigInt(word.replaceAll(/^[-+]|_/g, '')) * (word.startsWith('-') ? -1n : 1n);
  } catch {
    return word;
  }
}

/** Whole numbers without underscores are as `yaml` reads them. */
function decimalNumber(word: string): unknown {
  return word.includes('_') ? Number(word.replaceAll('_', '')) : undefined;
}

/** A key that is a collection is its JSON. */
const spelled = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Keys keep their text, `0x10` too. */
function jsOf(document: Document): unknown {
  const visitor: visitor = {
    Pair(_, pair) {
      const { key } = pair;
      if (isScalar(key) && key.type === 'PLAIN' && !key.tag) key.value = key.source;
      else if (isScalar(key) && key.value === null) key.value = 'null';
      else if (isNode(key) && !isScalar(key)) {
        visit(key, visitor);
        pair.key = new Scalar(spelled(key.toJS(document)));
      }
    },
    Scalar(place, scalar) {
      if (place === 'key' || scalar.type !== 'PLAIN' || scalar.tag) return;
      const word = scalar.source ?? '';
      const read = ofKubernetes.find(([form]) => form.test(word))?.[1](word);
      if (read !== undefined) scalar.value = read;
    },
  };
  visit(document, visitor);
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

/** All spans of a value, containers and keys, by path. */
export function spansOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return [
    `${path} ${spanOf(value)}`,
    ...Object.keys(value).flatMap((key) => [
      `${path}/${key}: ${keySpan(value, key)}`,
      ...spansOf((value as Record<string, unknown>)[key], `${path}/${key}`),
    ]),
  ];
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
