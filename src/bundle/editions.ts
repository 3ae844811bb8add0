// Several entries of one path in an archive: the last that could be read counts, as when `tar` unpacks them.
//
// The first was handed on before anybody knew of the second. So pieces say of which entry they are, and the intake says
// at its end which entry counts; what came of the others is dropped.

import { createHash, type Hash, hash } from 'node:crypto';
import type { Deliver } from './deliver.ts';

/** What was read of an entry; without a digest it was not handed on. */
export interface Content {
  readonly sizeBytes: number;
  readonly sha256?: string;
}

/** Passes pieces on as those of the given entry of their path, and keeps account of their content. */
export function watched(deliver: Deliver, edition: number): { deliver: Deliver; content: () => Content | undefined } {
  let sizeBytes = 0;
  let sha256: string | undefined;
  let running: Hash | undefined;
  return {
    async deliver(piece) {
      sizeBytes += piece.bytes.length;
      if (piece.last && !running) sha256 = hash('sha256', piece.bytes);
      else {
        running ??= createHash('sha256');
        running.update(piece.bytes);
        if (piece.last) sha256 = running.digest('hex');
      }
      await deliver(edition === 0 ? piece : { ...piece, edition });
    },
    content: () => (sha256 === undefined ? undefined : { sizeBytes, sha256 }),
  };
}

export const isSame = (one: Content | undefined, other: Content | undefined): boolean =>
  one?.sha256 !== undefined && one.sha256 === other?.sha256;

/** Of an empty entry: so that two of them are the same. */
export const emptyContent: Content = { sizeBytes: 0, sha256: hash('sha256', '') };

export function duplicateDetail(
  earlier: Content | undefined,
  later: Content | undefined,
  laterCounts: boolean,
): string {
  const which = laterCounts ? 'the later counts' : 'the later could not be read, so the earlier counts';
  return `two entries of this path, ${which}: first ${words(earlier)}, then ${words(later)}`;
}

function words(content: Content | undefined): string {
  if (!content) return 'a folder or an archive';
  const { sizeBytes, sha256 } = content;
  return sha256 ? `${sizeBytes} bytes with SHA-256 ${sha256}` : `${sizeBytes} bytes that were not looked at`;
}
