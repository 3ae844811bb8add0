// The journal of an output folder: which inputs were asked for, which of them are done, and who works on them now.
//
// One process holds it at a time, by SQLite's own lock, which ends with the process whatever becomes of it: a killed
// run leaves nothing that has to be broken open. Its bytes tell how often a run was interrupted (SQLite counts
// transactions in the header); its rows do not.

import { lstatSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { OutputError, systemCode } from '../report/output-error.ts';
import type { IndexEntry } from '../report/render-index.ts';

export const journalName = 'journal.sqlite';

/** One input, by its absolute path. */
export interface JournalRow {
  readonly path: string;
  /** Below the output folder. That of another row for an archive that was there already under another name. */
  readonly folder: string;
  /** What tells that the input is still the same without reading it: size and time of modification. */
  readonly mark: string;
  readonly sizeBytes: number;
  /** Of the input, where it is known. */
  readonly sha256: string;
  /** Of what decides about the report beside the input: version, rules, settings, limits, formats. */
  readonly settings: string;
  readonly state: 'waiting' | 'done' | 'failed';
  /** Of a failed one. */
  readonly reason: string;
  /** The row whose report is this one's too; empty for one of its own. */
  readonly sameAs: string;
  /** JSON of what the index says; empty unless done. */
  readonly entry: string;
}

/** What planning needs: all but what the index says of it, which is most of a row. */
export type RowHead = Omit<JournalRow, 'entry'>;

export interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

/** Another process works in this folder, or the journal is none. Exit code 2. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

export interface Journal {
  get(path: string): JournalRow | undefined;
  /** In the order of their paths. */
  rows(): Iterable<JournalRow>;
  heads(): Iterable<RowHead>;
  put(rows: readonly JournalRow[]): void;
  /** What the index says of rows that are done stays as it is. */
  plan(rows: readonly RowHead[]): void;
  remove(paths: readonly string[]): void;
  close(): void;
}

const layout = 2;
const columns = [
  'path',
  'folder',
  'mark',
  'sizeBytes',
  'sha256',
  'settings',
  'state',
  'reason',
  'sameAs',
  'entry',
] as const satisfies readonly (keyof JournalRow)[];
const headColumns = columns.filter((name) => name !== 'entry');
const tables = `
CREATE TABLE IF NOT EXISTS owner (pid INTEGER, host TEXT, started TEXT);
CREATE TABLE IF NOT EXISTS bundle (${columns.map((name) => `${name} ${name === 'sizeBytes' ? 'INTEGER' : 'TEXT'} NOT NULL`).join(', ')}, PRIMARY KEY (path)) WITHOUT ROWID;
PRAGMA user_version = ${layout};`;

/** Takes the journal of this folder, and makes it where there is none. Throws `JournalError` when another has it. */
export function openJournal(output: string, owner: Owner): Journal {
  const path = join(output, journalName);
  for (;;) {
    refuseOther(path);
    const before = inodeOf(path);
    const journal = takeJournal(path, owner);
    // the one who had it may have taken an empty journal away while we waited for it
    if (before === undefined || before === inodeOf(path)) return journal;
    journal.close();
  }
}

const inodeOf = (path: string): number | undefined => lstatSync(path, { throwIfNoEntry: false })?.ino;

function takeJournal(path: string, owner: Owner): Journal {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    readLayout(database, path);
    database.exec(`${tables} DELETE FROM owner`);
    database.prepare('INSERT INTO owner VALUES (?, ?, ?)').run(owner.pid, owner.host, owner.started);
    database.exec('COMMIT');
    return journalOf(database, path);
  } catch (error) {
    database?.close();
    throw told(path, error);
  }
}

/** The rows of a journal as they stand, for looking alone; none where there is no journal. */
export function readJournal(output: string): JournalRow[] {
  const path = join(output, journalName);
  if (!refuseOther(path)) return [];
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return all(database);
    } finally {
      database.close();
    }
  } catch (error) {
    throw told(path, error);
  }
}

function journalOf(database: DatabaseSync, path: string): Journal {
  const get = database.prepare('SELECT * FROM bundle WHERE path = ?');
  const put = database.prepare(`INSERT OR REPLACE INTO bundle VALUES (${columns.map(() => '?').join(', ')})`);
  const plan = database.prepare(planText);
  const remove = database.prepare('DELETE FROM bundle WHERE path = ?');
  const iterate = <Row>(names: string): Iterable<Row> =>
    database.prepare(`SELECT ${names} FROM bundle ORDER BY path`).iterate() as unknown as Iterable<Row>;
  const together = (work: () => void): void => {
    try {
      database.exec('BEGIN');
      work();
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw told(path, error);
    }
  };
  return {
    get: (each) => get.get(each) as JournalRow | undefined,
    rows: () => iterate<JournalRow>('*'),
    heads: () => iterate<RowHead>(headColumns.join(', ')),
    put: (rows) => together(() => rows.forEach((row) => void put.run(...columns.map((name) => row[name])))),
    plan: (rows) => together(() => rows.forEach((row) => void plan.run(...headColumns.map((name) => row[name])))),
    remove: (paths) => together(() => paths.forEach((each) => void remove.run(each))),
    close() {
      try {
        // a run that came to nothing leaves nothing
        if (database.prepare('SELECT 1 FROM bundle LIMIT 1').get() === undefined) unlinkSync(path);
        else database.exec('DELETE FROM owner');
      } finally {
        database.close();
      }
    },
  };
}

const planText = `
INSERT INTO bundle (${headColumns.join(', ')}, entry) VALUES (${headColumns.map(() => '?').join(', ')}, '')
ON CONFLICT (path) DO UPDATE SET ${headColumns.map((name) => `${name} = excluded.${name}`).join(', ')},
entry = CASE excluded.state WHEN 'done' THEN entry ELSE '' END`;

const all = (database: DatabaseSync): JournalRow[] =>
  database.prepare('SELECT * FROM bundle ORDER BY path').all() as unknown as JournalRow[];

/** What the index says of a row that is done. */
export const entryOf = (row: JournalRow): IndexEntry => JSON.parse(row.entry) as IndexEntry;

function readLayout(database: DatabaseSync, path: string): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (found === layout) return;
  const isEmpty = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.count === 0;
  if (found === 0 && isEmpty) return;
  throw new JournalError(`${path} is not of this version of Drydock: move it away, and the batch begins anew`);
}

/** False when there is none. A link that somebody laid there is not followed. */
function refuseOther(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!stats.isFile()) throw new OutputError(path, stats.isSymbolicLink() ? 'ELOOP' : 'EEXIST');
  return true;
}

const busy = 5;
const unreadable: readonly number[] = [11, 26];

function told(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  if (code === busy) return new JournalError(busyText(path));
  if (unreadable.includes(code))
    return new JournalError(
      `${path} cannot be read (${(error as Error).message}): move it away, and the batch begins anew`,
    );
  const system = systemCode(error);
  return system === undefined || error instanceof OutputError ? error : new OutputError(path, system, { cause: error });
}

function busyText(path: string): string {
  const owner = ownerOf(path);
  const who = owner ? `process ${owner.pid} on ${owner.host}, since ${owner.started}` : 'another process';
  return `${path} is in use by ${who}: wait for its end, or choose another folder with -o`;
}

/** Past the lock: the row is written once, when the lock is taken, and a torn reading is no answer. */
function ownerOf(path: string): Owner | undefined {
  try {
    const url = pathToFileURL(path);
    url.search = 'immutable=1';
    const database = new DatabaseSync(url, { readOnly: true });
    try {
      return database.prepare('SELECT pid, host, started FROM owner').get() as unknown as Owner | undefined;
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}
