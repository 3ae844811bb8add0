// What the pieces of an expression that runs without the CEL library have in common.

import type { Ast } from './expression-reads.ts';
import { type CelMap, isCelMap } from './map-values.ts';

/** CEL has to say. */
export const unanswered: unique symbol = Symbol('unanswered');

/** Names of an expression: first those of its loops, then the variables of the scope. */
export interface Frame {
  scope: Readonly<Record<string, unknown>>;
  readonly locals: unknown[];
}
/** An optional value comes as what is in it, or as `undefined`. */
export type Run = (frame: Frame) => unknown;

/** What the checker of the CEL library left on a node. */
interface CheckedType {
  readonly kind: string;
  readonly name: string;
  readonly valueType?: CheckedType;
}
export const typeOf = (node: Ast): CheckedType | undefined =>
  (node as { readonly checkedType?: CheckedType }).checkedType;
export const isOptional = (node: Ast): boolean => typeOf(node)?.kind === 'optional';

/** Makes a node below ready to run; `names` are those of the loops around it. */
export type Inner = (each: Ast | undefined, names?: readonly string[]) => Run | undefined;

/** Texts, whole numbers and truths: equal where they are the same. */
export const isPlain = (value: unknown): value is string | bigint | boolean =>
  typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean';

export const isMapLike = (value: unknown): value is CelMap =>
  typeof value === 'object' && value !== null && isCelMap(value);
