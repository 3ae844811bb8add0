// Facts as they leave the program, saved or printed: the same rules as for a report, and names tell of their values.

import type { FactStore, StoredFact } from '../facts/store.ts';
import { redactPath, redactText } from './redact-secrets.ts';
import { isLength, namesSecret, redacted, secretFlag, secretKey } from './secret-shapes.ts';

/** The store without secrets in what it gives. */
export function redactFacts(store: FactStore): FactStore {
  return {
    types: store.types,
    gatheredAt: store.gatheredAt,
    logSources: (log, labels) => store.logSources(log, labels),
    hits: (pattern) => store.hits(pattern),
    read: (type) => store.read(type).map(redactFact),
  };
}

/** One fact without secrets. */
export const redactFact = (fact: StoredFact): StoredFact => ({
  span: fact.span,
  get at() {
    return fact.at;
  },
  path: redactPath(fact.path),
  value: redactEntries(fact.value),
});

// Words of ours that end like the name of a secret, and say where one is kept.
const references = new Set(['secretKey']);

const tellsSecret = (key: string) => secretKey.test(key) || /^authorization$/i.test(key);

function redactEntries(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // An environment variable, an argument of a plug-in: the name stands beside the value.
  const isNamed = typeof value.name === 'string' && secretKey.test(value.name);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = isNamed && key === 'value' ? String(value.name) : key;
      const tells = tellsSecret(name) && !references.has(name);
      return [redactText(key), redactValue(inner, tells ? name : undefined)];
    }),
  );
}

const flagIn = (word: unknown): string | undefined =>
  typeof word === 'string' && secretFlag.test(word) ? word : undefined;

/** `key` is the name that tells the value is a secret. */
function redactValue(value: unknown, key: string | undefined): unknown {
  if (typeof value === 'string') {
    const isKept = key === undefined || /^(?:true|false|)$/.test(value) || isLength(value) || namesSecret(key, value);
    return isKept ? redactText(value) : redacted;
  }
  // `--token`, `hunter2`: a command line in pieces.
  if (Array.isArray(value)) return value.map((inner, at) => redactValue(inner, key ?? flagIn(value[at - 1])));
  if (typeof value === 'object' && value !== null) return redactEntries(value as Record<string, unknown>);
  return value;
}
