// `drydock analyze -` and named pipes: the report of the file, and a clear word where a stream will not do.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Report } from '../../src/report/report.ts';
import { program } from '../program.ts';
import { drydock, newFolder, type Ran, write } from './drydock.ts';

const swaps = 'Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition 1024 0 -2\n';
const folder = write(newFolder(), { 'sos/proc/swaps': swaps, 'sos/sos_commands/host/hostname': 'w1\n' });
const archive = join(folder, 'sos.tar');
execFileSync('tar', ['-cf', archive, '-C', folder, 'sos']);

function fed(input: Uint8Array, ...words: readonly string[]): Ran {
  const run = spawnSync(process.execPath, [program, 'analyze', ...words], { input });
  return { code: run.status, out: run.stdout.toString(), err: run.stderr.toString() };
}

const reportIn = (path: string): Report => JSON.parse(readFileSync(join(path, 'report.json'), 'utf8')) as Report;

/** All but what the input is called. */
function nameless({ bundle, ...report }: Report) {
  const inputs = bundle.inputs.map(({ path: _, ...input }) => input);
  return { ...report, bundle: { ...bundle, name: '', inputs } };
}

drydock('analyze', archive, '-o', join(folder, 'file'), '--quiet');
const ofFile = reportIn(join(folder, 'file', 'sos'));

test('standard input gives the report of the file, digest and size included', () => {
  const { code, err } = fed(readFileSync(archive), '-', '-o', join(folder, 'fed'), '--quiet');
  assert.equal([code, err], [0, '']);
  const report = reportIn(join(folder, 'fed', 'standard-input'));
  assert.equal(nameless(report), nameless(ofFile));
  assert.is(report.bundle.inputs[0]?.path, 'standard-input');
});

test('a packed stream is unpacked on the way, whatever it is packed with', () => {
  for (const packer of ['gzip', 'xz', 'bzip2', 'zstd']) {
    const packed = spawnSync(packer, ['-c', archive]);
    if (packed.error) continue;
    const out = join(folder, packer);
    assert.is(fed(packed.stdout, '-', '-o', out, '--quiet').code, 0, packer);
    assert.equal(reportIn(join(out, 'standard-input')).coverage, ofFile.coverage, packer);
  }
});

test('a named pipe is waited for, and read like a file of its name', () => {
  const pipe = join(folder, 'arriving.tar');
  execFileSync('mkfifo', [pipe]);
  spawn('sh', ['-c', `sleep 0.2; cat '${archive}' > '${pipe}'`], { stdio: 'ignore' });
  const { code, err } = drydock('analyze', pipe, '-o', join(folder, 'piped'), '--quiet');
  assert.equal([code, err], [0, '']);
  assert.equal(nameless(reportIn(join(folder, 'piped', 'arriving'))), nameless(ofFile));
});

test('a zip from a stream: exit 2, why, and the way out', () => {
  const { code, err } = fed(Buffer.from('PK\x03\x04and so on'), '-', '-o', join(folder, 'zip'));
  assert.is(code, 2);
  assert.match(err, /standard-input is a zip archive, whose directory stands at its end/);
  assert.match(err, /Save it to a file/);
});

test('an empty stream is told as one', () => {
  const { code, err } = fed(Buffer.alloc(0), '-', '-o', join(folder, 'empty'));
  assert.is(code, 2);
  assert.match(err, /standard-input has no content \(0 bytes\)/);
});

test('a stream that ends too early gives a report that says so', () => {
  const out = join(folder, 'early');
  const { code } = fed(readFileSync(archive).subarray(0, 3 * 512), '-', '-o', out, '--quiet');
  assert.is(code, 3);
  assert.ok(reportIn(join(out, 'standard-input')).coverage.gaps.length > 0);
});

test('in a batch and in a case a stream is refused, before anything is read', () => {
  for (const words of [
    ['-', archive],
    ['--case', 'both', '-', archive],
    ['-', '--watch'],
  ]) {
    const { code, err } = fed(readFileSync(archive), ...words, '-o', join(folder, 'several'));
    assert.is(code, 2, words.join(' '));
    assert.match(err, /standard input can be read once only, and by itself/);
  }
});

test.run();
