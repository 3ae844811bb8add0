// Writes a small `.tar.gz`: the same entries give the same bytes, and nothing in it is named by anybody but us.

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';

export interface TarEntry {
  /** Of letters, digits, `.`, `_`, `-` and `/`, without `..`. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

const nameShape = /^(?![/.])(?!.*(?:^|\/)\.)[A-Za-z0-9._/-]{1,200}$/;
/** GNU tar finds 1970 implausible; zip begins here. */
const modified = new Date('1980-01-01T00:00:00Z');

/** In the order of their names. Throws at a name that could lead anywhere else. */
export async function packTarGz(entries: readonly TarEntry[]): Promise<Uint8Array> {
  const archive = pack();
  for (const { name, content } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!nameShape.test(name)) throw new Error(`${JSON.stringify(name)} is no name for an entry of ours`);
    const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
    archive.entry(
      { name, size: bytes.length, mode: 0o644, mtime: modified, uid: 0, gid: 0, uname: '', gname: '' },
      bytes,
    );
  }
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  const packed = await promisify(gzip)(Buffer.concat(chunks), { level: 9 });
  // The byte that names the system on which it was packed: unknown.
  packed[9] = 255;
  return packed;
}
