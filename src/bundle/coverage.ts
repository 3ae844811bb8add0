// Coverage: what could and could not be looked at, entry by entry, so that nothing is skipped in silence.

/** Something of the input that was not analysed, or only in part. Any gap makes the exit code 3. */
export interface Gap {
  readonly code: GapCode;
  readonly path: string;
  readonly detail: string;
}

/** Something odd about the input that lost nothing. */
export interface Info {
  readonly code: InfoCode;
  readonly path: string;
  readonly detail: string;
}

/** Each entry of the input is in exactly one of the four classes: `entries` is their sum. */
export interface Coverage {
  readonly entries: number;
  readonly analysed: number;
  readonly empty: number;
  readonly notRelevant: number;
  readonly gap: number;
  readonly gaps: readonly Gap[];
  readonly infos: readonly Info[];
}

const gapCodes = [
  'NOT_AN_ARCHIVE',
  'UNSUPPORTED_FORMAT',
  'ARCHIVE_EMPTY',
  'ARCHIVE_TRUNCATED',
  'ARCHIVE_NO_EOA',
  'ARCHIVE_CORRUPT_HEADER',
  'ARCHIVE_CHECKSUM',
  'ARCHIVE_SIZE_MISMATCH',
  'ARCHIVE_OVERLAP',
  'ENTRY_PATH_UNSAFE',
  'ENTRY_NAME_INVALID',
  'ENTRY_LINK_SKIPPED',
  'ENTRY_SPECIAL_SKIPPED',
  'ENTRY_DUPLICATE',
  'ENTRY_SPARSE',
  'ENTRY_ENCRYPTED',
  'LIMIT_RATIO',
  'LIMIT_TOTAL',
  'LIMIT_ENTRIES',
  'LIMIT_DEPTH',
  'LIMIT_FILE',
  'LIMIT_META',
  'LIMIT_PATH_DEPTH',
  'LIMIT_TIME',
  'LIMIT_FINDINGS',
  'FILE_UNREADABLE',
  'FILE_ENCODING',
  'FILE_NUL',
  'FILE_TRUNCATED',
  'INPUT_CHANGED',
  'YAML_SYNTAX',
  'YAML_TRUNCATED',
  'YAML_ALIAS_LIMIT',
  'YAML_DEPTH',
  'YAML_DUP_KEY',
  'YAML_TAG',
  'YAML_FOREIGN_TEXT',
  'COLLECTION_ERROR',
  'PARSE_ERROR',
  'MACHINE_UNKNOWN',
  'MACHINE_AMBIGUOUS',
  'CLUSTERS_MIXED',
  'TRACE_ERROR',
  'RULE_TIMEOUT',
  'RULE_ERROR',
  'RULE_REJECTED',
  'WORKER_CRASH',
  'WORKER_OOM',
] as const;
export type GapCode = (typeof gapCodes)[number];

const infoCodes = [
  'FILE_EMPTY',
  'ARCHIVE_CONCATENATED',
  'ARCHIVE_ZERO_BLOCK',
  'ARCHIVE_TRAILING_GARBAGE',
  'ENTRY_SIZE_CONFLICT',
  'ENTRY_NAME_COLLISION',
  'ENTRY_LINK',
  'COLLECTION_NOTE',
  'MACHINE_JOINED',
] as const;
export type InfoCode = (typeof infoCodes)[number];

/** What reading the input found, as far as coverage goes. */
export interface Read {
  readonly entries: number;
  readonly empty: number;
  readonly notRelevant: number;
  readonly delivered: readonly string[];
  readonly gaps: readonly Gap[];
  readonly infos: readonly Info[];
}

/** Closes the book: a delivered entry with a gap, from reading or from a parser, was not analysed as a whole. */
export function closeCoverage(read: Read, problems: readonly Gap[]): Coverage {
  const { entries, empty, notRelevant, delivered, infos } = read;
  // Each piece of a long log says the same of its encoding.
  const gaps = [...new Map([...read.gaps, ...problems].map((gap) => [JSON.stringify(gap), gap])).values()];
  const withGap = new Set(gaps.map(({ path }) => path));
  const broken = delivered.filter((path) => withGap.has(path)).length;
  const lost = entries - empty - notRelevant - delivered.length;
  const analysed = delivered.length - broken;
  if (lost < 0 || new Set(delivered).size !== delivered.length) {
    throw new Error(`coverage does not add up: ${entries} entries, ${delivered.length} delivered, ${lost} lost`);
  }
  return { entries, analysed, empty, notRelevant, gap: lost + broken, gaps, infos };
}
