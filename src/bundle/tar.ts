// Walks the members of a tar: repaired bytes go through tar-stream, and each member is visited before the next is read.

import { setImmediate as nextTurn } from 'node:timers/promises';
import tarStream from 'tar-stream';
import type { ByteReader } from './byte-reader.ts';
import { Cut, type Notes, Stop } from './cut.ts';
import type { Visit } from './member.ts';
import { type Body, createBody } from './tar-body.ts';
import { createTarRepair } from './tar-repair.ts';
import { withoutSparseMap } from './tar-sparse.ts';

/** Throws the `Cut` of its input, or one of its own, after every member that could be read was visited. */
export async function walkTar(
  input: ByteReader,
  visit: Visit,
  notes: Notes,
  limits: { readonly metaBytes: number },
): Promise<void> {
  const repair = createTarRepair(notes, limits);
  // with a high-water mark of one byte every write is answered by a drain, once all of it was taken
  const extract = tarStream.extract({ allowUnknownFormat: true, filenameEncoding: 'latin1', highWaterMark: 1 });
  let failure: { readonly error: unknown } | undefined;
  let body: Body | undefined;
  let busy: Promise<void> = Promise.resolve();
  let wake: () => void = () => {};

  extract.on('entry', (_header, stream, next) => {
    const passed = repair.passed[0]!;
    const current = createBody(stream, passed);
    body = current;
    const { chunks } = current;
    const visited = (async () => {
      await visit(passed.member, passed.hasMapInBody ? withoutSparseMap(chunks, limits.metaBytes) : chunks);
    })();
    busy = visited.then(
      () => {
        repair.passed.shift();
        body = undefined;
        current.skip();
        next();
      },
      (error) => {
        failure = { error };
        wake();
      },
    );
  });
  extract.on('drain', () => wake());
  extract.on('error', (error) => {
    failure ??= { error };
    wake();
  });

  const raise = () => {
    if (failure) throw failure.error;
  };
  const write = async (bytes: Uint8Array) => {
    raise();
    const drained = new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (!extract.write(bytes)) await drained;
    raise();
  };
  let cut: Cut | Stop | undefined;
  try {
    for (;;) {
      const chunk = await nextChunk();
      if (!chunk) break;
      const pieces = repair.push(chunk);
      // one write for all: each is waited for
      if (pieces.length > 0) await write(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
    }
    const ended = repair.end(cut instanceof Stop);
    if (ended !== 'whole') cut ??= new Cut('ARCHIVE_TRUNCATED', `the archive ends ${ended}`);
    if (ended === 'in a body') body?.cut(cut!);
    await busy;
    raise();
    // the guard: whatever tar-stream did, a member that it kept to itself is never taken for success
    const kept = repair.passed.length;
    if (kept > 0) throw new Error(`tar-stream ended ${kept} members before the archive did`);
  } finally {
    extract.destroy();
  }
  if (cut) throw cut;

  async function nextChunk(): Promise<Uint8Array | undefined> {
    try {
      const chunk = await input.next();
      // decoders that never leave the thread would otherwise keep timers and messages of workers waiting
      if (chunk) await nextTurn();
      return chunk;
    } catch (error) {
      // a limit of the run ends the member that it falls in as a cut does: half of it must not pass for all of it
      if (!(error instanceof Cut || error instanceof Stop)) throw error;
      cut = error;
      return undefined;
    }
  }
}
