// What `--redact`, `--redact-key` and `--redact-keywords` ask for.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshMap, mapName, type RedactionMap, readMap } from '../report/redact/redaction-map.ts';
import { UsageError } from './terminal.ts';

export interface RedactWords {
  readonly redact: boolean;
  readonly 'redact-key'?: string | undefined;
  readonly 'redact-keywords'?: string | undefined;
}

export interface RedactPlan {
  /** Given with `--redact-key`. */
  readonly map?: RedactionMap;
  readonly keywords: readonly string[];
}

export const redactOptions = {
  redact: { type: 'boolean', default: false },
  'redact-key': { type: 'string' },
  'redact-keywords': { type: 'string' },
} as const;

export const redactUsage = `  --redact                put pseudonyms in place of addresses, host, domain and user names and ids of clouds;
                          what stands for what goes to ${mapName} beside the report, for you alone
  --redact-key FILE       make the same pseudonyms again: a ${mapName}, or a file with a secret of your own
  --redact-keywords FILE  further words to hide, one a line`;

/** Shorter ones stand in every other word. */
const shortestKeyword = 3;

/** Undefined without `--redact`. */
export function readRedact(words: RedactWords): RedactPlan | undefined {
  const { redact, 'redact-key': key, 'redact-keywords': keywords } = words;
  if (!redact) {
    const other = key !== undefined ? '--redact-key' : keywords !== undefined ? '--redact-keywords' : undefined;
    if (other) throw new UsageError(`${other} goes with --redact`);
    return undefined;
  }
  return {
    keywords: keywords === undefined ? [] : readKeywords(keywords),
    ...(key !== undefined && { map: openMap(key, '--redact-key') }),
  };
}

/** The map of `--redact-key`; else the one that lies in the folder, so that it is not lost; else a fresh one. */
export function mapFor({ map }: RedactPlan, folder: string): RedactionMap {
  if (map) return map;
  const path = join(folder, mapName);
  return existsSync(path) ? openMap(path, 'the map of an earlier run') : freshMap();
}

function openMap(path: string, what: string): RedactionMap {
  try {
    return readMap(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${what} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readKeywords(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--redact-keywords ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const words = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const short = words.find((word) => word.length < shortestKeyword);
  if (short !== undefined)
    throw new UsageError(
      `--redact-keywords ${path}: ${short} is too short; say at least ${shortestKeyword} characters`,
    );
  return words;
}
