// The saved form of the facts: one SQLite file with a table of all facts and a view for each type.

import { existsSync } from 'node:fs';
import { constants, DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FactType, Field } from './fact-type.ts';
import type { FactStore } from './store.ts';

/** A row of a query: values as SQLite gives them. */
export type Row = Readonly<Record<string, string | number | bigint | null | Uint8Array>>;

/** SQLite works on this thread; so often a signal gets its turn. */
const rowsPerTurn = 10_000;

/** Fills an empty file and sees it onto the disk. Every type gets a view with a column a field, and path, first, last. */
export async function saveFacts(path: string, store: FactStore, factTypes: readonly FactType[]): Promise<void> {
  const database = new DatabaseSync(path);
  try {
    // No second file beside this one or in /tmp: one that was not finished is thrown away as a whole.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; BEGIN');
    database.exec('CREATE TABLE fact (type TEXT, path TEXT, first INTEGER, last INTEGER, value TEXT)');
    const insert = database.prepare('INSERT INTO fact VALUES (?, ?, ?, ?, ?)');
    let rows = 0;
    for (const type of store.types) {
      for (const { path: source, span, value } of store.read(type)) {
        insert.run(type, source, span[0], span[1], JSON.stringify(value));
        if (++rows % rowsPerTurn === 0) await nextTurn();
      }
    }
    database.exec('CREATE INDEX fact_type ON fact (type)');
    for (const type of factTypes) database.exec(viewOf(type));
    database.exec('CREATE TABLE bundle (gatheredAt TEXT)');
    database.prepare('INSERT INTO bundle VALUES (?)').run(store.gatheredAt ?? null);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

/** What a SELECT is made of; `VACUUM INTO` writes a file even where the database may only be read. */
const reading: readonly number[] = [
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
];

/** Runs one SELECT over saved facts, read-only. Throws with SQLite's own words when the statement is wrong. */
export function queryFacts(path: string, statement: string): Row[] {
  if (!existsSync(path)) throw new Error(`${path}: no saved facts here; run analyze with --save-facts first`);
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return selectRows(database, statement);
  } finally {
    database.close();
  }
}

/** Runs one SELECT and nothing else. From then on the database can only be read. */
export const selectRows = (database: DatabaseSync, statement: string): Row[] =>
  onlyReading(
    database,
    () => undefined,
    () => database.prepare(statement).all() as Row[],
  );

/** The tables and views that a SELECT reads, which is not run. */
export function namesRead(database: DatabaseSync, statement: string): ReadonlySet<string> {
  const names = new Set<string>();
  onlyReading(
    database,
    (name) => names.add(name),
    () => database.prepare(statement),
  );
  database.setAuthorizer(null);
  return names;
}

function onlyReading<T>(database: DatabaseSync, hear: (name: string) => void, work: () => T): T {
  database.setAuthorizer((action, table, _column, _database, view) => {
    for (const name of [action === constants.SQLITE_READ ? table : null, view]) if (name) hear(name);
    return reading.includes(action) ? constants.SQLITE_OK : constants.SQLITE_DENY;
  });
  try {
    return work();
  } catch (error) {
    const isDenied = error instanceof Error && /^(?:not authorized|authorization denied)/.test(error.message);
    throw isDenied ? new Error('saved facts are only read: say a SELECT, without PRAGMA, ATTACH or VACUUM') : error;
  }
}

/** Saved facts as a store, for `drydock facts`. */
export function openSavedFacts(path: string): FactStore {
  const types = queryFacts(path, 'SELECT DISTINCT type FROM fact ORDER BY type').map((row) => String(row.type));
  const gatheredAt = queryFacts(path, 'SELECT gatheredAt FROM bundle')[0]?.gatheredAt;
  return {
    types,
    gatheredAt: typeof gatheredAt === 'string' ? gatheredAt : undefined,
    logSources: () => 0,
    hits: () => [],
    read: (type) =>
      queryFacts(path, `SELECT path, first, last, value FROM fact WHERE type = ${quoted(type)} ORDER BY rowid`).map(
        (row) => ({
          path: String(row.path),
          span: [Number(row.first), Number(row.last)],
          value: JSON.parse(String(row.value)) as Record<string, unknown>,
        }),
      ),
  };
}

/** `places`: the columns of the table `fact` that stand before those of the type. */
export function viewOf(type: FactType, places = ['path', 'first', 'last']): string {
  const columns = Object.entries(type.fields).map(([name, field]) => {
    const extracted = `json_extract(value, '$.${name}')`;
    return `${isNested(field) ? `json(${extracted})` : extracted} AS "${name}"`;
  });
  return `CREATE VIEW "${type.name}" AS SELECT ${[...places, ...columns].join(', ')} FROM fact WHERE type = ${quoted(type.name)}`;
}

const isNested = (field: Field): boolean =>
  field.is === 'optional' ? isNested(field.of) : field.is === 'list' || field.is === 'map' || field.is === 'object';
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
