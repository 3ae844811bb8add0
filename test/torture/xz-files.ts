// Runs the xz decoder over the test files of XZ Utils: bad ones are refused, unsupported ones are named as such, and good
// ones give the bytes that `xz -dc` gives, or are named when the decoder does not know their filter or check.
//
//   node test/torture/xz-files.ts FOLDER       FOLDER holds third-party.tar.xz, or is that archive unpacked

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteReader, chunksOf } from '../../src/bundle/byte-reader.ts';
import { Cut } from '../../src/bundle/cut.ts';
import { unxz } from '../../src/bundle/xz.ts';
import { type Result, tellScore, unpacked } from './kit.ts';

/** Good files whose filter (delta, BCJ) or check (SHA-256) the decoder does not know. */
const beyondDecoder = new Set([
  'good-1-3delta-lzma2.xz',
  'good-1-arm64-lzma2-1.xz',
  'good-1-arm64-lzma2-2.xz',
  'good-1-check-sha256.xz',
  'good-1-delta-lzma2.tiff.xz',
  'good-1-empty-bcj-lzma2.xz',
]);

export async function xzFiles(folder: string): Promise<Result[]> {
  const root = join(existsSync(join(folder, 'xz-tests')) ? folder : unpacked(folder, 'third-party'), 'xz-tests');
  const results: Result[] = [];
  for (const name of readdirSync(root).filter((each) => each.endsWith('.xz'))) {
    const path = join(root, name);
    const { bytes, code } = await decode(readFileSync(path));
    results.push({ id: name, ...verdict(name, path, bytes, code) });
  }
  return results;
}

function verdict(name: string, path: string, bytes: Buffer, code: string | undefined): { ok: boolean; told: string } {
  if (name.startsWith('unsupported-') || beyondDecoder.has(name)) {
    return { ok: code === 'UNSUPPORTED_FORMAT', told: code ?? 'read' };
  }
  if (name.startsWith('bad-')) return { ok: code !== undefined, told: code ?? 'read as if it were good' };
  const isSame = code === undefined && bytes.equals(execFileSync('xz', ['-dc', path]));
  return { ok: isSame, told: code ?? (isSame ? 'same bytes' : 'other bytes than xz gives') };
}

async function decode(packed: Buffer): Promise<{ bytes: Buffer; code?: string }> {
  const chunks: Uint8Array[] = [];
  const notes = { gap() {}, info() {} };
  try {
    for await (const chunk of unxz(new ByteReader(chunksOf(packed)), notes)) chunks.push(chunk);
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    return { bytes: Buffer.concat(chunks), code: error.code };
  }
  return { bytes: Buffer.concat(chunks) };
}

if (import.meta.main) {
  process.exitCode = tellScore('xz files', await xzFiles(process.argv[2] ?? '')) ? 0 : 1;
}
