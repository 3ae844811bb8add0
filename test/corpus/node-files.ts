// Reads every file of real bundles with the intake and the parsers, and prints for each what came of it.
//
//   node test/corpus/node-files.ts FOLDER [NAME…] [--type FACT] [--unclaimed]
//
// FOLDER holds NAME.tar.xz, or NAME unpacked; without names the outputs and trees of machines. `--type` prints the facts
// of one type, `--unclaimed` the files that nobody reads. Where a parsed twin of an output lies beside it (jc-fixtures),
// every value of it is compared. Exit code 1: a parser threw, a file gave neither fact nor problem, or a value differs.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { loadCatalogue } from '../../src/bundle/catalogue.ts';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { readInput } from '../../src/bundle/read-input.ts';
import type { Piece, Source } from '../../src/bundle/source.ts';
import type { Fact } from '../../src/facts/fact-type.ts';
import { parsers } from '../../src/facts/parsers.ts';
import { decode } from '../../src/facts/text/decode.ts';
import { compareWithTwin } from './compare-twin.ts';
import { comparisons } from './jc-comparisons.ts';

const bundles = [
  'elastic-cgroup',
  'rhcos-sosreport-logbundle',
  'nto-ppc-must-gather',
  'dell2numa-ghw',
  'jc-fixtures-lite',
  'insights-core-snippets',
];

/** Snippets whose names tell what they are where neither path nor first lines do. */
const snippetKinds: readonly (readonly [RegExp, string])[] = [
  [/\/buddyinfo\/BUDDY/, 'ProcBuddyinfo'],
  [/\/cgroups\/cgroups_content/, 'ProcCgroups'],
  [/\/cmdline\/CMDLINE/, 'ProcCmdline'],
  [/\/cpuinfo\//, 'ProcCpuinfo'],
  [/\/crictl_ps\//, 'CrictlPs'],
  [/\/crio_conf\//, 'CrioConfig'],
  [/\/df\/DF_LI/, 'DfInodes'],
  [/\/df\//, 'Df'],
  [/\/docker_info\//, 'DockerInfo'],
  [/\/findmnt\/|\/mount\//, 'Mounts'],
  [/\/fstab\//, 'Fstab'],
  [/\/init_process_cgroup\//, 'ProcPidCgroup'],
  [/\/ip\/.*NEIGH/, 'IpNeigh'],
  [/\/ip\/IP_ROUTE/, 'IpRoute'],
  [/\/ip\/IP_ADDR/, 'IpAddr'],
  [/\/(?:ip|netstat)\/IP_(?:D_)?S_(?:D_)?LINK/, 'IpLink'],
  [/\/iptables\//, 'IptablesSave'],
  [/\/kubelet_conf\//, 'KubeletConfig'],
  [/\/lsblk\//, 'Lsblk'],
  [/\/lscpu\//, 'Lscpu'],
  [/\/lsmod\/|\/kernel_module_list\//, 'KernelModules'],
  [/\/meminfo\//, 'ProcMeminfo'],
  [/\/netstat\/NETSTAT_S\b/, 'NetstatStatistics'],
  [/\/netstat\/(?:SS|Ss)_/, 'SsSockets'],
  [/\/nftables\//, 'NftRuleset'],
  [/\/os_release\/(?:\w+_)?OS_RELEASE/, 'OsRelease'],
  [/\/ps\//, 'ProcessList'],
  [/\/resolv_conf\//, 'ResolvConf'],
  [/\/sysctl\/SYSCTL_CONF|\/sysctl_conf\//, 'SysctlConf'],
  [/\/sysctl\//, 'Sysctl'],
  [/\/(?:uname|kernel)\/(?:UNAME|uname)|\/os_release\/UNAME/, 'Uname'],
];

interface Reviewed {
  readonly reason: string;
  readonly files: readonly string[];
  /** The difference that is accepted, as a part of its text; without it a file without facts is. */
  readonly differences?: readonly string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { type: { type: 'string' }, unclaimed: { type: 'boolean', default: false } },
});
const [folder, ...names] = positionals;
if (!folder) throw new Error('say which folder holds the bundles');
const catalogue = loadCatalogue([new URL('../../rules/sources', import.meta.url).pathname]);
const reviewedFile = new URL('reviewed-files.yaml', import.meta.url);
const reviewed = parseYaml(readFileSync(reviewedFile, 'utf8')) as readonly Reviewed[];
const used = new Set<string>();
const failures: string[] = [];

for (const name of names.length > 0 ? names : bundles) await readOne(name);
if (names.length === 0) {
  for (const { reason, files, differences } of reviewed) {
    for (const line of files.flatMap((file) => (differences ?? ['']).map((what) => `${file} ${what}`.trim()))) {
      if (!used.has(line)) failures.push(`reviewed, and no longer needed: ${line} (${reason})`);
    }
  }
}
console.log(failures.length === 0 ? '\nall as it should be' : `\n${failures.length} failures`);
for (const failure of failures) console.log(`FAILED ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

interface Read {
  readonly source: Source;
  readonly told: 'path' | 'content' | 'name';
  readonly facts: readonly Fact[];
}

async function readOne(name: string): Promise<void> {
  const archive = join(folder as string, `${name}.tar.xz`);
  const input = existsSync(archive) ? archive : join(folder as string, name);
  const files: { path: string; bytes: Uint8Array; claim: Source | undefined }[] = [];
  const intake = await readInput(
    input,
    { catalogue: { ...catalogue, sniff: sniffAll, ignores: () => false }, limits: defaultLimits },
    ({ source, bytes, firstLine }: Piece) => {
      if (firstLine > 1) return;
      const kept = new Uint8Array(bytes);
      files.push({ path: source.path, bytes: kept, claim: source.kind === 'Unclaimed' ? undefined : source });
    },
  );
  const read: Read[] = [];
  const unclaimed: string[] = [];
  for (const { path, bytes, claim } of files.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const kind = claim?.kind ?? kindByName(path);
    if (kind === undefined) {
      if (!isTwin(path)) unclaimed.push(path);
      continue;
    }
    const wanted = comparisons.find(({ files }) => files.test(path));
    if (wanted && wanted.kind !== kind) failures.push(`${name} ${path}: taken for ${kind}, and it is ${wanted.kind}`);
    const source = claim ?? { path, kind, layout: 'corpus', root: '', labels: {} };
    const told = !claim ? 'name' : catalogue.classify(path) ? 'path' : 'content';
    read.push({ source, told, facts: readFile(name, source, told, decode(bytes).text) });
  }
  compareAll(name, read, files);
  summarise(name, intake.entries, files.length, read, unclaimed);
}

/** Files that nobody claims are handed on as well, so that names may tell what they are. */
function sniffAll(path: string, head: Uint8Array) {
  const claim = catalogue.ignores(path) ? undefined : catalogue.sniff(path, head);
  return claim ?? { kind: 'Unclaimed', layout: 'corpus', root: '', labels: {}, log: false };
}

function kindByName(path: string): string | undefined {
  if (isTwin(path)) return undefined;
  return (
    comparisons.find(({ files }) => files.test(path))?.kind ??
    (path.includes('insights-core-snippets') ? snippetKinds.find(([pattern]) => pattern.test(path))?.[1] : undefined)
  );
}

function isTwin(path: string): boolean {
  return /jc-fixtures.*\.json$/.test(path);
}

function readFile(name: string, source: Source, told: string, text: string): Fact[] {
  const facts: Fact[] = [];
  const problems: string[] = [];
  let answered = false;
  const readers = parsers.filter(({ reads }) => reads.includes(source.kind));
  for (const parser of readers) {
    try {
      const parsed = parser.parse(text, source, { has: () => true, objects: 'all' });
      facts.push(...parsed.facts);
      answered ||= (parsed.answered?.length ?? 0) > 0;
      problems.push(...parsed.problems.map(({ code, span, detail }) => `${code} ${span?.join('-') ?? ''} ${detail}`));
    } catch (error) {
      failures.push(`${name} ${source.path}: a parser of ${source.kind} threw ${error}`);
    }
  }
  const counts = Map.groupBy(facts, ({ type }) => type);
  const gives = [...counts].map(([type, of]) => `${type} ${of.length}`).join(', ') || '-';
  console.log(`${name} ${source.path}: ${source.kind} by ${told}; ${readers.length === 0 ? 'no parser' : gives}`);
  for (const problem of problems.slice(0, 3)) console.log(`    ${problem.slice(0, 200)}`);
  for (const { span, value, type } of facts) {
    if (type === values.type) console.log(`    ${span.join('-')} ${JSON.stringify(value)}`);
  }
  const silent = facts.length === 0 && problems.length === 0 && !answered && readers.length > 0 && text.trim() !== '';
  if (silent && !isReviewed(source.path, '')) failures.push(`${name} ${source.path}: neither a fact nor a problem`);
  return facts;
}

function isReviewed(path: string, difference: string): boolean {
  return reviewed.some(({ files, differences }) =>
    files.some((file) => {
      if (!path.endsWith(file.startsWith('*') ? file.slice(1) : `/${file}`)) return false;
      const what = differences
        ? differences.find((each) => difference.includes(each))
        : difference === ''
          ? ''
          : undefined;
      if (what === undefined) return false;
      used.add(`${file} ${what}`.trim());
      return true;
    }),
  );
}

function compareAll(name: string, read: readonly Read[], files: readonly { path: string; bytes: Uint8Array }[]): void {
  const texts = new Map(files.map(({ path, bytes }) => [path, bytes]));
  let compared = 0;
  let accepted = 0;
  let twins = 0;
  for (const { source, facts } of read) {
    const twin = texts.get(source.path.replace(/\.\w+$|$/, '.json')) ?? texts.get(`${source.path}.json`);
    if (!twin || !source.path.includes('jc-fixtures')) continue;
    for (const comparison of comparisons.filter((each) => each.files.test(source.path))) {
      const result = compareWithTwin(comparison, JSON.parse(decode(twin).text), facts);
      twins++;
      compared += result.compared;
      for (const difference of result.differences) {
        if (isReviewed(source.path, difference)) accepted++;
        else failures.push(`${name} ${source.path}${difference}`);
      }
    }
  }
  if (twins > 0) {
    console.log(`\n${name}: ${twins} twins, ${compared} values compared, ${accepted} differences reviewed`);
  }
}

function summarise(
  name: string,
  entries: number,
  files: number,
  read: readonly Read[],
  unclaimed: readonly string[],
): void {
  const kinds = [...Map.groupBy(read, ({ source }) => source.kind)].sort(([a], [b]) => (a < b ? -1 : 1));
  const facts = read.flatMap((each) => each.facts);
  console.log(
    `\n${name}: ${entries} entries, ${files} files with text, ${read.length} of a kind, ${facts.length} facts`,
  );
  for (const [kind, of] of kinds) {
    const told = [...Map.groupBy(of, (each) => each.told)].map(([by, those]) => `${those.length} by ${by}`).join(', ');
    const given = Map.groupBy(
      of.flatMap((each) => each.facts),
      ({ type }) => type,
    );
    console.log(
      `  ${kind.padEnd(22)} ${told}: ${[...given].map(([type, those]) => `${type} ${those.length}`).join(', ') || '-'}`,
    );
  }
  console.log(`  ${unclaimed.length} files of no kind`);
  if (values.unclaimed) for (const path of unclaimed) console.log(`    ${path}`);
}
