// `drydock query` over one bundle and over a whole batch: which tables there are, what is lacking, and that nothing is written.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../src/commands/run.ts';
import type { Terminal } from '../../src/commands/terminal.ts';
import { indexEntry, renderIndex } from '../../src/report/render-index.ts';
import { renderJson } from '../../src/report/report-json.ts';
import { healthyReport, sampleReport } from '../report/sample-report.ts';
import { drydock, filesIn, newFolder, write } from './drydock.ts';

/** The output folder of a batch, as it stands at its end: two reports, one of them under two names, one failure. */
function fleet(): string {
  const sample = indexEntry(sampleReport, 'sample');
  const entries = [sample, { ...sample, name: 'copy' }, indexEntry(healthyReport, 'well')];
  return write(newFolder(), {
    'sample/report.json': renderJson(sampleReport),
    'well/report.json': renderJson(healthyReport),
    'index.json': renderIndex(entries, [{ name: 'broken', reason: 'it is no archive' }]).json,
  });
}
/** As `--save-facts` writes it, with one pod. */
function saveFacts(folder: string, pod: string): void {
  const database = new DatabaseSync(join(folder, 'facts.sqlite'));
  database.exec('CREATE TABLE fact (type TEXT, path TEXT, first INTEGER, last INTEGER, value TEXT)');
  const value = JSON.stringify({ namespace: 'shop', name: pod, phase: 'Pending' });
  database.prepare("INSERT INTO fact VALUES ('Pod', 'pods.yaml', 3, 9, ?)").run(value);
  database.close();
}
async function ask(...words: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    ...{ say: (text) => void out.push(text), warn: (text) => void err.push(text), progress: () => undefined },
    ...{ isTerminal: false, color: false, columns: 80, clock: () => 0, signal: new AbortController().signal },
  };
  const code = await run(['query', ...words, '-o', 'json'], terminal);
  const rows = code === 2 ? [] : (JSON.parse(out.join('')) as Record<string, unknown>[]);
  return { code, rows, err: err.join('\n') };
}

test('bundles, findings, outcomes and gaps of all reports are tables that their folder joins', async () => {
  const folder = fleet();
  const before = filesIn(folder);
  const bundles = await ask(folder, 'SELECT name, folder, state, reason, version, gaps FROM bundles ORDER BY name');
  assert.is(bundles.code, 0, bundles.err);
  assert.equal(
    bundles.rows.map(({ name, folder: of, state }) => [name, of, state]),
    [
      ['broken', null, 'failed'],
      ['copy', 'sample', 'incomplete'],
      ['must-gather-checkout-slow', 'sample', 'incomplete'],
      ['must-gather-healthy', 'well', 'complete'],
    ],
  );
  const joined = await ask(
    folder,
    `SELECT name, count(*) AS findings FROM bundles JOIN findings USING (folder) WHERE severity = 'critical' GROUP BY name`,
  );
  const critical = sampleReport.findings.filter(({ severity }) => severity === 'critical').length;
  assert.equal(joined.rows, [
    { name: 'copy', findings: critical },
    { name: 'must-gather-checkout-slow', findings: critical },
  ]);
  const noData = await ask(folder, `SELECT rule FROM outcomes WHERE verdict = 'no-data' AND folder = 'sample'`);
  assert.is(noData.rows.length, sampleReport.outcomes.filter(({ verdict }) => verdict === 'no-data').length);
  assert.is((await ask(folder, 'SELECT 1 FROM gaps')).rows.length, sampleReport.coverage.gaps.length);
  const [place] = (await ask(folder, 'SELECT path, first, last FROM findings LIMIT 1')).rows;
  assert.ok(typeof place?.path === 'string' && Number(place.first) >= 1, JSON.stringify(place));
  assert.equal(filesIn(folder), before, 'nothing is written');
});

test('one bundle alone is asked by its folder or its name', async () => {
  const folder = fleet();
  const of = async (bundle: string) =>
    (await ask(folder, 'SELECT DISTINCT folder FROM outcomes', '--bundle', bundle)).rows;
  assert.equal(await of('well'), [{ folder: 'well' }]);
  assert.equal(await of('copy'), [{ folder: 'sample' }]);
  const none = await ask(folder, 'SELECT 1 FROM outcomes', '--bundle', 'none-such');
  assert.is(none.code, 2);
  assert.match(none.err, 'no bundle none-such');
});

test('facts that were saved are one view over all bundles; those without any are named, and the answer is not whole', async () => {
  const folder = fleet();
  saveFacts(join(folder, 'sample'), 'till-0');
  const some = await ask(folder, 'SELECT folder, namespace, name, first FROM Pod');
  assert.equal(some.rows, [{ folder: 'sample', namespace: 'shop', name: 'till-0', first: 3 }]);
  assert.is(some.code, 3);
  assert.match(some.err, '1 bundle without a facts.sqlite, so nothing of them is in the answer: well');
  saveFacts(join(folder, 'well'), 'till-1');
  const all = await ask(
    folder,
    `SELECT Pod.name FROM Pod JOIN bundles USING (folder) WHERE bundles.name <> 'copy' ORDER BY 1`,
  );
  assert.equal([all.code, all.rows], [0, [{ name: 'till-0' }, { name: 'till-1' }]], all.err);
  const word = await ask(folder, `SELECT count(*) AS pods FROM findings WHERE kind = 'Pod'`);
  assert.is(word.code, 0, 'a word in quotes asks for no fact');
});

test('reports without an index are a fleet, too, and one report is one', async () => {
  const folder = write(newFolder(), {
    'a/report.json': renderJson(sampleReport),
    'b/report.json': renderJson(healthyReport),
  });
  assert.equal((await ask(folder, 'SELECT folder, name FROM bundles')).rows, [
    { folder: 'a', name: sampleReport.bundle.name },
    { folder: 'b', name: healthyReport.bundle.name },
  ]);
  assert.is(
    (await ask(join(folder, 'a'), 'SELECT DISTINCT id FROM findings')).rows.length,
    sampleReport.findings.length,
  );
});

test('what is not a SELECT of what is there is refused before a report is read', async () => {
  const folder = fleet();
  for (const statement of [
    'DELETE FROM findings',
    `ATTACH 'x.sqlite' AS x`,
    `VACUUM INTO 'x.sqlite'`,
    'PRAGMA user_version',
  ]) {
    const { code, err } = await ask(folder, statement);
    assert.is(code, 2, statement);
    assert.match(err, 'say a SELECT');
  }
  assert.match((await ask(folder, 'SELECT nonsense FROM findings')).err, 'no such column: nonsense');
  assert.not.ok(readdirSync(folder).includes('x.sqlite'));
});

test('the three examples of --help are answered', async () => {
  const folder = fleet();
  const { out } = drydock('query', '--help');
  const examples = [...out.matchAll(/drydock query out\/reports "(SELECT[^"]+)"/g)].map(
    ([, statement = '']) => statement,
  );
  assert.is(examples.length, 3);
  for (const statement of examples) {
    const { code, rows, err } = await ask(folder, statement);
    assert.is(code, 0, err);
    assert.ok(rows.length > 0, statement);
  }
});

test.run();
