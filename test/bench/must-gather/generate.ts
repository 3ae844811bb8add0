// Writes a must-gather of a given size: the same words on the command line give the same bytes.
//
//   node test/bench/must-gather/generate.ts 300MB bundle.tar.gz     a packed archive
//   node test/bench/must-gather/generate.ts 20GB - | …              the tar as it is, to standard output
//   … [--nodes N] [--pods N] [--logs 18GB] [--seed WORD]            in place of what goes with the size

import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { mustGather } from './files.ts';
import { readSize, type Shape, shapeOf } from './shape.ts';
import { packTar } from './tar.ts';

const chunkBytes = 256 * 1024;

/** In pieces that are worth a call of their own. */
function* gathered(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    held.push(piece);
    bytes += piece.length;
    if (bytes < chunkBytes) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  yield Buffer.concat(held);
}

/** To a file, packed; to standard output (`-`), as a tar. */
export async function generate(shape: Shape, to: string, seed = 'drydock'): Promise<void> {
  const tar = Readable.from(gathered(packTar(mustGather(seed, shape))), { objectMode: true });
  if (to === '-') await pipeline(tar, process.stdout);
  else await pipeline(tar, createGzip(), createWriteStream(to));
}

if (import.meta.main) {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { nodes: text, pods: text, logs: text, seed: text },
  });
  const [size = '', to] = positionals;
  const bytes = readSize(size);
  if (bytes === undefined || to === undefined) throw new Error('generate.ts SIZE FILE, as 300MB bundle.tar.gz');
  const usual = shapeOf(bytes);
  const shape = {
    bytes,
    nodes: Number(values.nodes ?? usual.nodes),
    pods: Number(values.pods ?? usual.pods),
    logBytes: readSize(values.logs ?? '') ?? usual.logBytes,
  };
  await generate(shape, to, values.seed);
}
