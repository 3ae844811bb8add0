// One member of a container (tar, zip or folder) as the readers of containers hand it on.

import type { Chunks } from './byte-reader.ts';
import type { GapCode } from './coverage.ts';

/** A `label` says something of the archive or of another member: there is nothing to read. */
export type MemberType = 'file' | 'directory' | 'symbolic-link' | 'hard-link' | 'special' | 'label';

export interface Member {
  /** As the container has it: not judged yet, never used as a path on disk. */
  readonly name: string;
  readonly type: MemberType;
  /** As the container declares it. */
  readonly sizeBytes: number;
  /** A sparse file with its holes. */
  readonly realBytes?: number;
  /** Where a link points. */
  readonly target?: string;
  readonly modifiedMillis?: number;
  /** What the reader of the container could not read of this member. */
  readonly gap?: { readonly code: GapCode; readonly detail: string };
  /** There are no bytes to be had. */
  readonly unreadable?: boolean;
}

/** Called for each member in turn. The bytes are good until it returns; it need not read them. */
export type Visit = (member: Member, bytes: Chunks) => Promise<void> | void;
