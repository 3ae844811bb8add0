// Runs the intake over the archives of other projects' test suites and holds it to what Go and CPython made of them.
//
// OBSERVED-third-party.jsonl has, for each archive, the number of entries, the bytes of all of them and the first twelve
// names by Go's reader, and number and bytes by CPython's. Where both read the archive without an error and agree, the
// members met here must be as many, hold as many bytes, and have those names (in their order
// for a tar; characters beyond ASCII are taken as equal). A sparse file counts with its holes, as the oracles count it. Every other
// archive, and each where this intake differs on purpose, has a line in reviewed-tar.yaml or reviewed-zip.yaml with its
// reason and the outcome it must have: `opened`, or `partial` or `refused` with the gap codes in order of the alphabet.
// A line whose archive turns out otherwise, or agrees with the oracles after all, is stale and fails.
//
//   node test/torture/third-party.ts FOLDER [--only zip|tar] [--match WORD] [--show]
//
// FOLDER holds third-party.tar.xz, or is that archive unpacked. `--show` prints every archive with its outcome.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { type Result, tellScore, unpacked } from './kit.ts';
import type { Told } from './third-party-child.ts';

interface Seen {
  readonly entries: number;
  readonly bytes: number;
  readonly error: string | null;
}
interface Observed {
  readonly file: string;
  readonly go: Seen & { readonly kind: string; readonly names: readonly string[] | null; readonly entryErrors: number };
  readonly py: Seen;
}
interface Reviewed {
  readonly reason: string;
  readonly outcome: string;
  readonly file?: string;
  readonly files?: readonly string[];
}
export interface Choice {
  readonly only?: 'zip' | 'tar';
  readonly match?: string;
}

const longestMillis = 10_000;
const mostBytes = 512 * 1024 * 1024;
const suite = 'OBSERVED-third-party.jsonl';

export async function thirdParty(folder: string, choice: Choice = {}): Promise<Result[]> {
  return (await judged(folder, choice)).map(({ result }) => result);
}

async function judged(folder: string, { only, match = '' }: Choice): Promise<{ result: Result; told?: Told }[]> {
  const root = existsSync(join(folder, suite)) ? folder : unpacked(folder, 'third-party');
  const list = existsSync(join(root, suite)) ? root : folder;
  const lines = readFileSync(join(list, suite), 'utf8').trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as Observed);
  const chosen = all.filter((each) => each.file.includes(match) && (!only || only === familyOf(each)));
  const present = chosen.filter(({ file }) => existsSync(join(root, file)));
  const told = await readAll(present.map(({ file }) => join(root, file)));
  const reviewed = new Map([...reviewedIn('tar'), ...reviewedIn('zip')]);
  const judgements = present.map((observed) => {
    const mine = told.get(join(root, observed.file))!;
    const id = observed.file;
    const line = reviewed.get(id);
    reviewed.delete(id);
    return { result: { id, ...verdict(observed, mine, line) }, told: mine };
  });
  const chosenAll = chosen.length === all.length;
  const stale = [...reviewed.keys()].filter((file) => chosenAll || chosen.some((each) => each.file === file));
  return [
    ...judgements,
    ...stale.map((id) => ({ result: { id, ok: false, told: 'stands in a reviewed list, but not in the set' } })),
    ...absent(root, chosen),
  ];
}

/** Whole suites were left out of the set when it was packed; a single file that is missing was lost. */
function absent(root: string, chosen: readonly Observed[]): { result: Result }[] {
  const missing = chosen.map(({ file }) => file).filter((file) => !existsSync(join(root, file)));
  const lost = missing.filter((file) => existsSync(join(root, file.split('/')[0]!)));
  return lost.map((id) => ({ result: { id, ok: false, told: 'is not in the set' } }));
}

const familyOf = ({ file, go }: Observed): 'zip' | 'tar' => (go.kind === 'zip' || /zip$/.test(file) ? 'zip' : 'tar');

function reviewedIn(family: 'zip' | 'tar'): [string, Reviewed][] {
  const place = new URL(`reviewed-${family}.yaml`, import.meta.url);
  const lines = existsSync(place) ? ((parse(readFileSync(place, 'utf8')) as Reviewed[] | null) ?? []) : [];
  return lines.flatMap((line) => (line.files ?? [line.file!]).map((file): [string, Reviewed] => [file, line]));
}

function verdict(observed: Observed, told: Told, line: Reviewed | undefined): { ok: boolean; told: string } {
  const { outcome, millis, entries, names } = told;
  if (outcome.startsWith('CRASH') || outcome.startsWith('HANG')) return { ok: false, told: outcome };
  if (millis > longestMillis) return { ok: false, told: `took ${Math.round(millis)} ms` };
  if (told.peakBytes > mostBytes) return { ok: false, told: `held ${Math.round(told.peakBytes / 2 ** 20)} MiB` };
  if (entries > 0 && entries !== names.length) {
    return { ok: false, told: `${names.length} members were met and ${entries} entries settled` };
  }
  const difference = compare(observed, told);
  if (difference === undefined) {
    if (!line) return { ok: true, told: outcome };
    return { ok: false, told: 'agrees with the oracles: its line in the reviewed list is stale' };
  }
  if (!line) return { ok: false, told: `${difference}; here: ${outcome}, and no line in a reviewed list` };
  const ok = line.outcome === outcome;
  return { ok, told: ok ? outcome : `the reviewed list says '${line.outcome}', it is '${outcome}'; ${difference}` };
}

/** In what way the oracles do not bear the reading out; undefined when they do. */
function compare({ go, py }: Observed, told: Told): string | undefined {
  if (go.error || go.entryErrors > 0) return `Go says '${go.error || 'an entry cannot be read'}'`;
  if (py.error) return `CPython says '${py.error.split('\n')[0]}'`;
  if (go.entries !== py.entries) return `Go has ${go.entries} entries, CPython ${py.entries}`;
  if (go.bytes !== py.bytes) return `Go has ${go.bytes} bytes, CPython ${py.bytes}`;
  if (told.names.length !== go.entries)
    return `the oracles have ${go.entries} entries, here ${told.names.length} were met`;
  const foreign = go.names ?? [];
  const mine = told.names.map(plainName);
  const expected = foreign.map(plainName);
  const differing =
    go.kind === 'zip'
      ? expected.find((name) => !mine.includes(name))
      : expected.find((name, index) => mine[index] !== name);
  if (differing !== undefined) return `the oracles have an entry '${differing}'`;
  return told.bytes === go.bytes ? undefined : `the oracles have ${go.bytes} bytes, here they are ${told.bytes}`;
}

/** Go's names passed through JSON, which shows a byte that is not UTF-8 as U+FFFD; here each such name is `\xe9`. */
const plainName = (name: string): string =>
  name.replace(/(?:\\x[89a-f][0-9a-f]|[^\0-\x7f])+/g, '\ufffd').replace(/\/+$/, '');

/** Each file is read by a child that is replaced when it hangs, dies or holds too much: no file costs the others. */
async function readAll(paths: readonly string[]): Promise<Map<string, Told>> {
  const all = new Map<string, Told>();
  for (let rest = [...paths]; rest.length > 0; ) {
    const told = await readSome(rest);
    for (const each of told) all.set(each.file, each);
    rest = rest.slice(told.length);
  }
  return all;
}

async function readSome(paths: readonly string[]): Promise<Told[]> {
  const told: Told[] = [];
  const child = spawn(process.execPath, [new URL('third-party-child.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  child.stdin.on('error', () => {}); // it died: what it told until then counts
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  for (const path of paths) {
    child.stdin.write(`${path}\n`);
    const answer = await within(3 * longestMillis, answers.next());
    const line = answer === 'late' ? undefined : (answer.value as string | undefined);
    if (line === undefined) {
      const outcome = answer === 'late' ? 'HANG' : `CRASH the process ${await ended}`;
      told.push({ file: path, outcome, names: [], bytes: 0, entries: 0, millis: 0, peakBytes: 0 });
      break;
    }
    told.push(JSON.parse(line) as Told);
    // the peak of a process only rises: the next file begins with a new one
    if (told.at(-1)!.peakBytes > mostBytes / 2) break;
  }
  await end(child, ended);
  return told;
}

async function end(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

async function within<T>(millis: number, promise: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), millis);
  });
  const first = await Promise.race([promise, late]);
  clearTimeout(timer);
  return first;
}

if (import.meta.main) {
  const [folder = '', ...words] = process.argv.slice(2);
  const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const only = after('--only');
  const match = after('--match');
  const results = await judged(folder, {
    ...((only === 'zip' || only === 'tar') && { only }),
    ...(match !== undefined && { match }),
  });
  if (words.includes('--show')) {
    for (const { result, told } of results) console.log(result.id, told?.outcome, told?.names.length, told?.bytes);
  }
  const most = Math.max(0, ...results.map(({ told }) => told?.peakBytes ?? 0));
  const slowest = Math.max(0, ...results.map(({ told }) => told?.millis ?? 0));
  console.log(`slowest ${Math.round(slowest)} ms, most memory ${Math.round(most / 2 ** 20)} MiB`);
  const fine = tellScore(
    'third-party archives',
    results.map(({ result }) => result),
  );
  process.exitCode = fine ? 0 : 1;
}
