// `redaction-map.json`: the key and what stands for what. For the owner alone: it undoes the redaction.

import { freshKey, keyOfText, type RedactionKey } from './key.ts';
import type { Pseudonym } from './names.ts';

export const mapName = 'redaction-map.json';
const schema = 'drydock.redaction-map/1';
/** A secret that could be guessed in an afternoon is none. */
const shortestKey = 16;

export interface RedactionMap {
  readonly key: RedactionKey;
  readonly entries: readonly Pseudonym[];
}

export const freshMap = (): RedactionMap => ({ key: freshKey(), entries: [] });

/** The map as it is saved: without a time, so that the same run gives the same bytes. */
export function mapText(key: RedactionKey, entries: readonly Pseudonym[]): string {
  const warning = 'This file undoes the redaction. Keep it; never attach it.';
  const distinct = new Map(entries.map((entry) => [sortKey(entry), entry]));
  const pseudonyms = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return `${JSON.stringify({ schema, warning, key: Buffer.from(key).toString('hex'), pseudonyms }, null, 1)}\n`;
}

const sortKey = ({ kind, original }: Pseudonym): string => `${kind}\0${original}`;

/** A map that was saved, or any secret text: its key is then made from the text. Throws where it is too short for one. */
export function readMap(text: string): RedactionMap {
  if (!text.trimStart().startsWith('{')) {
    if (text.trim().length < shortestKey)
      throw new Error(`a key has at least ${shortestKey} characters; a ${mapName} that drydock wrote is one too`);
    return { key: keyOfText(text.trim()), entries: [] };
  }
  let value: { schema?: unknown; key?: unknown; pseudonyms?: unknown };
  try {
    value = JSON.parse(text) as typeof value;
  } catch (cause) {
    throw new Error(`this map is no JSON: ${(cause as Error).message}`, { cause });
  }
  if (value.schema !== schema || typeof value.key !== 'string' || !/^[0-9a-f]{64}$/.test(value.key)) {
    throw new Error(`this is no ${mapName} that drydock wrote`);
  }
  const entries = Array.isArray(value.pseudonyms) ? value.pseudonyms.filter(isPseudonym) : [];
  return { key: Buffer.from(value.key, 'hex'), entries };
}

function isPseudonym(value: unknown): value is Pseudonym {
  const { kind, original, pseudonym } = (value ?? {}) as Record<string, unknown>;
  return typeof kind === 'string' && typeof original === 'string' && typeof pseudonym === 'string';
}
