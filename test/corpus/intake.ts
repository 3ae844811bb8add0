// Reads every archive of a folder (`node test/corpus/intake.ts FOLDER`) and checks the books of each against tar itself.
//
// For each archive: the four classes add up, and the entries are those that `tar -t` lists, also of the tars inside.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue } from '../../src/bundle/catalogue.ts';
import { closeCoverage } from '../../src/bundle/coverage.ts';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { readInput } from '../../src/bundle/read-input.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node test/corpus/intake.ts FOLDER');
const catalogue = loadCatalogue([join(import.meta.dirname, '../../rules/sources')]);
const archives = readdirSync(folder)
  .filter((name) => /\.(tar|tar\.\w+|tgz|zip)$/.test(name))
  .sort();

/** As tar, or Python for zip, lists them. */
const membersOf = (archive: string): number | undefined => {
  const [command, ...list] = archive.endsWith('.zip') ? ['python3', '-m', 'zipfile', '-l'] : ['tar', '-tf'];
  const { status, stdout } = spawnSync(command!, [...list, archive], { encoding: 'utf8', maxBuffer: 1 << 30 });
  const lines = stdout.split('\n').length - 1;
  return status !== 0 ? undefined : archive.endsWith('.zip') ? lines - 1 : lines;
};

/** Members of all archives inside an archive, however deep: whatever tar can list is one. */
function membersInside(archive: string): number {
  const unpacked = mkdtempSync(join(tmpdir(), 'intake-'));
  try {
    if (archive.endsWith('.zip')) execFileSync('python3', ['-m', 'zipfile', '-e', archive, unpacked]);
    else execFileSync('tar', ['-xf', archive, '-C', unpacked]);
    const files = execFileSync('find', [unpacked, '-type', 'f', '-print0'], { encoding: 'utf8', maxBuffer: 1 << 30 });
    let count = 0;
    for (const path of files.split('\0')) {
      if (!/\.(tgz|tar|gz|xz|bz2|zst|zip)$/.test(path)) continue;
      const listed = membersOf(path);
      if (listed !== undefined) count += listed + membersInside(path);
    }
    return count;
  } finally {
    execFileSync('chmod', ['-R', 'u+rwX', unpacked]);
    rmSync(unpacked, { recursive: true });
  }
}

let wrong = 0;
for (const name of archives) {
  const path = join(folder, name);
  const started = performance.now();
  let bytes = 0;
  let pieces = 0;
  const intake = await readInput(path, { catalogue, limits: defaultLimits }, (piece) => {
    bytes += piece.bytes.length;
    pieces++;
  });
  const millis = performance.now() - started;
  const { entries, analysed, empty, notRelevant, gap } = closeCoverage(intake, []);
  const listed = membersOf(path);
  const inside = listed === undefined ? 0 : membersInside(path);
  const same = listed === undefined || entries === listed + inside;
  if (!same || entries !== analysed + empty + notRelevant + gap) wrong++;
  console.log(
    `${name}: ${entries} entries (tar lists ${listed ?? 'none'} + ${inside} inside${same ? '' : ', NOT THE SAME'}) =`,
    `${analysed} analysed + ${empty} empty + ${notRelevant} not relevant + ${gap} gap;`,
    `${pieces} pieces, ${(bytes / 1e6).toFixed(1)} MB, ${millis.toFixed(0)} ms; ${intake.layouts.join(' ')}`,
  );
  for (const { code, path: place, detail } of intake.gaps.slice(0, 5)) console.log(`  gap ${code} ${place}: ${detail}`);
  for (const one of intake.infos.filter(({ code }) => code !== 'FILE_EMPTY').slice(0, 5)) {
    console.log(`  info ${one.code} ${one.path}: ${one.detail}`);
  }
}
console.log(wrong === 0 ? `${archives.length} archives, all books right` : `${wrong} archives with wrong books`);
if (wrong > 0) process.exitCode = 1;
