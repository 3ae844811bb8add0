// Walks the members of a tar: repaired bytes go through tar-stream, and each member is visited before the next is read.

import { setImmediate as nextTurn } from 'node:timers/promises';
import tarStream from 'tar-stream';
import type { ByteReader } from './byte-reader.ts';
import { Cut, type Notes } from './cut.ts';
import { decodeName } from './entry-name.ts';
import type { Member, MemberType, Visit } from './member.ts';
import { type Body, createBody } from './tar-body.ts';
import { createTarRepair, type Passed, type TarRepair } from './tar-repair.ts';

const types: Readonly<Record<string, MemberType>> = {
  link: 'hard-link',
  symlink: 'symbolic-link',
  'character-device': 'special',
  'block-device': 'special',
  fifo: 'special',
  directory: 'directory',
};

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

  extract.on('entry', (header, stream, next) => {
    const passed = repair.passed[0];
    const current = createBody(stream, passed ?? { bodyBytes: 0, sizeBytes: 0 });
    body = current;
    const visited = (async () => {
      await visit(memberOf(header, passed), current.chunks);
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
  let cut: Cut | undefined;
  try {
    for (;;) {
      const chunk = await nextChunk();
      if (!chunk) break;
      for (const bytes of repair.push(chunk)) await write(bytes);
      for (const member of repair.lost.splice(0)) await visit(lostMember(member), nothing());
    }
    const ended = repair.end();
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
      if (!(error instanceof Cut)) throw error;
      cut = error;
      return undefined;
    }
  }
}

function memberOf(header: tarStream.Headers, passed: Passed | undefined): Member {
  const { pax } = header as { readonly pax?: Readonly<Record<string, string>> | null };
  const sparseName = pax?.['GNU.sparse.name'];
  const sparse =
    passed?.sparseBytes ?? (Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.')) || undefined);
  const name = sparseName ?? (pax?.path !== undefined ? header.name : decodeName(header.name));
  const type = types[header.type ?? ''] ?? (name.endsWith('/') && !header.size ? 'directory' : 'file');
  const target = pax?.linkpath ?? (header.linkname ? decodeName(header.linkname) : undefined);
  const modified = header.mtime?.getTime() ?? Number.NaN;
  return {
    name,
    type,
    sizeBytes: passed?.sizeBytes ?? header.size ?? 0,
    ...(target !== undefined && { target }),
    ...(Number.isFinite(modified) && { modifiedMillis: modified }),
    ...(sparse !== undefined && {
      gap: { code: 'ENTRY_SPARSE' as const, detail: 'a file with holes: only what the archive holds of it was read' },
    }),
  };
}

const lostMember = ({ name, gap }: TarRepair['lost'][number]): Member => ({
  name: decodeName(name),
  type: 'file',
  sizeBytes: 0,
  gap,
  unreadable: true,
});

async function* nothing(): AsyncGenerator<Uint8Array> {}
