// The reports of many bundles as tables in memory, filled one report after the other, for one SELECT.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { namesRead, type Row, selectRows, viewOf } from '../facts/database.ts';
import type { FactType } from '../facts/fact-type.ts';
import { factTypes } from '../facts/parsers.ts';
import type { FleetIndex, IndexBundle } from '../report/fleet/fleet-index.ts';
import { indexSchema } from '../report/fleet/fleet-index.ts';
import type { Report } from '../report/report.ts';
import { readReport } from '../report/report-json.ts';
import { stemOf } from './folder-names.ts';
import { readJournal } from './journal.ts';

/** Columns by table; `folder` is that of the report, and joins them all. */
export const fleetTables = {
  bundles:
    'folder, name, input, state, reason, kinds, cluster, version, platform, gatheredAt, critical, error, warning, info, undecided, gaps, outlier',
  findings:
    'folder, id, rule, pack, severity, title, subject, message, kind, namespace, object, node, path, first, last',
  outcomes: 'folder, rule, pack, severity, title, verdict, examined, missing, errors',
  gaps: 'folder, code, path, detail',
} as const;
type Table = keyof typeof fleetTables;

export interface FleetQuery {
  /** Of the batch. */
  readonly output: string;
  readonly statement: string;
  /** Only the bundle with this folder or name. */
  readonly bundle?: string | undefined;
}

export interface FleetAnswer {
  readonly rows: readonly Row[];
  /** Bundles that the statement asks about and that lack the file with the answer: no rows of theirs is not an answer. */
  readonly lacking: readonly { readonly file: string; readonly folders: readonly string[] }[];
}

/** True for the output folder of a batch, or of several reports. */
export const isFleet = (path: string): boolean =>
  existsSync(join(path, 'index.json')) || (!existsSync(join(path, 'facts.sqlite')) && reportsIn(path).length > 0);

/** Only the tables and fact types that the statement names are filled. */
export function queryFleet({ output, statement, bundle }: FleetQuery): FleetAnswer {
  const index = savedIndex(output);
  const isAsked = ({ folder, name }: { readonly folder: string; readonly name: string }) =>
    bundle === undefined || folder === bundle || name === bundle;
  const bundles = (index?.bundles ?? []).filter(isAsked);
  const folders = [...new Set(index ? bundles.map(({ folder }) => folder) : reportsIn(output))].filter(
    (folder) => index !== undefined || bundle === undefined || folder === bundle,
  );
  if (folders.length === 0) throw new Error(`${output}: no bundle ${bundle ?? ''} with a report here`);
  const database = new DatabaseSync(':memory:');
  try {
    for (const [table, columns] of Object.entries(fleetTables)) database.exec(`CREATE TABLE ${table} (${columns})`);
    database.exec('CREATE TABLE fact (folder, type, path, first, last, value)');
    for (const type of factTypes) database.exec(viewOf(type, ['folder', 'path', 'first', 'last']));
    // also finds what is wrong with the statement before a report is read
    const asked = namesRead(database, statement);
    const lacking: { file: string; folders: string[] }[] = [];
    const fill = (file: string, take: (folder: string) => void) => {
      const without = folders.filter((folder) => !existsSync(join(output, folder, file)));
      for (const folder of folders) if (!without.includes(folder)) take(folder);
      if (without.length > 0) lacking.push({ file, folders: without });
    };
    database.exec('BEGIN');
    if (index) fillBundles(database, bundles, bundle === undefined ? index.failures : [], inputsOf(output));
    const tables = (['findings', 'outcomes', 'gaps'] as const).filter((table) => asked.has(table));
    if (tables.length > 0 || !index) {
      fill('report.json', (folder) => {
        const report = readReport(readFileSync(join(output, folder, 'report.json'), 'utf8'));
        for (const table of tables) insertAll(database, table, rowsOf[table](report, folder));
        if (!index) insertAll(database, 'bundles', [bundleOfReport(report, folder)]);
      });
    }
    const types = factTypes.filter(({ name }) => asked.has(name));
    if (types.length > 0) fill('facts.sqlite', (folder) => insertFacts(database, join(output, folder), folder, types));
    database.exec('COMMIT');
    return { rows: selectRows(database, statement), lacking };
  } finally {
    database.close();
  }
}

/** Folders with a report.json, where no index names them; a report's own folder is one, too. */
function reportsIn(output: string): string[] {
  if (existsSync(join(output, 'report.json'))) return ['.'];
  return readdirSync(output, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(output, entry.name, 'report.json')))
    .map(({ name }) => name)
    .sort();
}

export function savedIndex(output: string): FleetIndex | undefined {
  const path = join(output, 'index.json');
  if (!existsSync(path)) return undefined;
  const index = JSON.parse(readFileSync(path, 'utf8')) as FleetIndex;
  if (index.schema !== indexSchema || !Array.isArray(index.rules))
    throw new Error(`${path} is not of this version of Drydock: run the batch again`);
  return index;
}

/** By folder, by name, and by both: where an input lay. None while a batch is at work, which keeps its journal to itself. */
function inputsOf(output: string): ReadonlyMap<string, string> {
  const inputs = new Map<string, string>();
  try {
    for (const { path, folder, sameAs } of readJournal(output)) {
      const keys = [`${folder}\0${stemOf(path)}`, stemOf(path), ...(sameAs === '' ? [folder] : [])];
      for (const key of keys) if (!inputs.has(key)) inputs.set(key, path);
    }
  } catch {
    // A folder that was copied without its journal is a fleet, too.
  }
  return inputs;
}

type Values = readonly SQLInputValue[];

function insertAll(database: DatabaseSync, table: Table | 'fact', rows: Iterable<Values>): void {
  let insert: ReturnType<DatabaseSync['prepare']> | undefined;
  for (const values of rows) {
    insert ??= database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`);
    insert.run(...values);
  }
}

function fillBundles(
  database: DatabaseSync,
  bundles: readonly IndexBundle[],
  failures: FleetIndex['failures'],
  inputs: ReadonlyMap<string, string>,
): void {
  insertAll(
    database,
    'bundles',
    bundles.map((bundle): Values => {
      const { name, folder, kinds, cluster, gatheredAt, findings, verdicts, gaps, outlier } = bundle;
      return [
        ...[folder, name, inputs.get(`${folder}\0${name}`) ?? inputs.get(folder) ?? null],
        ...[gaps > 0 ? 'incomplete' : 'complete', null, kinds.join(', ')],
        ...[cluster?.id ?? null, cluster?.version ?? null, cluster?.platform ?? null, gatheredAt ?? null],
        ...[findings.critical, findings.error, findings.warning, findings.info],
        ...[verdicts['no-data'] + verdicts.error, gaps, outlier ? 1 : 0],
      ];
    }),
  );
  insertAll(
    database,
    'bundles',
    failures.map(({ name, reason }): Values => {
      const nothing = Array.from({ length: 12 }, () => null);
      return [null, name, inputs.get(name) ?? null, 'failed', reason, ...nothing];
    }),
  );
}

function bundleOfReport({ bundle, findings, outcomes, coverage }: Report, folder: string): Values {
  const { cluster } = bundle;
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const undecided = outcomes.filter(({ verdict }) => verdict === 'no-data' || verdict === 'error').length;
  return [
    ...[folder, bundle.name, null, coverage.gaps.length > 0 ? 'incomplete' : 'complete', null],
    ...[bundle.kinds.join(', '), cluster?.id ?? null, cluster?.version ?? null, cluster?.platform ?? null],
    ...[bundle.gatheredAt ?? null, count('critical'), count('error'), count('warning'), count('info')],
    ...[undecided, coverage.gaps.length, null],
  ];
}

const rowsOf: Readonly<Record<Exclude<Table, 'bundles'>, (report: Report, folder: string) => Values[]>> = {
  findings: ({ findings }, folder) =>
    findings.map(({ id, rule, pack, severity, title, subject, message, objects: [object], evidence: [place] }) => [
      ...[folder, id, rule, pack, severity, title, subject, message],
      ...[object?.kind ?? null, object?.namespace ?? null, object?.name ?? null, object?.node ?? null],
      ...[place?.path ?? null, place?.first ?? null, place?.last ?? null],
    ]),
  outcomes: ({ outcomes }, folder) =>
    outcomes.map(({ rule, pack, severity = null, title, verdict, examined, missing, errors }) => [
      ...[folder, rule, pack, severity, title, verdict, examined, missing.join(', '), errors.join('\n')],
    ]),
  gaps: ({ coverage }, folder) => coverage.gaps.map(({ code, path, detail }) => [folder, code, path, detail]),
};

function insertFacts(database: DatabaseSync, from: string, folder: string, types: readonly FactType[]): void {
  const saved = new DatabaseSync(join(from, 'facts.sqlite'), { readOnly: true });
  try {
    const select = saved.prepare('SELECT type, path, first, last, value FROM fact WHERE type = ? ORDER BY rowid');
    for (const { name } of types) {
      const rows = select.iterate(name) as Iterable<Record<string, SQLInputValue>>;
      insertAll(database, 'fact', withFolder(rows, folder));
    }
  } finally {
    saved.close();
  }
}

function* withFolder(rows: Iterable<Record<string, SQLInputValue>>, folder: string): Generator<Values> {
  for (const { type = null, path = null, first = null, last = null, value = null } of rows)
    yield [folder, type, path, first, last, value];
}
