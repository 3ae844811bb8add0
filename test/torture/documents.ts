// The cases D01 to D30: each file through the readers, and through the command line as part of a must-gather.
//
//   node test/torture/documents.ts FOLDER [ID…]     FOLDER holds cases.jsonl and generated.tar.xz; all cases without IDs

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decode } from '../../src/facts/text/decode.ts';
import { readDocuments } from '../../src/facts/text/documents.ts';
import { cpuMillis } from './cpu-time.ts';
import { type Case, casesIn, drydock, newScratch, type Result, tellScore, unpacked } from './kit.ts';

type Fields = Record<string, unknown>;

/** D08, which is too large to be stored. */
const fiftyMegabytes = `apiVersion: v1
kind: ConfigMap
metadata:
  name: large
data:
  text: |
${`    ${'x'.repeat(95)}\n`.repeat(500_000)}`;

/** Documents that are no API object; a manifest path rightly says so, hence end to end they lie inside of one. */
const noObjects = new Set(['D02', 'D07', 'D10', 'D11', 'D13', 'D14', 'D17', 'D23', 'D24', 'D27']);

/** A hang is told from a busy machine. */
const patient = { timeoutMillis: 180_000 };
/** Bars that hold for every case. */
const mostMillis = 10_000;
const mostBytes = 512 * 1024 * 1024;
/** D08: a document of 50 MB costs about five times its size beside the 350 MB of the program; see DECISIONS.md. */
const mostBytesOfLargest = 640 * 1024 * 1024;

const contentOf = ({ file }: Case, folder: string): Buffer =>
  file === null ? Buffer.from(fiftyMegabytes) : readFileSync(join(folder, file));

const codesOf = (notes: readonly { readonly code: string }[]): string =>
  [...new Set(notes.map(({ code }) => code))].sort().join(' ');

/** `FILE_EMPTY (info)` is no gap. */
const gapsOf = ({ expect }: Case): string[] => (expect.gaps ?? []).filter((code) => !code.includes('('));

/** What a case never may bring about. */
function forbidden(each: Case, values: readonly unknown[]): string | undefined {
  const told = JSON.stringify(values);
  if ('polluted' in {} || 'p' in {} || Reflect.ownKeys(Object.prototype).length !== 12)
    return 'Object.prototype was changed';
  if (each.id === 'D24' && told.includes('12345678901234567000')) return 'a number was rounded';
  if (each.id === 'D18' && /"metadata":"/.test(told)) return 'an item has a stray word as its metadata';
  return undefined;
}

function amountOf(each: Case, values: readonly unknown[]): string {
  if (each.expect.good === '20 items')
    return `${((values[0] as Fields | undefined)?.items as unknown[])?.length} items`;
  return each.id === 'D29' ? `${values.length} records` : String(values.length);
}

/** Through the readers. */
function read(each: Case, folder: string): string[] {
  const bytes = contentOf(each, folder);
  const started = cpuMillis();
  const { text, problems: unreadable } = decode(bytes);
  const { documents, problems } = each.id === 'D30' ? { documents: [], problems: [] } : readDocuments(text);
  const millis = cpuMillis() - started;
  const values = documents.map(({ value }) => value);
  const codes = codesOf([...unreadable, ...problems]);
  const { good, exit, max_ms: bar = mostMillis } = each.expect;
  const faults: (string | undefined)[] = [forbidden(each, values)];
  if (good !== undefined && amountOf(each, values) !== String(good))
    faults.push(`read ${amountOf(each, values)}, not ${good}`);
  const expected = gapsOf(each).sort().join(' ');
  if (expected !== '' || exit === 0 ? codes !== expected : codes === '') faults.push(`problems ${codes || 'none'}`);
  if (millis > bar) faults.push(`took ${millis.toFixed(0)} ms`);
  return faults.flatMap((fault) => (fault ? [`readers: ${fault}`] : []));
}

/** The document as a field of an object, in the encoding it had. */
function wrapped({ id }: Case, bytes: Buffer): Buffer {
  const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: wrapped, namespace: shop }\nwrapped:\n';
  if (id === 'D14') return Buffer.from(`\ufeff${head}${indented(bytes.toString('utf16le').slice(1))}`, 'utf16le');
  const text = bytes.toString('latin1');
  if (id === 'D27')
    return Buffer.from(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"w"},"wrapped":${text}}`);
  const [body = '', nuls = ''] = /^([^\0]*)(\0*)$/.exec(text)?.slice(1) ?? [];
  return Buffer.from(head + indented(body) + nuls, 'latin1');
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');

/** Where it lies: the logs as a container wrote them, the rest as a manifest. */
function placeOf({ id }: Case): string {
  if (id === 'D29' || id === 'D30') return 'namespaces/shop/pods/checkout-0/api/api/logs/current.log';
  return `namespaces/shop/core/${id === 'D18' ? 'pods' : 'configmaps'}.yaml`;
}

/** A whole file beside it, which the broken one must not cost. */
const beside = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\nstatus:\n  phase: Active\n';

function bundleOf(each: Case, folder: string, scratch: string): string {
  const bundle = join(scratch, each.id, 'must-gather');
  const bytes = contentOf(each, folder);
  const files = {
    'namespaces/shop/shop.yaml': beside,
    [placeOf(each)]: noObjects.has(each.id) ? wrapped(each, bytes) : bytes,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(bundle, path)), { recursive: true });
    writeFileSync(join(bundle, path), content);
  }
  return bundle;
}

interface Coverage {
  readonly entries: number;
  readonly analysed: number;
  readonly empty: number;
  readonly notRelevant: number;
  readonly gap: number;
  readonly gaps: readonly { readonly code: string; readonly path: string }[];
  readonly infos: readonly { readonly code: string }[];
}

/** Through the command line. */
async function analyze(each: Case, folder: string, scratch: string, usualMillis: number): Promise<string[]> {
  const out = join(scratch, each.id, 'out');
  const ran = await drydock(
    ['analyze', bundleOf(each, folder, scratch), '-o', out, '--format', 'json', '--quiet'],
    patient,
  );
  const report = join(out, 'must-gather/report.json');
  if (!existsSync(report)) return [`command: no report, exit ${ran.code} ${ran.signal ?? ''} ${ran.err}`];
  const { coverage } = JSON.parse(readFileSync(report, 'utf8')) as { coverage: Coverage };
  const { entries, analysed, empty, notRelevant, gap, gaps, infos } = coverage;
  const { exit, max_ms: bar = mostMillis } = each.expect;
  const faults: string[] = [];
  if (ran.code !== exit) faults.push(`exit ${ran.code}`);
  const [codes, expected] = [codesOf(gaps), gapsOf(each).sort().join(' ')];
  if (expected !== '' || exit === 0 ? codes !== expected : codes === '') faults.push(`gaps ${codes || 'none'}`);
  if (gaps.some(({ path }) => path !== placeOf(each))) faults.push('a gap for another file');
  if (entries !== analysed + empty + notRelevant + gap) faults.push('the sums do not add up');
  if (each.id === 'D25' ? empty !== 1 || codesOf(infos) !== 'FILE_EMPTY' : analysed !== (exit === 0 ? 2 : 1)) {
    faults.push(`${analysed} analysed, ${empty} empty`);
  }
  const millis = ran.processorMillis - usualMillis;
  if (!(millis <= bar)) faults.push(`took ${millis.toFixed(0)} ms`);
  if (!(ran.peakBytes <= (each.id === 'D08' ? mostBytesOfLargest : mostBytes)))
    faults.push(`held ${(ran.peakBytes / 1e6).toFixed(0)} MB`);
  return faults.map((fault) => `command: ${fault}`);
}

const sample = new URL('../../samples/healthy', import.meta.url).pathname;

/** A healthy bundle in which objects, labels and fields bear names that every object of the language inherits. */
async function inheritedNames(scratch: string): Promise<Result[]> {
  const results: Result[] = [];
  for (const name of ['__proto__', 'constructor', 'hasOwnProperty']) {
    const bundle = join(scratch, name, 'bundle');
    for (const path of readdirSync(sample, { recursive: true, encoding: 'utf8' })) {
      const file = join(sample, path);
      if (!statSync(file).isFile()) continue;
      const text = readFileSync(file, 'utf8').replaceAll(/\b(?:app|checkout|shop|role)\b/g, name);
      mkdirSync(dirname(join(bundle, path)), { recursive: true });
      writeFileSync(join(bundle, path), text);
    }
    const out = join(scratch, name, 'out');
    const ran = await drydock(['analyze', bundle, '-o', out, '--quiet'], patient);
    const report = join(out, 'bundle/report.json');
    const faults = [ran.code === 0 || ran.code === 3 ? '' : `exit ${ran.code} ${ran.err}`];
    if (existsSync(report)) {
      const { outcomes } = JSON.parse(readFileSync(report, 'utf8')) as {
        outcomes: { rule: string; verdict: string }[];
      };
      faults.push(...outcomes.filter(({ verdict }) => verdict === 'error').map(({ rule }) => `${rule} breaks`));
    } else {
      faults.push('no report');
    }
    const told = faults.filter((fault) => fault !== '').join('; ');
    results.push({ id: `objects named ${name}`, ok: told === '', told });
  }
  return results;
}

/** The duplicate check of every reader is linear: `yaml` with its own took 186 s for as many. */
function manyKeys(): Result[] {
  const keys = Array.from({ length: 100_000 }, (_, index) => `k${index}: "1"`);
  const texts = {
    'block mapping': `${keys.join('\n')}\nk5: "2"\n`,
    'flow mapping': `a: {${keys.join(', ')}, k5: "2"}\n`,
    JSON: `{${keys.map((key) => `"${key.replace(':', '":')}`).join(',')}, "k5": "2"}`,
    'mapping beside an anchor': `a: &a x\n${keys.join('\n')}\nk5: "2"\n`,
  };
  return Object.entries(texts).map(([what, text]) => {
    const started = cpuMillis();
    const codes = readDocuments(text).problems.map(({ code }) => code);
    const millis = cpuMillis() - started;
    const ok = codes.join() === 'YAML_DUP_KEY' && millis <= 3000;
    return { id: `100,000 keys, ${what}`, ok, told: `${codes.join(' ')} in ${millis.toFixed(0)} ms` };
  });
}

export async function documents(folder: string, ids: readonly string[] = []): Promise<Result[]> {
  const generated = unpacked(folder, 'generated');
  const scratch = newScratch();
  // What a run takes to load the rules, on this machine at this hour.
  const usual = await drydock(['doctor']);
  const results: Result[] = manyKeys();
  for (const each of casesIn(folder).filter(({ id }) => (ids.length > 0 ? ids.includes(id) : id.startsWith('D')))) {
    const faults = [...read(each, generated), ...(await analyze(each, generated, scratch, usual.processorMillis))];
    results.push({ id: each.id, ok: faults.length === 0, told: faults.join('; ') });
  }
  return [...results, ...(await inheritedNames(scratch))];
}

if (import.meta.main) {
  const [folder, ...ids] = process.argv.slice(2);
  if (!folder) throw new Error('usage: node test/torture/documents.ts FOLDER');
  process.exitCode = tellScore('Documents', await documents(folder, ids)) ? 0 : 1;
}
