// Reads `rules/diff.yaml`: what is held against each other between two bundles, and by which key.

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Demand } from '../facts/parse-source.ts';
import { factTypes } from '../facts/parsers.ts';

/** One kind of thing that two bundles are compared in. */
export interface Compared {
  /** Heading it stands under. */
  readonly group: string;
  /** What a row is called. */
  readonly kind: string;
  readonly fact: string;
  /** Fields by which the same thing is known on both sides. */
  readonly key: readonly string[];
  /** Dotted paths into the fact, or into the object of a KubernetesObject. */
  readonly fields: readonly string[];
  readonly where: Readonly<Record<string, readonly string[]>>;
  readonly ignore: readonly (readonly [field: string, patterns: readonly RegExp[]])[];
  /** Fields whose addresses are shown as the pods they belong to. */
  readonly pods: readonly string[];
  /** A field that is false where only a part of the thing was printed. */
  readonly whole?: string;
  /** `apps/Deployment`, where it is an API object as it is. */
  readonly object?: string;
}

export interface Table {
  readonly compared: readonly Compared[];
  /** Paths of leaves that change by themselves. */
  readonly volatile: readonly RegExp[];
}

interface WrittenFact {
  readonly group: string;
  readonly kind: string;
  readonly fact: string;
  readonly key: readonly string[];
  readonly fields: readonly string[];
  readonly where?: Readonly<Record<string, readonly string[]>>;
  readonly ignore?: Readonly<Record<string, readonly string[]>>;
  readonly pods?: readonly string[];
  readonly whole?: string;
}
interface WrittenObjects {
  readonly group: string;
  readonly fields: readonly string[];
  readonly of: readonly string[];
}
interface Written {
  readonly volatile: readonly string[];
  readonly facts: readonly WrittenFact[];
  readonly objects: readonly WrittenObjects[];
}

const file = new URL('../../rules/diff.yaml', import.meta.url);
/** Fields that `derived.ts` adds to those of a fact. */
const added: Readonly<Record<string, readonly string[]>> = { Container: ['workload'] };

/** Throws, with one sentence for each mistake, where the file names what no fact has. */
export function loadTable(text: string = readFileSync(file, 'utf8')): Table {
  const written = parse(text) as Written;
  const mistakes = written.facts.flatMap(mistakesOf);
  if (mistakes.length > 0) throw new Error(`rules/diff.yaml: ${mistakes.join('; ')}`);
  const objects = new Map<string, Compared>();
  for (const { group, fields, of } of written.objects) {
    for (const object of of) {
      const known = objects.get(object)?.fields ?? [];
      objects.set(object, comparedObject(group, object, [...known, ...fields]));
    }
  }
  return {
    compared: [...written.facts.map(comparedFact), ...objects.values()],
    volatile: written.volatile.map((pattern) => new RegExp(pattern)),
  };
}

/** The demand of the rules, and what the table asks for beside it. */
export function withTable(demand: Demand, { compared }: Table): Demand {
  const { factTypes: types, objects } = demand;
  const wanted = compared.map(({ fact }) => fact);
  const whole = compared.flatMap(({ object }) => object ?? []);
  return {
    ...demand,
    factTypes: types === 'all' ? types : new Set([...types, ...wanted, 'Workload', 'NetfilterTable']),
    objects: objects === 'all' ? objects : new Set([...objects, ...whole]),
  };
}

function comparedFact({ where = {}, ignore = {}, pods = [], ...rest }: WrittenFact): Compared {
  const patterns = Object.entries(ignore).map(
    ([field, texts]) => [field, texts.map((text) => new RegExp(text))] as const,
  );
  return { ...rest, where, ignore: patterns, pods };
}

function comparedObject(group: string, object: string, fields: readonly string[]): Compared {
  const kind = object.slice(object.indexOf('/') + 1);
  const key = ['namespace', 'name'];
  return { group, kind, fact: 'KubernetesObject', key, fields, where: {}, ignore: [], pods: [], object };
}

function mistakesOf({ fact, key, fields, where = {}, ignore = {}, pods = [], whole }: WrittenFact): string[] {
  const type = factTypes.find(({ name }) => name === fact);
  if (!type) return [`there is no fact type ${fact}`];
  const known = [...Object.keys(type.fields), ...(added[fact] ?? [])];
  const named = [...key, ...fields, ...Object.keys(where), ...Object.keys(ignore), ...pods, ...(whole ? [whole] : [])];
  return named
    .map((path) => path.split('.')[0] ?? '')
    .filter((field) => !known.includes(field))
    .map((field) => `${fact} has no field ${field}`);
}
