// Answers plain expressions without the CEL library: fields compared, lists gone through. Anything else it leaves to CEL.
//
// A rule asks the same short question of each of a hundred thousand facts. An answer given here is the one CEL gives;
// where that is not certain (a field that is absent, values of two kinds, a function not known here) there is none.

import { childrenOf } from './cel-budget.ts';
import { ownFunction } from './direct-functions.ts';
import { compare, method, sizeOf } from './direct-operations.ts';
import {
  type Frame,
  type Inner,
  isMapLike,
  isOptional,
  isPlain,
  type Run,
  typeOf,
  unanswered,
} from './direct-parts.ts';
import type { Ast } from './expression-reads.ts';
import { isFactValue } from './fact-values.ts';
import { entryOf } from './map-values.ts';

export interface DirectOptions {
  /** The value in an optional, or `undefined`; called for names whose type is optional. */
  unwrap(value: unknown): unknown;
  /** How the values of a type give a field. */
  getterOf(type: string, field: string): (() => unknown) | undefined;
  /** A name of `let`: what it stands for is computed when it is read, and may cost or fail. */
  isLet(name: string): boolean;
}

/** To be called after the check; undefined where nothing of the expression can be answered here. */
export function directRun(ast: Ast, options: DirectOptions): ((scope: object) => unknown) | undefined {
  const run = compile(ast, [], options);
  // CEL has its own form of an optional.
  if (!run || isOptional(ast)) return undefined;
  // No expression runs inside of itself: one frame serves all its runs.
  const frame: Frame = { scope: {}, locals: [] };
  return (scope) => {
    frame.scope = scope as Frame['scope'];
    return run(frame);
  };
}

function compile(node: Ast, loops: readonly string[], options: DirectOptions): Run | undefined {
  const inner = (each: Ast | undefined, names = loops) => each && compile(each, names, options);
  switch (node.op) {
    case 'value':
      return constant(node.args);
    case 'id':
      return readName(node, loops, options);
    case '.':
    case '.?':
      return readField(node, inner, options);
    case '&&':
    case '||': {
      const [left, right] = node.args as [Ast, Ast];
      const cheap = isCheap(left, options) && isCheap(right, options);
      return either(node.op === '||', inner(left), inner(right), cheap);
    }
    case '!_': {
      const run = inner(node.args as Ast);
      return run && ((frame) => negated(run(frame)));
    }
    case '?:': {
      const [when, yes, no] = (node.args as readonly Ast[]).map((each) => inner(each));
      if (!when || !yes || !no || (node.args as readonly Ast[]).some(isOptional)) return undefined;
      return (frame) => {
        const chosen = when(frame);
        return chosen === true ? yes(frame) : chosen === false ? no(frame) : unanswered;
      };
    }
    case 'map':
      return mapOf(node.args as readonly (readonly [Ast, Ast])[], inner);
    case '[?]': {
      const [left, at] = (node.args as readonly Ast[]).map((each) => inner(each));
      return left && at && ((frame) => entryAt(left(frame), at(frame)));
    }
    case 'list':
      return listOf((node.args as readonly Ast[]).map((each) => (isOptional(each) ? undefined : inner(each))));
    case '[]': {
      const [left, at] = (node.args as readonly Ast[]).map((each) => (isOptional(each) ? undefined : inner(each)));
      return left && at && ((frame) => elementAt(left(frame), at(frame)));
    }
    case 'call': {
      const [name, args] = node.args as [string, readonly Ast[]];
      if (name === 'has' && args[0]) return isThere(args[0], inner);
      const own = ownFunction(name, args, inner);
      if (own) return own;
      const only = args.length === 1 && args[0] && !isOptional(args[0]) ? inner(args[0]) : undefined;
      return name === 'size' && only ? (frame) => sizeOf(only(frame)) : undefined;
    }
    case 'rcall':
      return method(node, loops, inner);
    default:
      return compare(node, inner);
  }
}

function constant(value: unknown): Run | undefined {
  return isPlain(value) || typeof value === 'number' ? () => value : undefined;
}

function readName(node: Ast, loops: readonly string[], { unwrap }: DirectOptions): Run {
  const name = node.args as string;
  const at = loops.lastIndexOf(name);
  const optional = isOptional(node);
  if (at >= 0) return optional ? () => unanswered : ({ locals }) => locals[at];
  return ({ scope }) => {
    const value = scope[name];
    if (value === undefined) return unanswered;
    return optional ? unwrap(value) : value;
  };
}

/** Fields of typed objects; the checker has seen that the type has them. */
function readField(node: Ast, inner: Inner, { getterOf }: DirectOptions): Run | undefined {
  const [left, field] = node.args as [Ast, string];
  const type = typeOf(left);
  const ofOptional = type?.kind === 'optional';
  const owner = inner(left);
  const plain = ofOptional ? type.valueType : type;
  if (!owner || typeof field !== 'string' || plain?.kind !== 'message') return undefined;
  const get = getterOf(plain.name, field);
  if (!get) return undefined;
  const mayLack = ofOptional || node.op === '.?';
  return (frame) => {
    const value = owner(frame);
    if (ofOptional && value === undefined) return undefined;
    if (!isFactValue(value)) return unanswered;
    const read = get.call(value);
    return read === undefined && !mayLack ? unanswered : read;
  };
}

/** `has(a.b.c)`: what is not there has no fields. The checker sees no more of it than the name. */
function isThere(access: Ast, inner: Inner): Run | undefined {
  const way: string[] = [];
  let owner: Ast = access;
  while (owner.op === '.' || owner.op === '.?') {
    const [left, field] = owner.args as [Ast, unknown];
    if (typeof field !== 'string') return undefined;
    way.unshift(field);
    owner = left;
  }
  // Of an optional value CEL says that it has any field.
  const start = owner.op === 'id' && !isOptional(owner) ? inner(owner) : undefined;
  return (
    start &&
    ((frame) => {
      let value = start(frame);
      for (const field of way) {
        if (value === undefined) return false;
        if (!isFactValue(value) || !Object.hasOwn(Object.getPrototypeOf(value), field)) return unanswered;
        value = (value as Readonly<Record<string, unknown>>)[field];
      }
      return value !== undefined;
    })
  );
}

/**
 * One side that decides makes an error of the other irrelevant. Where the left one has no answer, CEL works it out
 * first: unless that costs next to nothing, its steps must count, and the right one may be such that it is never read.
 */
function either(decides: boolean, left: Run | undefined, right: Run | undefined, isCheap: boolean): Run | undefined {
  if (!left && !(right && isCheap)) return undefined;
  return (frame) => {
    const first = left ? left(frame) : unanswered;
    if (first === decides) return decides;
    if (first !== !decides && !isCheap) return unanswered;
    const second = right ? right(frame) : unanswered;
    if (second === decides) return decides;
    return first === !decides && second === !decides ? !decides : unanswered;
  };
}

/** Without a loop, and without a name whose value is yet to be computed. */
function isCheap(node: Ast, options: DirectOptions): boolean {
  if (node.op === 'id') return !options.isLet(node.args as string);
  if ((node as { readonly meta?: { readonly alternate?: unknown } }).meta?.alternate !== undefined) return false;
  return childrenOf(node).every((each) => isCheap(each, options));
}

const negated = (value: unknown): unknown => (typeof value === 'boolean' ? !value : unanswered);

function listOf(items: readonly (Run | undefined)[]): Run | undefined {
  if (items.some((each) => !each)) return undefined;
  return (frame) => {
    const list: unknown[] = [];
    for (const item of items) {
      const value = (item as Run)(frame);
      if (value === unanswered || value === undefined) return unanswered;
      list.push(value);
    }
    return list;
  };
}

function elementAt(list: unknown, at: unknown): unknown {
  if (isMapLike(list)) return entryAt(list, at) ?? unanswered;
  if (!Array.isArray(list) || typeof at !== 'bigint') return unanswered;
  const value: unknown = list[Number(at)];
  return value === undefined ? unanswered : value;
}

/** As an optional value: of a map that is not there there is no entry. */
function entryAt(map: unknown, key: unknown): unknown {
  if (map === undefined) return undefined;
  return isMapLike(map) && typeof key === 'string' ? entryOf(map, key) : unanswered;
}

/** With texts for keys, as selectors are written. */
function mapOf(pairs: readonly (readonly [Ast, Ast])[], inner: Inner): Run | undefined {
  const entries = pairs.map(([key, value]) => [key.args, isOptional(value) ? undefined : inner(value)] as const);
  if (entries.some(([key, value]) => typeof key !== 'string' || !value)) return undefined;
  return (frame) => {
    const map: Record<string, unknown> = Object.create(null);
    for (const [key, value] of entries) {
      const said = (value as Run)(frame);
      if (said === unanswered || said === undefined) return unanswered;
      map[key as string] = said;
    }
    return map;
  };
}
