// Limits of one run: where a hostile or broken bundle, or a bad rule, stops costing memory and time.

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface Limits {
  readonly expandedBytes: number;
  readonly expansionRatio: number;
  readonly ratioFromBytes: number;
  readonly entries: number;
  readonly fileBytes: number;
  readonly logBytes: number;
  readonly pieceBytes: number;
  readonly depth: number;
  readonly heldZipBytes: number;
  readonly metaBytes: number;
  readonly zipDirectoryBytes: number;
  readonly pathSegments: number;
  readonly pathBytes: number;
  readonly yamlDepth: number;
  readonly yamlAliases: number;
  readonly archiveMillis: number;
  readonly sourceMillis: number;
  readonly ruleMillis: number;
  readonly rulesMillis: number;
  readonly workerBytes: number;
  readonly logHits: number;
  readonly findings: number;
  readonly childBytes: number;
  readonly silentMillis: number;
}

export interface Limit {
  /** As it stands after `--limit`. */
  readonly name: string;
  readonly key: keyof Limits;
  readonly unit: 'bytes' | 'milliseconds' | 'count';
  readonly byDefault: number;
  /** The least that lets a run make sense, and the most that the program stands. */
  readonly least: number;
  readonly most: number;
  readonly bounds: string;
}

type Row = readonly [name: string, key: keyof Limits, unit: Limit['unit'], byDefault: number, bounds: string];

const rows: readonly Row[] = [
  ['entries', 'entries', 'count', 500_000, 'entries of the input, those of archives inside counted'],
  ['expanded', 'expandedBytes', 'bytes', 20 * GIB, 'all that decompression gives; nothing of it goes to disk'],
  // Real must-gathers: 27 at most. DEFLATE by itself: 1,032.
  ['ratio', 'expansionRatio', 'count', 1000, 'bytes that come out of one compressed byte'],
  ['ratio-from', 'ratioFromBytes', 'bytes', 64 * MIB, 'what may come out before the ratio counts'],
  ['file', 'fileBytes', 'bytes', 64 * MIB, 'a file that a parser gets whole'],
  ['log', 'logBytes', 'bytes', 2 * GIB, 'a log, which is read piece by piece'],
  ['piece', 'pieceBytes', 'bytes', 8 * MIB, 'a piece of a log, and so its longest line'],
  // Portal zip, tar.gz, must-gather.tar.xz, pod.log.gz.
  ['depth', 'depth', 'count', 4, 'archives inside archives, the outermost counted'],
  // The directory of a zip is at its end.
  ['held-zip', 'heldZipBytes', 'bytes', 128 * MIB, 'a zip inside another archive, which is held in memory'],
  ['header', 'metaBytes', 'bytes', MIB, 'a PAX or long-name header of a tar'],
  ['zip-directory', 'zipDirectoryBytes', 'bytes', 256 * MIB, 'the directory of a zip'],
  ['path-depth', 'pathSegments', 'count', 256, 'folders in the path of an entry'],
  // PATH_MAX is 4,096; tar itself can carry more, and a longer name in an archive does no harm while it is only a name.
  ['path', 'pathBytes', 'bytes', 64 * KIB, 'the path of an entry'],
  ['yaml-depth', 'yamlDepth', 'count', 200, 'mappings and lists inside of each other in YAML or JSON'],
  ['yaml-aliases', 'yamlAliases', 'count', 10_000, 'values that the aliases of one YAML document stand for'],
  ['archive-time', 'archiveMillis', 'milliseconds', 10 * MINUTE, 'reading one input, by the clock'],
  ['source-time', 'sourceMillis', 'milliseconds', MINUTE, 'processor time for parsing one file or piece of a log'],
  ['rule-time', 'ruleMillis', 'milliseconds', 5 * SECOND, 'processor time of one rule over one bundle'],
  ['rules-time', 'rulesMillis', 'milliseconds', 5 * MINUTE, 'all rules over one bundle, by the clock'],
  ['worker-memory', 'workerBytes', 'bytes', 2 * GIB, 'memory of one worker thread'],
  ['log-hits', 'logHits', 'count', 10_000, 'hits of one pattern kept from one log: the first half and the last'],
  ['findings', 'findings', 'count', 10_000, 'findings of one rule that are listed'],
  // The heap of a V8 process, and what lies beside it.
  ['child-memory', 'childBytes', 'bytes', 6 * GIB, 'memory of the process that analyses a bundle of a batch'],
  ['child-silence', 'silentMillis', 'milliseconds', 2 * MINUTE, 'time in which such a process gives no sign of life'],
];

/** Readers call themselves for each level; some 800 levels are the end of the stack. */
const most: Readonly<Partial<Record<keyof Limits, number>>> = { yamlDepth: 400 };
const least: Readonly<Partial<Record<keyof Limits, number>>> = {
  pieceBytes: 4 * KIB,
  logHits: 2,
  workerBytes: 64 * MIB,
  childBytes: 256 * MIB,
  silentMillis: 5 * SECOND,
};

export const limitList: readonly Limit[] = rows.map(([name, key, unit, byDefault, bounds]) => {
  return { name, key, unit, byDefault, least: least[key] ?? 1, most: most[key] ?? Number.MAX_SAFE_INTEGER, bounds };
});

export const defaultLimits: Limits = Object.fromEntries(
  limitList.map(({ key, byDefault }) => [key, byDefault]),
) as unknown as Limits;

/** What ends the sentence of a gap: which limit it was, its value, and how to raise it. */
export function limitText(key: keyof Limits, value: number): string {
  const { name, unit, most } = limitList.find((each) => each.key === key) as Limit;
  const said = `the limit ${name} is ${amountText(value, unit)}`;
  if (value * 2 > most) return `${said}, and cannot be much higher`;
  return `${said}, --limit ${name}=${wordOf(value * 2, unit)} doubles it`;
}

const byteUnits = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
const timeUnits = [
  ['h', 60 * MINUTE],
  ['m', MINUTE],
  ['s', SECOND],
] as const;

/** `20 GiB`, `10 m`, `500,000`. */
export function amountText(amount: number, unit: Limit['unit']): string {
  if (unit === 'count') return String(amount).replace(/\B(?=(\d{3})+$)/g, ',');
  if (unit === 'milliseconds') {
    const [name, size] = timeUnits.find(([, each]) => amount >= each && amount % each === 0) ?? ['ms', 1];
    return `${amount / size} ${name}`;
  }
  let step = 0;
  while (step < byteUnits.length - 1 && amount >= 1024 ** (step + 1) && amount % 1024 ** (step + 1) === 0) step++;
  return `${amount / 1024 ** step} ${byteUnits[step]}`;
}

/** The same as it is written after `--limit`. */
const wordOf = (amount: number, unit: Limit['unit']): string =>
  amountText(amount, unit).replace(' bytes', '').replace(/[ ,]/g, '');

const sizes: Readonly<Record<Limit['unit'], Readonly<Record<string, number>>>> = {
  count: { '': 1, k: 1000, M: 1000 ** 2 },
  bytes: { '': 1, KiB: KIB, MiB: MIB, GiB: GIB, TiB: 1024 * GIB },
  milliseconds: { ms: 1, s: SECOND, m: MINUTE, h: 60 * MINUTE },
};

/** Undefined where the text is no amount of this unit. */
export function readAmount(text: string, unit: Limit['unit']): number | undefined {
  const [, number, word = ''] = /^(\d{1,15}(?:\.\d{1,6})?)([A-Za-z]*)$/.exec(text) ?? [];
  const size = Object.hasOwn(sizes[unit], word) ? sizes[unit][word] : undefined;
  if (number === undefined || size === undefined) return undefined;
  const amount = Number(number) * size;
  return Number.isSafeInteger(amount) ? amount : undefined;
}
