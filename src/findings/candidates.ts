// What a name of `given` can stand for: a fact, a whole object or a burst of log lines, as CEL sees it and with its place.

import type { Span } from '../bundle/source.ts';
import type { ObjectNaming, Places } from '../facts/fact-type.ts';
import type { FactStore, Having, StoredFact } from '../facts/store.ts';
import type { Language } from '../rules/cel.ts';
import type { CompiledBinding } from '../rules/compile-given.ts';
import { dynValue, rawOfValue } from '../rules/fact-values.ts';
import { burstsOf } from './bursts.ts';
import { CandidateIndex, type Fields, indexBy, joinKeys, keysOf } from './candidate-index.ts';
import { Held, type HeldGroup } from './held.ts';

export interface Candidate {
  /** What CEL computes with; made at the first use. */
  readonly value: object;
  /** Plain JSON: joins and object names are read from it. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly span: Span;
  readonly at: Places | undefined;
  /** Single lines that show a burst; a fact has its span instead. */
  readonly lines: readonly { readonly path: string; readonly line: number }[] | undefined;
  /** How the fact names its Kubernetes object. */
  readonly naming: ObjectNaming | undefined;
}

/** The candidates of one store, shared by all rules that run on it. */
export interface Candidates {
  of(binding: CompiledBinding): readonly Candidate[];
  /** The values of a list as CEL sees it; the list of an index is made once, however many subjects share it. */
  valuesOf(found: readonly Candidate[]): readonly object[];
  /** The candidate that a value of CEL belongs to, if it is one. */
  ofValue(value: unknown): Candidate | undefined;
  /** Candidates of a binding whose fields have these values. */
  lookup(binding: CompiledBinding, key: readonly unknown[]): readonly Candidate[];
  /** Which of a list meet `where` of a binding, where it looks at nothing else. */
  decided(binding: CompiledBinding): WeakMap<readonly Candidate[], readonly Candidate[]>;
  /** True where the bundle holds what the binding looks at, so that finding nothing there is an answer. */
  wasRead(binding: CompiledBinding, labels: Readonly<Record<string, string>>): boolean;
}

/** So many keys of a join are looked for in the blocks that may hold them; for more it pays off to index all facts. */
const mostLoneKeys = 16;
const mostLoneFacts = 4096;
/** The values of a longer list are kept. */
const shortList = 8;

interface Join {
  index: CandidateIndex | undefined;
  /** Of single keys, and how many there are. */
  readonly lone: CandidateIndex;
  loneKeys: number;
}

export function createCandidates(store: FactStore, language: Language): Candidates {
  const lists = new Map<unknown, readonly Candidate[]>();
  const groups = new Map<string, HeldGroup>();
  /** Facts that were held before all of their type were. */
  const early = new Map<StoredFact, Held>();
  const indexes = new Map<unknown, Map<string, CandidateIndex>>();
  const joins = new WeakMap<CompiledBinding, Join>();
  /** Of whole objects and bursts; the value of a fact knows its fact. */
  const ofValue = new WeakMap<object, Candidate>();
  const ofFactValue = new Map<object, Candidate>();
  const indexed = new Set<readonly Candidate[]>();
  const values = new WeakMap<readonly Candidate[], readonly object[]>();
  const objects = new Map<string, StoredFact[]>();
  const decided = new WeakMap<CompiledBinding, ReturnType<Candidates['decided']>>();
  const types = new Set(store.types);
  const namings = new Map(language.vocabulary.factTypes.map((type) => [type.name, type.object]));

  /** With `having` facts that lack it may be left out; a fact is the same candidate in every list. */
  function factsOf(type: string, having?: readonly Having[]): readonly Candidate[] {
    const known = having && lists.get(`fact ${type}`);
    if (known) return known;
    const group = groups.get(type) ?? {
      naming: namings.get(type),
      make: ({ raw }: Candidate) => language.valueOf(type, raw),
    };
    groups.set(type, group);
    const made = store.read(type, having).map((fact) => {
      const held = early.get(fact) ?? new Held(fact.value, fact, group);
      if (having) early.set(fact, held);
      return held;
    });
    return having ? listed(`fact ${type} ${JSON.stringify(having)}`, made) : made;
  }

  function listed(key: unknown, list: readonly Candidate[]): readonly Candidate[] {
    lists.set(key, list);
    return list;
  }

  function objectsOf(name: string): Candidate[] {
    const group = { make: (held: Candidate) => noted(held, dynValue(held.raw) as object) };
    return objectsNamed(name).map((fact) => new Held(fact.value.object as Candidate['raw'], fact, group));
  }

  function burstCandidates({ burst, binding }: CompiledBinding): Candidate[] {
    if (!burst) throw new Error(`${binding.name} is not a burst`);
    const group = { make: (held: Candidate) => noted(held, new burst.ctor(held.raw)) };
    return burstsOf(burst, store).map(({ raw, lines }) => {
      const [{ path, line }] = lines;
      return new Held(raw, { path, span: [line, line], lines }, group);
    });
  }

  function noted(held: Candidate, value: object): object {
    ofValue.set(value, held);
    return value;
  }

  function factCandidate(raw: object): Candidate | undefined {
    for (const list of lists.values()) {
      if (indexed.has(list)) continue;
      indexed.add(list);
      for (const each of list) ofFactValue.set(each.raw, each);
    }
    return ofFactValue.get(raw);
  }

  function objectsNamed(name: string): readonly StoredFact[] {
    if (objects.size === 0) {
      for (const fact of store.read('KubernetesObject')) {
        if (typeof fact.value.object !== 'object' || fact.value.object === null) continue;
        const kindName = kindNameOf(fact.value.object);
        const known = objects.get(kindName);
        if (known) known.push(fact);
        else objects.set(kindName, [fact]);
      }
    }
    return objects.get(name) ?? [];
  }

  function make(compiled: CompiledBinding): readonly Candidate[] {
    const { binding } = compiled;
    if (binding.is === 'fact') return factsOf(binding.fact);
    return binding.is === 'object' ? objectsOf(binding.object) : burstCandidates(compiled);
  }

  function all(compiled: CompiledBinding): readonly Candidate[] {
    const key = shareKey(compiled);
    return lists.get(key) ?? listed(key, make(compiled));
  }

  function of(compiled: CompiledBinding): readonly Candidate[] {
    const { binding, having } = compiled;
    if (binding.is !== 'fact' || having.length === 0) return all(compiled);
    return lists.get(`fact ${binding.fact} ${JSON.stringify(having)}`) ?? factsOf(binding.fact, having);
  }

  function indexOf(compiled: CompiledBinding, fields: Fields): CandidateIndex {
    const key = shareKey(compiled);
    const ofKey = indexes.get(key) ?? new Map<string, CandidateIndex>();
    indexes.set(key, ofKey);
    const name = fields.map((field) => field.join('.')).join(',');
    const made = ofKey.get(name) ?? indexBy(all(compiled), fields);
    ofKey.set(name, made);
    return made;
  }

  function lookup(compiled: CompiledBinding, key: readonly unknown[]): readonly Candidate[] {
    const wanted = joinKeys(key);
    if (wanted === undefined) return none;
    const join = joins.get(compiled) ?? { index: undefined, lone: new CandidateIndex(), loneKeys: 0 };
    joins.set(compiled, join);
    if (!join.index) {
      const lone = join.lone.get(wanted) ?? loneMatches(compiled, wanted, join);
      if (lone) return lone;
      join.index = indexOf(compiled, fieldsOf(compiled));
    }
    return join.index.get(wanted) ?? none;
  }

  /** Undefined where all facts had better be indexed. */
  function loneMatches(
    compiled: CompiledBinding,
    wanted: ReturnType<typeof joinKeys> & {},
    join: Join,
  ): readonly Candidate[] | undefined {
    const { binding, on, having } = compiled;
    if (binding.is !== 'fact' || join.loneKeys >= mostLoneKeys || lists.has(shareKey(compiled))) return undefined;
    const keyed = on.flatMap(({ field }, at): Having[] => {
      const text = wanted[at];
      return field.length === 1 && typeof text === 'string' ? [{ field: field[0] ?? '', texts: [text] }] : [];
    });
    if (keyed.length === 0) return undefined;
    const near = factsOf(binding.fact, [...having, ...keyed]);
    if (near.length > mostLoneFacts) return undefined;
    const fields = fieldsOf(compiled);
    const found = near.filter((candidate) => keysOf(candidate, fields)?.every((key, at) => key === wanted[at]));
    join.loneKeys += 1;
    join.lone.at(wanted).push(...found);
    return found;
  }

  return {
    of,
    valuesOf(found) {
      const known = values.get(found) ?? found.map(({ value }) => value);
      if (found.length > shortList) values.set(found, known);
      return known;
    },
    ofValue(value) {
      const raw = rawOfValue(value);
      if (raw) return factCandidate(raw) ?? ofValue.get(value as object);
      return typeof value === 'object' && value !== null ? ofValue.get(value) : undefined;
    },
    lookup,
    decided(compiled) {
      const known: ReturnType<Candidates['decided']> = decided.get(compiled) ?? new WeakMap();
      decided.set(compiled, known);
      return known;
    },
    wasRead(compiled, labels) {
      const { binding } = compiled;
      if (binding.is === 'fact') return types.has(binding.fact);
      if (binding.is === 'object') return objectsNamed(binding.object).length > 0;
      if (store.logSources(binding.log, labels) === 0) return false;
      // Lines without a time cannot be placed in a timespan: then the log says nothing either way.
      const hits = store.hits(compiled.burst?.patternId ?? '');
      return (
        binding.timespanMillis === undefined || hits.length === 0 || hits.some((hit) => hit.firstTime !== undefined)
      );
    },
  };
}

const none: readonly Candidate[] = [];
const fieldsOf = ({ on }: CompiledBinding): Fields => on.map(({ field }) => field);

/** Facts and objects are shared by all rules; the bursts of a rule are its own. */
function shareKey(compiled: CompiledBinding): unknown {
  const { binding } = compiled;
  if (binding.is === 'log') return compiled;
  return binding.is === 'fact' ? `fact ${binding.fact}` : `object ${binding.object}`;
}

/** `apps/Deployment`, `/Pod`. */
function kindNameOf(object: unknown): string {
  const { apiVersion, kind } = (object ?? {}) as Readonly<Record<string, unknown>>;
  const version = String(apiVersion ?? '');
  return `${version.includes('/') ? version.slice(0, version.indexOf('/')) : ''}/${String(kind)}`;
}
