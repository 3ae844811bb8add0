// What becomes of a result: the report gets its place, the journal its row, and the index is made of all rows.

import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OutputError } from '../report/output-error.ts';
import { freshKey } from '../report/redact/key.ts';
import { createRedaction } from '../report/redact/redaction.ts';
import { redactText } from '../report/redact-secrets.ts';
import type { IndexEntry, IndexFailure } from '../report/render-index.ts';
import { moveReport, refuseLink } from '../report/write-report.ts';
import type { Crew, Result } from './crew.ts';
import { stemOf } from './folder-names.ts';
import { entryOf, type Journal, type JournalRow, type RowHead } from './journal.ts';
import type { Done, Order } from './messages.ts';
import type { Bundle } from './plan.ts';

export const indexNames = ['index.html', 'index.md', 'index.json'];
/** Rows of the index handed to a child in one piece: the parent never holds them all. */
const piece = 50;
const indexTries = 3;

/** All files of its report lie where they belong. */
export const hasReport = (output: string, row: RowHead, names: readonly string[]): boolean =>
  names.every((name) => lstatSync(join(output, row.folder, name), { throwIfNoEntry: false })?.isFile() === true);

/** The report first, then the row: killed in between, the bundle is analysed once more to the same bytes. */
export async function writeDown(bundle: Bundle, result: Result, journal: Journal, output: string): Promise<JournalRow> {
  const row = await resultRow(bundle, result, output, journal.get(bundle.path));
  journal.put([row]);
  return row;
}

async function resultRow(
  bundle: Bundle,
  result: Result,
  output: string,
  before: JournalRow | undefined,
): Promise<JournalRow> {
  if (!before) throw new Error(`${bundle.path} is not in the journal`);
  if ('failed' in result) return { ...before, state: 'failed', reason: redactText(result.failed), entry: '' };
  const reason = result.scratch === undefined ? '' : await placeReport(result.scratch, bundle, output, result.done);
  if (reason !== '') return { ...before, state: 'failed', reason: redactText(reason), entry: '' };
  const { entry, sha256 } = result.done;
  const digest = bundle.kind === 'file' ? (sha256 ?? '') : '';
  return { ...before, state: 'done', reason: '', sha256: digest, entry: JSON.stringify(entry) };
}

/** Why it could not get its place; empty when it did. A report that was finished twice is the same bytes. */
export async function placeReport(
  scratch: string,
  bundle: Bundle,
  output: string,
  { written }: Pick<Done, 'written'>,
): Promise<string> {
  const folder = join(output, bundle.folder);
  try {
    refuseLink(folder);
    await moveReport(join(scratch, bundle.folder), folder, written);
    return '';
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    return error.message;
  }
}

/** An archive that is there under another name too: its row says what the other's says. */
export function settleCopies(journal: Journal, hidesNames: boolean): JournalRow[] {
  const copies = some(journal, ({ sameAs, state }) => sameAs !== '' && state === 'waiting');
  const settled = copies.flatMap((row): JournalRow[] => {
    const owner = journal.get(row.sameAs);
    if (owner?.state === 'failed') return [{ ...row, state: 'failed', reason: owner.reason, entry: '' }];
    if (owner?.state !== 'done') return [];
    const entry: IndexEntry = { ...entryOf(owner), ...(!hidesNames && { name: stemOf(row.path) }) };
    return [{ ...row, state: 'done', folder: owner.folder, entry: JSON.stringify(entry) }];
  });
  journal.put(settled);
  return settled;
}

/** A report that was taken away, and an input that failed and is gone, are no part of the folder any more. */
export function forgetGone(journal: Journal, asked: ReadonlySet<string>, isThere: (row: RowHead) => boolean): void {
  const gone = some(journal, (row) => {
    if (asked.has(row.path)) return false;
    if (row.state === 'done') return !isThere(row);
    return row.state === 'failed' && lstatSync(row.path, { throwIfNoEntry: false }) === undefined;
  });
  journal.remove(gone.map(({ path }) => path));
}

/** Paths of its files. A child renders it: the parent of thousands of bundles stays as small as that of one. */
export async function writeIndex(crew: Crew, journal: Journal, output: string, hidesNames: boolean): Promise<string[]> {
  for (let times = 1; ; times++) {
    const ended = await crew.borrow(async (child) => {
      for (const order of pieces(journal, hidesNames)) await child.obey(order);
      const answer = await child.obey({ order: 'index', output });
      return answer.told === 'done' ? await moveReport(child.scratch, output, answer.written) : answer;
    });
    if (Array.isArray(ended)) return ended;
    if (ended.told === 'failed') throw new Error(`the index could not be written: ${ended.reason}`);
    if (times === indexTries) throw new Error(`the index could not be written: ${ended.reason}`);
  }
}

function* pieces(journal: Journal, hidesNames: boolean): Generator<Order> {
  let entries: IndexEntry[] = [];
  let failures: IndexFailure[] = [];
  for (const row of journal.rows()) {
    if (row.state === 'done') entries.push(entryOf(row));
    if (row.state === 'failed')
      failures.push(hidesNames ? hiddenFailure(row) : { name: stemOf(row.path), reason: row.reason });
    if (entries.length + failures.length < piece) continue;
    yield { order: 'list', entries, failures };
    entries = [];
    failures = [];
  }
  yield { order: 'list', entries, failures };
}

/** Never all rows at once. */
const some = (journal: Journal, isOne: (row: RowHead) => boolean): RowHead[] =>
  Iterator.from(journal.heads()).filter(isOne).toArray();

/** Named by its number; a reason that holds anything to be hidden is not told. */
function hiddenFailure({ path, folder, reason }: JournalRow): IndexFailure {
  const said = [path, basename(path)].reduce((text, name) => text.replaceAll(name, folder), reason);
  const isPlain = createRedaction({ key: freshKey() }).text(said) === said && !said.includes(dirname(path));
  return { name: folder, reason: isPlain ? said : 'its reason names what is hidden; journal.sqlite holds it' };
}
