// Puts files and folders into a tar as GNU tar writes it, long names included.

const blockBytes = 512;
/** GNU tar fills the last record. */
const recordBytes = 20 * blockBytes;
const modifiedSeconds = Date.UTC(2026, 2, 4, 10) / 1000;

export interface TarFile {
  /** A folder's ends in `/`. */
  readonly path: string;
  readonly chunks: readonly Uint8Array[];
}

/** The bytes of the archive, in pieces of no certain size. */
export function* packTar(files: Iterable<TarFile>): Generator<Uint8Array> {
  let written = 0;
  const seen = new Set<string>();
  for (const { path, chunks } of files) {
    const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const heads = foldersAbove(path, seen).map((folder) => headerOf(folder, 0));
    const pieces = [...heads, headerOf(path, sizeBytes), ...chunks, padding(sizeBytes, blockBytes)];
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      written += piece.length;
      yield piece;
    }
  }
  yield Buffer.concat([Buffer.alloc(2 * blockBytes), padding(written + 2 * blockBytes, recordBytes)]);
}

/** Those that no file lay in before. */
function foldersAbove(path: string, seen: Set<string>): string[] {
  const folders: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const folder = path.slice(0, at + 1);
    if (seen.has(folder)) break;
    seen.add(folder);
    folders.unshift(folder);
  }
  return folders;
}

function headerOf(path: string, sizeBytes: number): Buffer {
  const name = Buffer.from(path);
  const header = block(name.subarray(0, 100), sizeBytes, path.endsWith('/') ? '5' : '0');
  if (name.length <= 100) return header;
  const long = block(Buffer.from('././@LongLink'), name.length + 1, 'L');
  return Buffer.concat([long, name, Buffer.alloc(1), padding(name.length + 1, blockBytes), header]);
}

function block(name: Uint8Array, sizeBytes: number, type: string): Buffer {
  const header = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, digits: number) =>
    header.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  header.set(name);
  octal(type === '5' ? 0o755 : 0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(sizeBytes, 124, 11);
  octal(modifiedSeconds, 136, 11);
  header.fill(' ', 148, 156);
  header.write(`${type}`, 156, 'latin1');
  header.write('ustar  \0', 257, 'latin1');
  header.write('root', 265, 'latin1');
  header.write('root', 297, 'latin1');
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  header[154] = 0;
  return header;
}

const padding = (lengthBytes: number, unitBytes: number): Buffer =>
  Buffer.alloc((unitBytes - (lengthBytes % unitBytes)) % unitBytes);
