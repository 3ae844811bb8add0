// Fact types: a small schema language that gives one description to TypeScript, to the rule language and to FACTS.md.

import type { Span } from '../bundle/source.ts';

/** The shape of one field. `doc` is one sentence with units, for FACTS.md and for `rules explain`. */
export type Field =
  | { readonly is: 'string' | 'int' | 'double' | 'bool' | 'time' | 'dyn' | 'node'; readonly doc: string }
  | { readonly is: 'list' | 'map'; readonly of: Field; readonly doc: string }
  | { readonly is: 'object'; readonly fields: Fields; readonly doc: string }
  | { readonly is: 'optional'; readonly of: Field; readonly doc: string };
export type Fields = { readonly [name: string]: Field };

declare const holds: unique symbol;
/** A field together with the TypeScript type of what it holds. */
export type Typed<T> = Field & { readonly [holds]?: T };
type ValueOf<F> = F extends { readonly [holds]?: infer T } ? T : never;
type OptionalNames<F> = { [K in keyof F]: F[K] extends { readonly is: 'optional' } ? K : never }[keyof F];
/** The plain object that a record of fields describes; an optional field is absent, never null. */
export type ObjectOf<F> = { readonly [K in Exclude<keyof F, OptionalNames<F>>]: ValueOf<F[K]> } & {
  readonly [K in OptionalNames<F>]?: Exclude<ValueOf<F[K]>, undefined> | undefined;
};

export const string = (doc = ''): Typed<string> => ({ is: 'string', doc });
/** A whole number; past 2^53 keep it a `string`. */
export const int = (doc = ''): Typed<number> => ({ is: 'int', doc });
export const double = (doc = ''): Typed<number> => ({ is: 'double', doc });
export const bool = (doc = ''): Typed<boolean> => ({ is: 'bool', doc });
/** A moment as RFC 3339 text in UTC (`2024-05-01T12:00:00Z`); a CEL timestamp in rules. */
export const time = (doc = ''): Typed<string> => ({ is: 'time', doc });
/** Anything JSON can say; rules see it untyped. */
export const dyn = (doc = ''): Typed<unknown> => ({ is: 'dyn', doc });
/** The node a fact speaks of. A parser leaves it out where only the bundle knows; the store fills it in. */
export const node = (doc = 'Node this was read on.'): Typed<string | undefined> & { readonly is: 'optional' } =>
  ({ is: 'optional', of: { is: 'node', doc }, doc }) as never;
export const list = <T>(of: Typed<T>, doc = ''): Typed<readonly T[]> => ({ is: 'list', of, doc });
/** Text keys, values of one shape. */
export const map = <T>(of: Typed<T>, doc = ''): Typed<Readonly<Record<string, T>>> => ({ is: 'map', of, doc });
export const object = <F extends Fields>(fields: F, doc = ''): Typed<ObjectOf<F>> =>
  ({ is: 'object', fields, doc }) as never;
export const optional = <T>(of: Typed<T>): Typed<T | undefined> & { readonly is: 'optional' } =>
  ({ is: 'optional', of, doc: of.doc }) as never;

/** How a fact names the Kubernetes object it belongs to: names of its fields (`kind` is literal unless it is one). */
export interface ObjectNaming {
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly node?: string;
}

export interface FactType<T = never> {
  readonly name: string;
  readonly doc: string;
  readonly fields: Fields;
  /** What a finding about this fact lists under `objects`. */
  readonly object?: ObjectNaming;
  /** Makes one fact. `at` says where single fields stand when the whole span is long: `{ limits: [12, 14] }`. */
  fact(span: Span, value: T, more?: { readonly at?: Places; readonly key?: string; readonly version?: number }): Fact;
}

export type Places = Readonly<Record<string, Span>>;

/** A typed value with its span, as a parser gives it. */
export interface Fact {
  readonly type: string;
  readonly span: Span;
  readonly value: object;
  /** Where single fields stand, for evidence that is short. */
  readonly at?: Places;
  /** The same key twice is the same thing read twice: the higher `version`, then the first path, is kept. */
  readonly key?: string;
  readonly version?: number;
}

/** Declares a fact type. `name` is what rules write under `given`. */
export function factType<F extends Fields>(
  name: string,
  doc: string,
  fields: F,
  more: { readonly object?: ObjectNaming } = {},
): FactType<ObjectOf<F>> {
  return {
    name,
    doc,
    fields,
    ...more,
    fact: (span, value, extra = {}) => ({ type: name, span, value, ...extra }),
  };
}
