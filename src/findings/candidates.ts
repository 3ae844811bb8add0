// What a name of `given` can stand for: a fact, a whole object or a burst of log lines, as CEL sees it and with its place.

import type { Span } from '../bundle/source.ts';
import type { ObjectNaming, Places } from '../facts/fact-type.ts';
import type { FactStore, StoredFact } from '../facts/store.ts';
import type { Language } from '../rules/cel.ts';
import type { CompiledBinding } from '../rules/compile-given.ts';
import { dynValue, rawOfValue } from '../rules/fact-values.ts';
import { burstsOf } from './bursts.ts';

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
  /** What `where` of a binding said of candidates, where it looks at nothing else. */
  decided(binding: CompiledBinding): Map<Candidate, boolean>;
  /** True where the bundle holds what the binding looks at, so that finding nothing there is an answer. */
  wasRead(binding: CompiledBinding, labels: Readonly<Record<string, string>>): boolean;
}

export function createCandidates(store: FactStore, language: Language): Candidates {
  const lists = new Map<unknown, readonly Candidate[]>();
  const indexes = new Map<unknown, Map<string, ReadonlyMap<string, readonly Candidate[]>>>();
  /** Of whole objects and bursts; the value of a fact knows its fact. */
  const ofValue = new WeakMap<object, Candidate>();
  const ofFactValue = new Map<object, Candidate>();
  const indexed = new Set<readonly Candidate[]>();
  const values = new WeakMap<readonly Candidate[], readonly object[]>();
  const objects = new Map<string, StoredFact[]>();
  const decided = new WeakMap<CompiledBinding, Map<Candidate, boolean>>();
  const namings = new Map(language.vocabulary.factTypes.map((type) => [type.name, type.object]));

  function factsOf(type: string): Candidate[] {
    const naming = namings.get(type);
    const make = ({ raw }: Candidate) => language.valueOf(type, raw);
    return store
      .read(type)
      .map(({ value, path, span, at }) => new Held(value, path, span, at, undefined, naming, make));
  }

  function objectsOf(name: string): Candidate[] {
    const make = (held: Candidate) => noted(held, dynValue(held.raw) as object);
    return objectsNamed(name).map(({ value, path, span, at }) => {
      const raw = value.object as Readonly<Record<string, unknown>>;
      return new Held(raw, path, span, at, undefined, undefined, make);
    });
  }

  function burstCandidates({ burst, binding }: CompiledBinding): Candidate[] {
    if (!burst) throw new Error(`${binding.name} is not a burst`);
    const make = (held: Candidate) => noted(held, new burst.ctor(held.raw));
    return burstsOf(burst, store).map(({ raw, lines }) => {
      const [{ path, line }] = lines;
      return new Held(raw, path, [line, line], undefined, lines, undefined, make);
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

  function of(compiled: CompiledBinding): readonly Candidate[] {
    const key = shareKey(compiled);
    const made = lists.get(key) ?? make(compiled);
    lists.set(key, made);
    return made;
  }

  function indexOf(compiled: CompiledBinding): ReadonlyMap<string, readonly Candidate[]> {
    const key = shareKey(compiled);
    const ofKey = indexes.get(key) ?? new Map<string, ReadonlyMap<string, readonly Candidate[]>>();
    indexes.set(key, ofKey);
    const name = compiled.on.map(({ field }) => field.join('.')).join(',');
    const made =
      ofKey.get(name) ??
      indexBy(
        of(compiled),
        compiled.on.map(({ field }) => field),
      );
    ofKey.set(name, made);
    return made;
  }

  return {
    of,
    valuesOf(found) {
      const known = values.get(found) ?? found.map(({ value }) => value);
      values.set(found, known);
      return known;
    },
    ofValue(value) {
      const raw = rawOfValue(value);
      if (raw) return factCandidate(raw) ?? ofValue.get(value as object);
      return typeof value === 'object' && value !== null ? ofValue.get(value) : undefined;
    },
    lookup(compiled, key) {
      const wanted = joinKey(key);
      return wanted === undefined ? [] : (indexOf(compiled).get(wanted) ?? []);
    },
    decided(compiled) {
      const verdicts = decided.get(compiled) ?? new Map<Candidate, boolean>();
      decided.set(compiled, verdicts);
      return verdicts;
    },
    wasRead(compiled, labels) {
      const { binding } = compiled;
      if (binding.is === 'fact') return store.types.includes(binding.fact);
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

/** A bundle has hundred thousands of them: what they share is shared, and a value is made at its first use. */
class Held implements Candidate {
  readonly raw: Candidate['raw'];
  readonly path: string;
  readonly span: Span;
  readonly at: Places | undefined;
  readonly lines: Candidate['lines'];
  readonly naming: ObjectNaming | undefined;
  readonly #make: (held: Candidate) => object;
  #value: object | undefined;

  constructor(
    raw: Candidate['raw'],
    path: string,
    span: Span,
    at: Places | undefined,
    lines: Candidate['lines'],
    naming: ObjectNaming | undefined,
    make: (held: Candidate) => object,
  ) {
    this.raw = raw;
    this.path = path;
    this.span = span;
    this.at = at;
    this.lines = lines;
    this.naming = naming;
    this.#make = make;
  }

  get value(): object {
    this.#value ??= this.#make(this);
    return this.#value;
  }
}

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

function indexBy(candidates: readonly Candidate[], fields: readonly (readonly string[])[]): Map<string, Candidate[]> {
  const index = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = joinKey(fields.map((field) => fieldAt(candidate.raw, field)));
    if (key === undefined) continue;
    const known = index.get(key);
    if (known) known.push(candidate);
    else index.set(key, [candidate]);
  }
  return index;
}

/** The value at a dotted way; an own field only. */
function fieldAt(raw: unknown, way: readonly string[]): unknown {
  let value = raw;
  for (const part of way) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

/** Undefined where one of the values is absent: nothing joins by it. JSON's 5 and CEL's 5 are the same key. */
function joinKey(values: readonly unknown[]): string | undefined {
  const parts: string[] = [];
  for (const value of values) {
    if (typeof value === 'string') parts.push(`s${value}`);
    else if (typeof value === 'number' || typeof value === 'bigint') parts.push(`n${value}`);
    else if (typeof value === 'boolean') parts.push(`b${value}`);
    else return undefined;
  }
  return parts.join('\0');
}
