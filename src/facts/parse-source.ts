// One source becomes facts, problems, log hits and the text kept for excerpts: the work of one task, in any thread.

import { zstdDecompressSync } from 'node:zlib';
import type { LogName } from '../bundle/catalogue.ts';
import { defaultLimits, type Limits } from '../bundle/limits.ts';
import type { Piece, Source } from '../bundle/source.ts';
import { measured } from '../workers/profile.ts';
import { marksOf } from './block-marks.ts';
import type { Fact } from './fact-type.ts';
import { createLogScanner, type LogPattern, longestLine, type PatternHit } from './logs/scan-log.ts';
import { longBytes, packedBytes, packText, smallBytes } from './pack-texts.ts';
import { brokenBy, type Parser, type Problem } from './parser.ts';
import { parsers } from './parsers.ts';
import { asUtf8, textOf } from './text/decode.ts';
import { cutRecord } from './text/json-lines.ts';

/** What somebody asks of the facts; plain data, handed to each worker once. */
export interface Demand {
  /** Names of fact types, or every one. */
  readonly factTypes: ReadonlySet<string> | 'all';
  /** `group/Kind` of Kubernetes objects wanted whole. */
  readonly objects: ReadonlySet<string> | 'all';
  readonly logPatterns: readonly LogPattern[];
  readonly logs: ReadonlyMap<string, LogName>;
}

/** The facts of one type from one source. */
export interface FactLines {
  readonly type: string;
  readonly blocks: readonly FactBlock[];
  readonly keys: FactKeys;
}

/** By what a fact is told to be the same as one of another source; few facts have a fellow, so they travel small. */
export interface FactKeys {
  /** A list in JSON of `[key, version]`, 0 where there is none. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isPacked: boolean;
  /** False where two facts of this source have the same key. */
  readonly areDistinct: boolean;
}

/** A line for each fact: `[first, last, value]`, a tab, and the places of its fields if it has some; many of them are compressed. */
export interface FactBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isPacked: boolean;
  readonly count: number;
  /** Texts in the fields of its facts, see `block-marks.ts`; a small block has none. */
  readonly marks: Uint32Array<ArrayBuffer> | undefined;
}

/** The text that excerpts are cut from: whole and compressed, or the single lines that were hit. */
export type KeptText = KeptWhole | { readonly lines: ReadonlyMap<number, string> };

export interface KeptWhole {
  readonly whole: Uint8Array<ArrayBuffer>;
  readonly isPacked: boolean;
  /** The bytes of this text among those of several. */
  readonly part?: readonly [start: number, end: number];
}

export interface ParsedSource {
  readonly facts: readonly FactLines[];
  readonly problems: readonly Problem[];
  readonly hits: readonly PatternHit[];
  readonly kept: KeptText | undefined;
  /** Fact types that this source answers for, be it with none. */
  readonly answered: readonly string[];
  /** Machines that a log without a node in its path speaks of. */
  readonly hosts: readonly string[];
  /** The logs that this source is a part of. */
  readonly logs: readonly string[];
  /** Lines, by pattern, whose hits were too many to keep. */
  readonly leftOut?: ReadonlyMap<string, number>;
}

/** Of each code, for one source. */
const mostProblems = 20;
const encoder = new TextEncoder();
const nothingScanned = {
  hits: [],
  lines: new Map<number, string>(),
  hosts: [],
  logs: [],
  leftOut: new Map<string, number>(),
  longLines: [],
};

/** Whether a source is worth reading: some parser gives a fact that is wanted, or some pattern looks into it. */
export function createSourceWants(demand: Demand): (source: Source) => boolean {
  const kinds = parsersByKind(demand);
  const scanner = createLogScanner(demand.logPatterns, demand.logs);
  return (source) => kinds.has(source.kind) || scanner.wants(source);
}

function parsersByKind({ factTypes }: Demand): Map<string, Parser[]> {
  const byKind = new Map<string, Parser[]>();
  for (const each of parsers) {
    if (factTypes !== 'all' && !each.yields.some((type) => factTypes.has(type.name))) continue;
    for (const kind of each.reads) byKind.set(kind, [...(byKind.get(kind) ?? []), each]);
  }
  return byKind;
}

/** From here on a piece is not held both as bytes and as text. */
const largeBytes = 8 * 1024 * 1024;

/**
 * Prepares the parsers and patterns for a demand; the result turns pieces into facts and never throws on bad input.
 * With `takesBytes` the bytes of a large piece are gone afterwards: they are let go as soon as they are text;
 * and small texts are left as they are, for `packTogether`.
 */
export function createSourceParser(
  demand: Demand,
  { logHits }: Pick<Limits, 'logHits'> = defaultLimits,
  takesBytes = false,
): (piece: Piece) => ParsedSource {
  const byKind = parsersByKind(demand);
  const { factTypes, objects } = demand;
  const wanted = { has: (type: string) => factTypes === 'all' || factTypes.has(type), objects };
  const scanner = createLogScanner(demand.logPatterns, demand.logs, logHits);

  return (piece) => {
    const kind = byKind.get(piece.source.kind) ?? [];
    const scans = scanner.wants(piece.source);
    if (kind.length === 0 && !scans)
      return { facts: [], problems: [], hits: [], kept: undefined, answered: [], hosts: [], logs: [] };
    const { bytes: utf8, problems: unreadable } = asUtf8(piece.bytes);
    const text = kind.length > 0 ? textOf(utf8) : '';
    const compressed =
      takesBytes && !scans && kind.length > 0 && piece.bytes.byteLength > largeBytes
        ? packText(piece.bytes)
        : undefined;
    if (compressed) (piece.bytes.buffer as ArrayBuffer).transfer(0);
    const problems: Problem[] = [...unreadable];
    const facts: Fact[] = [];
    const answered = new Set<string>();
    for (const each of kind) {
      try {
        const parsed = each.parse(text, piece.source, wanted);
        for (const fact of parsed.facts) if (wanted.has(fact.type)) facts.push(fact);
        problems.push(...parsed.problems);
        for (const type of parsed.answered ?? []) if (wanted.has(type)) answered.add(type);
      } catch (error) {
        problems.push({ code: 'PARSE_ERROR', detail: brokenBy(error) });
      }
    }
    const { hits, lines, hosts, logs, leftOut, longLines } = scans
      ? measured('scan', '', () => scanner.scan(piece, utf8), utf8.byteLength)
      : nothingScanned;
    for (const line of longLines) {
      const detail = `only the first ${longestLine} characters of the line were searched`;
      problems.push({ code: 'FILE_TRUNCATED', span: [line, line], detail });
    }
    const cut = scans && piece.last ? cutRecord(utf8, piece.firstLine) : undefined;
    if (cut) problems.push(cut);
    return {
      facts: encodeFacts(facts),
      problems: fewOf(problems),
      hits,
      kept:
        facts.length > 0
          ? (compressed ?? packText(piece.bytes, takesBytes ? longBytes : smallBytes))
          : lines.size > 0
            ? { lines }
            : undefined,
      answered: [...answered],
      hosts,
      logs,
      ...(leftOut.size > 0 && { leftOut }),
    };
  };
}

/** A file that is none of its kind must not fill the report with a gap for each of its lines. */
function fewOf(problems: readonly Problem[]): Problem[] {
  const counts = new Map<Problem['code'], number>();
  const kept = problems.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= mostProblems;
  });
  const more = [...counts].filter(([, count]) => count > mostProblems);
  return [...kept, ...more.map(([code, count]) => ({ code, detail: `and ${count - mostProblems} more of this code` }))];
}

/** Facts as they travel: grouped by type, a line of JSON each. */
export function encodeFacts(facts: readonly Fact[]): FactLines[] {
  const byType = new Map<string, Fact[]>();
  for (const fact of facts) {
    const group = byType.get(fact.type);
    if (group) group.push(fact);
    else byType.set(fact.type, [fact]);
  }
  return [...byType].map(([type, group]) => ({
    type,
    blocks: blocksOf(group),
    keys: keysOf(group),
  }));
}

function keysOf(facts: readonly Fact[]): FactKeys {
  const seen = new Set<string>();
  let keyed = 0;
  const parts = facts.map(({ key, version }) => {
    if (key !== undefined) seen.add(key);
    if (key !== undefined) keyed += 1;
    return [key ?? 0, version ?? 0];
  });
  const bytes = encoder.encode(keyed === 0 ? '[]' : JSON.stringify(parts)) as Uint8Array<ArrayBuffer>;
  return { ...packedBytes(bytes), areDistinct: seen.size === keyed };
}

/** The keys and versions of the facts, in their order; none where no fact has a key. */
export function readKeys({ bytes, isPacked }: FactKeys): readonly (readonly [key: string | 0, version: number])[] {
  return JSON.parse(Buffer.from(isPacked ? zstdDecompressSync(bytes) : bytes).toString());
}

/** From here on a block is full. The rules of a packet filter are so alike that they come to a twentieth. */
const blockCharacters = 1024 * 1024;

/** Each value is asked for once, and may be made then. */
function blocksOf(facts: readonly Fact[]): FactBlock[] {
  const blocks: FactBlock[] = [];
  let lines: string[] = [];
  let values: object[] = [];
  let length = 0;
  const end = () => {
    const bytes = encoder.encode(lines.join('\n')) as Uint8Array<ArrayBuffer>;
    const count = lines.length;
    const packed = packedBytes(bytes);
    blocks.push({ ...packed, count, marks: packed.isPacked ? marksOf(values) : undefined });
    lines = [];
    values = [];
    length = 0;
  };
  for (const { span, at, value } of facts) {
    const line = `${JSON.stringify([span[0], span[1], value])}\t${at ? JSON.stringify(at) : ''}`;
    lines.push(line);
    values.push(value);
    length += line.length;
    if (length >= blockCharacters) end();
  }
  if (lines.length > 0) end();
  return blocks;
}
