// Says which patterns look into a source, and makes the search for their texts ready, once for all sources of a kind.

import type { LogName } from '../../bundle/catalogue.ts';
import type { Source } from '../../bundle/source.ts';
import { identTexts } from './journal.ts';
import { createLineMatcher, type LineMatcher } from './line-matcher.ts';
import type { Wanted } from './lines-to-try.ts';
import { isSearchable, type Literal, LiteralSearch } from './literal-search.ts';
import type { LogPattern } from './scan-log.ts';

export interface WantedPatterns {
  /** The logs that a source may be a part of. */
  readonly logs: ReadonlyMap<string, LogName>;
  readonly isAny: boolean;
  /** Made when they are first needed. */
  tools(): Tools;
}

export interface Tools {
  readonly ready: readonly Ready[];
  /** For the texts of the patterns and the processes of a mixed journal. */
  readonly search: LiteralSearch<Wanted> | undefined;
  /** Patterns without a text to search for. */
  readonly always: readonly number[];
}

export interface Ready {
  readonly pattern: LogPattern;
  readonly matcher: LineMatcher;
  /** Only lines of these processes count; undefined takes every line. */
  readonly idents: ReadonlySet<string> | undefined;
}

/** Sources of these kinds mix processes: there a line counts for a log only by its identifier. */
const mixedKinds = new Set(['Journal', 'SystemLog']);
export const isMixed = ({ kind }: Source): boolean => mixedKinds.has(kind);

/** What sources of one kind may be a part of, and the labels that decide it. */
interface OfKind {
  readonly logs: readonly (readonly [name: string, log: LogName])[];
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
  readonly byLabels: Map<string, WantedPatterns>;
}

// A bundle has tens of thousands of sources, so this is asked often.
export function createWantedPatterns(
  patterns: readonly LogPattern[],
  logs: ReadonlyMap<string, LogName>,
): (source: Source) => WantedPatterns {
  const byKind = new Map<string, OfKind>();

  return (source) => {
    const ofKind = byKind.get(source.kind) ?? ofKindOf(source.kind, logs);
    byKind.set(source.kind, ofKind);
    const { labels, byLabels } = ofKind;
    let key = '';
    for (const [label, values] of labels) {
      const value = source.labels[label] ?? '';
      key += `${values.has(value) ? value : '\0'}\n`;
    }
    const wanted = byLabels.get(key) ?? wantedOf(source, ofKind, patterns);
    byLabels.set(key, wanted);
    return wanted;
  };
}

function ofKindOf(kind: string, logs: ReadonlyMap<string, LogName>): OfKind {
  const own = [...logs].filter(
    ([, { kinds, idents = [] }]) => kinds.includes(kind) || (mixedKinds.has(kind) && idents.length > 0),
  );
  const labels = new Map<string, Set<string>>();
  for (const [, log] of own) {
    for (const [label, values] of Object.entries(log.labels ?? {})) {
      labels.set(label, new Set([...(labels.get(label) ?? []), ...values]));
    }
  }
  return { logs: own, labels, byLabels: new Map() };
}

const fits = ({ kinds, labels = {} }: LogName, source: Source): boolean =>
  !kinds.includes(source.kind) ||
  Object.entries(labels).every(([label, values]) => values.includes(source.labels[label] ?? ''));

function wantedOf(source: Source, { logs }: OfKind, patterns: readonly LogPattern[]): WantedPatterns {
  const own = new Map(logs.filter(([, log]) => fits(log, source)));
  const asked = patterns.filter(({ log }) => own.has(log));
  let tools: Tools | undefined;
  return {
    logs: own,
    isAny: asked.length > 0,
    tools: () => {
      tools ??= toolsFor(asked, own, isMixed(source));
      return tools;
    },
  };
}

function toolsFor(patterns: readonly LogPattern[], logs: ReadonlyMap<string, LogName>, mixed: boolean): Tools {
  const literals: Literal<Wanted>[] = [];
  const always: number[] = [];
  const ready = patterns.map((pattern, owner): Ready => {
    const matcher = createLineMatcher(pattern);
    const { isCaseless } = matcher;
    const texts = pattern.hint === undefined ? (pattern.oneOf ?? []) : [pattern.hint];
    const own = texts.map((text) => ({ text, isCaseless, owner }));
    if (own.length > 0 && own.every(isSearchable)) literals.push(...own);
    else always.push(owner);
    return { pattern, matcher, idents: mixed ? new Set(logs.get(pattern.log)?.idents) : undefined };
  });
  const idents = mixed ? [...logs.values()].flatMap((log) => log.idents ?? []) : [];
  for (const ident of new Set(idents)) literals.push(...identTexts(ident).map((text) => ({ text, owner: ident })));
  return { ready, search: literals.length > 0 ? new LiteralSearch(literals) : undefined, always };
}
