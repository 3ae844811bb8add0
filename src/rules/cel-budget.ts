// Bounds one evaluation by its steps, not by time: the same rule on the same bundle ends at the same place everywhere.

import type { Ast } from './expression-reads.ts';

/** Kubernetes ends a call at a cost of 1,000,000. Rules in use take 20,000 steps at most in the largest bundles we have. */
const mostSteps = 2_000_000;
/** Rules in use nest three deep; each level is a power of the length of a list. */
export const mostNested = 6;

let steps = 0;
let depth = 0;
/** Steps of a direct run that has not answered yet: CEL will make them again. */
let tried = 0;

const spent = () => new Error(`stopped after ${mostSteps} steps: a list is gone through inside of another`);

/** Runs an expression in a scope; what it reads of `let` counts as its own. */
export function withinBudget<T>(run: (scope: object) => T, scope: object): T {
  if (depth === 0) steps = 0;
  depth += 1;
  try {
    const result = run(scope);
    // `exists` and `||` swallow an error beside something that is true.
    if (steps > mostSteps) throw spent();
    return result;
  } finally {
    depth -= 1;
  }
}

/** Counts what a function does at one go, e.g. the values of a list it makes. */
export function spend(count: number): void {
  steps += count;
  if (steps > mostSteps) throw spent();
}

/** Counts a round of a loop that does not run in CEL. */
export function spendDirect(count: number): void {
  tried += count;
  spend(count);
}

/** Runs without CEL first; steps that came to no answer are not counted twice. */
export function directFirst(direct: Runner, unanswered: unknown, inCel: Runner): Runner {
  return (scope) => {
    const before = tried;
    try {
      const result = direct(scope);
      if (result !== unanswered) return result;
      steps -= tried - before;
    } finally {
      tried = before;
    }
    return inCel(scope);
  };
}

type Runner = (scope: object) => unknown;

/** A node as the CEL library makes it; a macro has its loop under `alternate`. */
interface Node extends Ast {
  readonly meta?: { readonly alternate?: { readonly op: string; readonly args: unknown } };
}
type Evaluate = (evaluator: unknown, node: unknown, context: unknown) => unknown;
interface Step {
  readonly meta: { readonly evaluate: Evaluate };
  setMeta(name: 'evaluate', evaluate: Evaluate): unknown;
}

/** Makes each round of each loop count. To be called once, between the check and the first run. */
export function countSteps(ast: Ast): void {
  for (const node of nodesOf(ast)) {
    const loop = (node as Node).meta?.alternate;
    if (loop?.op !== 'comprehension') continue;
    const { step } = loop.args as { readonly step: Step };
    const { evaluate } = step.meta;
    step.setMeta('evaluate', (evaluator, self, context) => {
      spend(1);
      return evaluate(evaluator, self, context);
    });
  }
}

/** The first loop that stands too deep in others. */
export function tooDeep(ast: Ast, above = 0): Ast | undefined {
  const isLoop = (ast as Node).meta?.alternate?.op === 'comprehension';
  const here = above + (isLoop ? 1 : 0);
  if (here > mostNested) return ast;
  for (const inner of childrenOf(ast)) {
    const found = tooDeep(inner, here);
    if (found) return found;
  }
  return undefined;
}

function* nodesOf(ast: Ast): Generator<Ast> {
  const left = [ast];
  for (let node = left.pop(); node; node = left.pop()) {
    yield node;
    left.push(...childrenOf(node));
  }
}

/** The nodes right below a node. */
export function childrenOf({ args }: Ast): Ast[] {
  const found: Ast[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) look(each);
    else if (typeof value === 'object' && value !== null && 'op' in value && 'args' in value) found.push(value as Ast);
  };
  look(args);
  return found;
}
