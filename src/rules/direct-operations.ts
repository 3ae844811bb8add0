// Comparisons, methods and loops of expressions that run without the CEL library.

import { spendDirect } from './cel-budget.ts';
import { ownMethod } from './direct-functions.ts';
import { type Frame, type Inner, isMapLike, isOptional, isPlain, type Run, unanswered } from './direct-parts.ts';
import type { Ast } from './expression-reads.ts';

export const sizeOf = (value: unknown): unknown => (Array.isArray(value) ? BigInt(value.length) : unanswered);

const comparisons: Readonly<Record<string, (a: never, b: never) => unknown>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};
const orders: Readonly<Record<string, (a: bigint, b: bigint) => unknown>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const compared = new Set(['in', '+', ...Object.keys(comparisons), ...Object.keys(orders)]);

/** Values of one plain kind: texts, whole numbers, truths. */
export function compare({ op, args }: Ast, inner: Inner): Run | undefined {
  if (!compared.has(op) || !Array.isArray(args) || args.length !== 2 || args.some(isOptional)) return undefined;
  const [left, right] = (args as readonly Ast[]).map((each) => inner(each));
  if (!left || !right) return undefined;
  if (op === 'in') return (frame) => isIn(left(frame), right(frame));
  if (op === '+') return (frame) => joined(left(frame), right(frame));
  const same = comparisons[op];
  if (same) {
    return (frame) => {
      const [a, b] = [left(frame), right(frame)];
      return isPlain(a) && typeof a === typeof b ? same(a as never, b as never) : unanswered;
    };
  }
  const order = orders[op];
  return (
    order &&
    ((frame) => {
      const [a, b] = [left(frame), right(frame)];
      if (typeof a === 'bigint' && typeof b === 'bigint') return order(a, b);
      return a instanceof Date && b instanceof Date ? order(BigInt(a.getTime()), BigInt(b.getTime())) : unanswered;
    })
  );
}

function isIn(value: unknown, of: unknown): unknown {
  if (typeof value !== 'string') return unanswered;
  if (Array.isArray(of)) return of.includes(value);
  return isMapLike(of) ? (of instanceof Map ? of.has(value) : Object.hasOwn(of, value)) : unanswered;
}

function joined(a: unknown, b: unknown): unknown {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  return Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : unanswered;
}

const textMethods: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
};

export function method(node: Ast, loops: readonly string[], inner: Inner): Run | undefined {
  const [name, receiver, args] = node.args as [string, Ast, readonly Ast[]];
  const on = inner(receiver);
  if (!on) return undefined;
  const [first, second] = args;
  if (isOptional(receiver))
    return ofOptional(name, on, args.length, first && !isOptional(first) ? inner(first) : undefined);
  if (name === 'size' && args.length === 0) return (frame) => sizeOf(on(frame));
  const ofText = Object.hasOwn(textMethods, name) ? textMethods[name] : undefined;
  if (ofText && args.length === 1) {
    const part = inner(first);
    return (
      part &&
      ((frame) => {
        const [text, wanted] = [on(frame), part(frame)];
        return typeof text === 'string' && typeof wanted === 'string' ? ofText(text, wanted) : unanswered;
      })
    );
  }
  const own = ownMethod(name, on, args, inner);
  if (own) return own;
  if (args.length !== 2 || first?.op !== 'id' || !second || isOptional(second)) return undefined;
  const body = inner(second, [...loops, first.args as string]);
  return body && loopOf(name, on, loops.length, body);
}

function ofOptional(name: string, on: Run, count: number, otherwise: Run | undefined): Run | undefined {
  if (name === 'hasValue' && count === 0) return (frame) => known(on(frame), (value) => value !== undefined);
  if (name !== 'orValue' || !otherwise) return undefined;
  return (frame) => known(on(frame), (value) => (value === undefined ? otherwise(frame) : value));
}

const known = (value: unknown, use: (value: unknown) => unknown): unknown =>
  value === unanswered ? unanswered : use(value);

/** Each round counts as one step, as it does in CEL. */
function loopOf(name: string, on: Run, slot: number, body: Run): Run | undefined {
  const over = (frame: Frame, each: (result: unknown, value: unknown) => 'stop' | undefined): boolean => {
    const held = on(frame);
    // Of a map CEL goes through the keys.
    const list = isMapLike(held) ? (held instanceof Map ? [...held.keys()] : Object.keys(held)) : held;
    if (!Array.isArray(list)) return false;
    for (const value of list) {
      if (value === undefined) return false;
      spendDirect(1);
      frame.locals[slot] = value;
      if (each(body(frame), value) === 'stop') return true;
    }
    return true;
  };
  switch (name) {
    case 'exists':
    case 'all': {
      const decides = name === 'exists';
      return (frame) => {
        let result: unknown = !decides;
        const done = over(frame, (said) => {
          if (typeof said !== 'boolean') result = unanswered;
          if (said !== decides) return undefined;
          result = decides;
          return 'stop';
        });
        return done ? result : unanswered;
      };
    }
    case 'filter':
    case 'map': {
      return (frame) => {
        const kept: unknown[] = [];
        let sure = true;
        const done = over(frame, (said, value) => {
          if (name === 'map') kept.push(said);
          else if (said === true) kept.push(value);
          sure = name === 'map' ? said !== unanswered && said !== undefined : typeof said === 'boolean';
          return sure ? undefined : 'stop';
        });
        return done && sure ? kept : unanswered;
      };
    }
    default:
      return undefined;
  }
}
