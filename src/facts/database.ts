// The saved form of the facts: one SQLite file with a table of all facts and a view for each type.

import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { FactType, Field } from './fact-type.ts';
import type { FactStore } from './store.ts';

/** A row of a query: values as SQLite gives them. */
export type Row = Readonly<Record<string, string | number | bigint | null | Uint8Array>>;

/** Writes `facts.sqlite` whole or not at all. Every type gets a view with a column a field, and path, first, last. */
export function saveFacts(path: string, store: FactStore, factTypes: readonly FactType[]): void {
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  const database = new DatabaseSync(temporary);
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    database.exec('CREATE TABLE fact (type TEXT, path TEXT, first INTEGER, last INTEGER, value TEXT)');
    const insert = database.prepare('INSERT INTO fact VALUES (?, ?, ?, ?, ?)');
    for (const type of store.types) {
      for (const { path: source, span, value } of store.read(type)) {
        insert.run(type, source, span[0], span[1], JSON.stringify(value));
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
  renameSync(temporary, path);
}

/** Runs one SELECT over saved facts, read-only. Throws with SQLite's own words when the statement is wrong. */
export function queryFacts(path: string, statement: string): Row[] {
  if (!existsSync(path)) throw new Error(`${path}: no saved facts here; run analyze with --save-facts first`);
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(statement).all() as Row[];
  } finally {
    database.close();
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

function viewOf(type: FactType): string {
  const columns = Object.entries(type.fields).map(([name, field]) => {
    const extracted = `json_extract(value, '$.${name}')`;
    return `${isNested(field) ? `json(${extracted})` : extracted} AS "${name}"`;
  });
  return `CREATE VIEW "${type.name}" AS SELECT ${['path', 'first', 'last', ...columns].join(', ')} FROM fact WHERE type = ${quoted(type.name)}`;
}

const isNested = (field: Field): boolean =>
  field.is === 'optional' ? isNested(field.of) : field.is === 'list' || field.is === 'map' || field.is === 'object';
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
