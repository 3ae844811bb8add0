// What a batch has to do: which inputs are new or changed, which are done, and which are one archive under two names.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { folderNames, isNumbered, stemOf } from './folder-names.ts';
import type { RowHead } from './journal.ts';
import type { Mark } from './marks.ts';

/** An input of the batch, with what the journal is to say of it. */
export interface Bundle {
  /** Absolute. */
  readonly path: string;
  /** As it was asked for. */
  readonly input: string;
  readonly folder: string;
  readonly kind: Mark['kind'];
  readonly sizeBytes: number;
}

export interface Asked extends Mark {
  readonly path: string;
  readonly input: string;
}

export interface Plan {
  /** To be analysed now, in the order in which they were asked for. */
  readonly waiting: readonly Bundle[];
  /** Rows as they stand after planning, of all that was asked for. */
  readonly rows: readonly RowHead[];
}

export interface PlanOptions {
  readonly settings: string;
  readonly retryFailed: boolean;
  /** Folders get numbers for names. */
  readonly hidesNames: boolean;
  /** Whether the report of a row lies in its folder. */
  hasReport(row: RowHead): boolean;
  /** Whether it is being made. */
  isUnderWay(path: string): boolean;
  /** Hex; undefined where the file cannot be read, which its analysis will tell. */
  digest(path: string): Promise<string | undefined>;
}

/** `known`: all rows of the journal. The same inputs and rows give the same plan, whatever was interrupted before. */
export async function planBatch(
  asked: readonly Asked[],
  known: readonly RowHead[],
  options: PlanOptions,
): Promise<Plan> {
  const before = new Map(known.map((row) => [row.path, row]));
  const digests = await digestsOf(asked, known, before, options);
  const isSame = (each: Asked): boolean => {
    const row = before.get(each.path);
    if (row?.settings !== options.settings) return false;
    return row.mark === each.mark || (row.sha256 !== '' && row.sha256 === digests.get(each.path));
  };
  const isOver = (each: Asked): boolean => {
    const row = before.get(each.path);
    if (row === undefined || row.sameAs !== '' || !isSame(each)) return false;
    return row.state === 'done' ? options.hasReport(row) : row.state === 'failed' && !mustRetry(each, options);
  };
  const owners = ownersOf(asked, known, digests, isOver, options);
  const sameAsOf = (each: Asked): string => {
    const owner = owners.get(digests.get(each.path) ?? '');
    return owner === undefined || owner === each.path || isOver(each) ? '' : owner;
  };
  const apart = asked.filter((each) => sameAsOf(each) === '');
  const folders = folderNames(
    apart,
    known.filter(({ sameAs, folder }) => sameAs === '' && (!options.hidesNames || isNumbered(folder))),
    options.hidesNames ? () => 'bundle' : stemOf,
  );
  const rows: RowHead[] = [];
  const waiting: Bundle[] = [];
  for (const each of asked) {
    const row = before.get(each.path);
    const { path, input, kind, mark, sizeBytes } = each;
    const sha256 = digests.get(path) ?? '';
    const sameAs = sameAsOf(each);
    if (row && isOver(each)) {
      rows.push({ ...row, mark });
      continue;
    }
    const owner = sameAs === '' ? path : sameAs;
    const folder = folders.get(owner) ?? before.get(owner)?.folder ?? '';
    const blank = { state: 'waiting', reason: '' } as const;
    rows.push({ path, folder, mark, sizeBytes, sha256, settings: options.settings, sameAs, ...blank });
    if (sameAs === '') waiting.push({ path, input, folder, kind, sizeBytes });
  }
  return { waiting, rows };
}

/** What could not even be looked at before may be there now. */
const mustRetry = (each: Asked, options: PlanOptions): boolean => options.retryFailed || each.kind === 'absent';

/** One path for each digest: of a report that is there, else the first that was asked for. */
function ownersOf(
  asked: readonly Asked[],
  known: readonly RowHead[],
  digests: ReadonlyMap<string, string>,
  isOver: (each: Asked) => boolean,
  { settings, hasReport, isUnderWay }: PlanOptions,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const claim = (digest: string | undefined, path: string): void => {
    if (digest && !owners.has(digest)) owners.set(digest, path);
  };
  const isAsked = new Set(asked.map(({ path }) => path));
  for (const each of asked) if (isOver(each)) claim(digests.get(each.path), each.path);
  for (const row of known) {
    if (row.sameAs !== '' || row.settings !== settings || isAsked.has(row.path)) continue;
    if (row.state === 'done' ? hasReport(row) : isUnderWay(row.path)) claim(row.sha256, row.path);
  }
  for (const each of asked) claim(digests.get(each.path), each.path);
  return owners;
}

/**
 * Only files of one size can be one archive: the others are not read for this. What the journal knows of a file that
 * did not change is taken from there.
 */
async function digestsOf(
  asked: readonly Asked[],
  known: readonly RowHead[],
  before: ReadonlyMap<string, RowHead>,
  options: PlanOptions,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<number, Set<string>>();
  for (const { path, sizeBytes, kind } of asked) if (kind === 'file') addTo(paths, sizeBytes, path);
  for (const { path, sizeBytes, sha256 } of known) if (sha256 !== '') addTo(paths, sizeBytes, path);
  const digests = new Map<string, string>();
  for (const { path, mark, sizeBytes, kind } of asked) {
    const row = before.get(path);
    if (row?.mark === mark && row.sha256 !== '') digests.set(path, row.sha256);
    else if (kind === 'file' && sizeBytes > 0) {
      const changed = row !== undefined && row.sha256 !== '' && row.sizeBytes === sizeBytes;
      if (!changed && (paths.get(sizeBytes)?.size ?? 0) < 2) continue;
      const digest = await options.digest(path);
      if (digest !== undefined) digests.set(path, digest);
    }
  }
  return digests;
}

function addTo(paths: Map<number, Set<string>>, sizeBytes: number, path: string): void {
  const same = paths.get(sizeBytes);
  if (same) same.add(path);
  else paths.set(sizeBytes, new Set([path]));
}

/** Of a file, in hex. */
export async function digestOfFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) hash.update(chunk as Uint8Array);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

/** What is written down with a result: of another version, other rules or settings it is no result any more. */
export const settingsDigest = (settings: string, filesDigest: string): string =>
  createHash('sha256').update(`${settings}\n${filesDigest}`).digest('hex');
