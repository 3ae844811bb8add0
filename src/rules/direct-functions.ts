// Own functions that rules ask for most, called without the CEL library: with values of the kinds they are declared for.

import { type Inner, isOptional, type Run, unanswered } from './direct-parts.ts';
import type { Ast } from './expression-reads.ts';
import { addressFunctions } from './functions/addresses.ts';
import { kubernetesFunctions } from './functions/kubernetes.ts';
import { matchesInside, textFunctions } from './functions/texts.ts';

type Handler = (...args: unknown[]) => unknown;

const handlers = new Map(
  [textFunctions, addressFunctions, kubernetesFunctions]
    .flatMap(({ functions }) => functions)
    .map(({ signature, handler }) => [signature, handler as Handler]),
);

function handlerOf(signature: string): Handler {
  const handler = handlers.get(signature);
  if (!handler) throw new Error(`no function ${signature}`);
  return handler;
}

/** Of texts. */
const textMethods: ReadonlyMap<string, Handler> = new Map([
  [matchesInside, handlerOf(`string.${matchesInside}(string): bool`)],
  ['find', handlerOf('string.find(string): string')],
  ['captures', handlerOf('string.captures(string): map<string, string>')],
]);
const textFunction: ReadonlyMap<string, Handler> = new Map([
  ['matches', handlerOf('matches(string, string): bool')],
  ['isIP', handlerOf('isIP(string): bool')],
]);
const selects = handlerOf('selectorMatches(dyn, dyn): bool');

/** `text.matches(pattern)`, `text.find(pattern)`, `text.captures(pattern)`. */
export function ownMethod(name: string, on: Run, args: readonly Ast[], inner: Inner): Run | undefined {
  const handler = args.length === 1 ? textMethods.get(name) : undefined;
  return handler && called(handler, [on, ...runsOf(args, inner)], 2, isText);
}

export function ownFunction(name: string, args: readonly Ast[], inner: Inner): Run | undefined {
  if (name === 'selectorMatches') return called(selects, runsOf(args, inner), 2, isThere);
  const handler = textFunction.get(name);
  return handler && called(handler, runsOf(args, inner), name === 'matches' ? 2 : 1, isText);
}

const runsOf = (args: readonly Ast[], inner: Inner): Run[] =>
  args.flatMap((each) => (isOptional(each) ? undefined : inner(each)) ?? []);

const isText = (value: unknown): boolean => typeof value === 'string';
const isThere = (value: unknown): boolean => value !== undefined && value !== unanswered;

/** What a handler throws CEL says in its own words. */
function called(
  handler: Handler,
  runs: readonly Run[],
  count: number,
  fits: (value: unknown) => boolean,
): Run | undefined {
  if (runs.length !== count) return undefined;
  return (frame) => {
    const values: unknown[] = [];
    for (const run of runs) {
      const value = run(frame);
      if (!fits(value)) return unanswered;
      values.push(value);
    }
    try {
      return handler(...values);
    } catch {
      return unanswered;
    }
  };
}
