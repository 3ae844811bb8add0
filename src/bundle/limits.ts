// Limits of reading an input: where a hostile or broken archive stops costing memory and time.

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

export interface Limits {
  /** All that decompression may give in one run; nothing of it goes to disk. */
  readonly expandedBytes: number;
  /** Bytes out per byte in, looked at once `ratioFromBytes` came out. Real must-gathers: 27 at most; DEFLATE: 1,032. */
  readonly expansionRatio: number;
  readonly ratioFromBytes: number;
  readonly entries: number;
  /** A file that parsers get whole. */
  readonly fileBytes: number;
  /** A log, which is delivered in pieces of `pieceBytes`. */
  readonly logBytes: number;
  readonly pieceBytes: number;
  /** Archives in archives, the outermost counted: portal zip, tar.gz, must-gather.tar.xz, pod.log.gz. */
  readonly depth: number;
  /** A zip inside another archive is held in memory, since its directory is at its end. */
  readonly heldZipBytes: number;
  /** One PAX or GNU long-name header, or the directory of one zip. */
  readonly metaBytes: number;
  readonly zipDirectoryBytes: number;
  readonly pathSegments: number;
  readonly pathBytes: number;
}

export const defaultLimits: Limits = {
  expandedBytes: 20 * GIB,
  expansionRatio: 1000,
  ratioFromBytes: 64 * MIB,
  entries: 500_000,
  fileBytes: 64 * MIB,
  logBytes: 2 * GIB,
  pieceBytes: 8 * MIB,
  depth: 4,
  heldZipBytes: 512 * MIB,
  metaBytes: MIB,
  zipDirectoryBytes: 256 * MIB,
  pathSegments: 256,
  // PATH_MAX is 4,096; tar itself can carry more, and a longer name in an archive does no harm while it is only a name.
  pathBytes: 64 * KIB,
};
