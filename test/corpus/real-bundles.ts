// Runs Drydock over real bundles and holds every report to what the archive says, read with tar and xz alone.
//
//   node test/corpus/real-bundles.ts FOLDER [NAME…]
//
// For each archive: exit code 0 or 3, no unhandled error, coverage sums that add up, and every evidence excerpt equal
// to the lines of that file in the archive.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Report } from '../../src/report/report.ts';
import { program } from '../program.ts';

/** Archives of the folder that hold tool outputs, not a bundle. */
const noBundle = new Set(['tool-outputs', 'jc-fixtures-lite', 'insights-core-snippets', 'netdumps']);

const [folder, ...names] = process.argv.slice(2);
if (!folder) throw new Error('say which folder holds the archives');
const archives = readdirSync(folder)
  .filter((name) => /\.tar\.xz$/.test(name))
  .filter((name) => (names.length > 0 ? names.includes(stem(name)) : !noBundle.has(stem(name))))
  .sort();
/** Prints one member of a zip file. */
const unzip = 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
const failures: string[] = [];
const scratch = mkdtempSync(join(tmpdir(), 'drydock-real-'));

try {
  for (const name of archives) inspect(name);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(
  `\n${archives.length - new Set(failures.map((line) => line.split(':')[0])).size} of ${archives.length} bundles as they should be`,
);
for (const line of failures) console.log(`FAILED ${line}`);
process.exit(failures.length > 0 ? 1 : 0);

function inspect(name: string): void {
  const input = join(folder as string, name);
  const out = join(scratch, stem(name));
  const run = spawnSync(process.execPath, [program, 'analyze', input, '-o', out, '--quiet'], { encoding: 'utf8' });
  if (run.status !== 0 && run.status !== 3) {
    failures.push(`${stem(name)}: exit code ${run.status}: ${run.stderr.slice(0, 500)}`);
    return;
  }
  if (run.stderr.includes('    at '))
    failures.push(`${stem(name)}: an unhandled error was printed: ${run.stderr.slice(0, 500)}`);
  const reportFile = readdirSync(out, { recursive: true, encoding: 'utf8' }).find(
    (file) => basename(file) === 'report.json',
  );
  if (!reportFile) {
    failures.push(`${stem(name)}: no report.json`);
    return;
  }
  const report = JSON.parse(readFileSync(join(out, reportFile), 'utf8')) as Report;
  const { entries, analysed, empty, notRelevant, gap } = report.coverage;
  if (entries !== analysed + empty + notRelevant + gap) failures.push(`${stem(name)}: the coverage sums do not add up`);
  const unpacked = join(scratch, `${stem(name)}-unpacked`);
  mkdirSync(unpacked);
  execFileSync('tar', ['-xJf', input, '-C', unpacked, '--no-same-owner', '--delay-directory-restore'], {
    stdio: 'ignore',
  });
  const wrong = report.findings.flatMap((finding) =>
    finding.evidence.flatMap((evidence) => {
      const told = evidence.excerpt.split('\n');
      const true_ = linesOf(unpacked, evidence.path).slice(evidence.first - 1, evidence.last);
      const equal = told.length === true_.length && told.every((line, index) => sameLine(line, true_[index] ?? ''));
      return equal ? [] : [`${finding.rule} ${evidence.path}:${evidence.first}-${evidence.last}`];
    }),
  );
  for (const line of wrong.slice(0, 5)) failures.push(`${stem(name)}: excerpt differs from the archive: ${line}`);
  const evidence = report.findings.reduce((sum, finding) => sum + finding.evidence.length, 0);
  const severe = report.findings.filter(({ severity }) => severity === 'critical' || severity === 'error').length;
  console.log(
    `${stem(name).padEnd(30)} exit ${run.status}  entries ${entries} = ${analysed} + ${empty} + ${notRelevant} + ${gap}  findings ${report.findings.length} (${severe} critical or error)  excerpts ${evidence - wrong.length}/${evidence} equal`,
  );
  rmSync(unpacked, { recursive: true, force: true });
}

/** The lines of a file of the unpacked archive; each `!` is a step into an archive inside, opened with tar or zipfile. */
function linesOf(root: string, path: string): string[] {
  const [outer = '', ...inner] = path.split('!');
  let bytes = readFileSync(join(root, outer));
  for (const step of inner) {
    const file = join(scratch, 'step');
    writeFileSync(file, bytes);
    const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    const [tool, ...words] = isZip ? ['python3', '-c', unzip, file, step] : ['tar', '-xOf', file, step];
    bytes = execFileSync(tool as string, words, { maxBuffer: 1 << 30 });
  }
  const plain = decompressed(bytes);
  return new TextDecoder()
    .decode(plain)
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

function decompressed(bytes: Buffer): Buffer {
  const tool =
    bytes[0] === 0x1f && bytes[1] === 0x8b ? 'gzip' : bytes[0] === 0xfd && bytes[1] === 0x37 ? 'xz' : undefined;
  return tool ? execFileSync(tool, ['-dc'], { input: bytes, maxBuffer: 1 << 30 }) : bytes;
}

/** Equal, or equal up to where the report says that it cut or removed something. */
function sameLine(told: string, real: string): boolean {
  if (told === real) return true;
  if (told.includes('[redacted]')) return true;
  return told.endsWith('…') && real.startsWith(told.slice(0, -1));
}

function stem(name: string): string {
  return name.replace(/\.tar\.xz$/, '');
}
