// One way through the rules while it is walked: the packet as it is now, what was assumed, and the steps so far.

import type { Hook, Step } from '../path/trace.ts';
import type { HookContext } from './match-context.ts';
import type { Connection, Packet } from './packet.ts';
import type { Chain, Rule } from './ruleset.ts';

/** Steps as a list that branches share, the last one first. */
export interface Trail {
  readonly step: Step;
  /** Depth of calls: what a jump leads to lies deeper than the jump. */
  readonly depth: number;
  readonly before: Trail | undefined;
}

export interface Flow {
  readonly packet: Packet;
  readonly connection: Connection;
  readonly weight: number;
  readonly assumptions: readonly string[];
  readonly trail: Trail | undefined;
}

/** `return`: the chain came to its end, or a rule left it. */
export type End = 'return' | 'accept' | 'drop' | 'unknown' | { readonly reject: string };

export interface Outcome {
  readonly flow: Flow;
  readonly end: End;
}

/** What one walk of a hook carries along. */
export interface Walk extends HookContext {
  /** True before connection tracking has looked at the packet. */
  readonly untracked: boolean;
  /** Ways that were opened so far; when a limit is reached, a way ends as unknown. */
  readonly opened: { byAssumption: number; byDice: number };
  /** Chains that are being walked, against loops. */
  readonly stack: readonly string[];
}

export const limits = { byAssumption: 64, byDice: 4096, depth: 128 };

export const assume = (flow: Flow, assumptions: readonly string[]): Flow => ({
  ...flow,
  assumptions: [...flow.assumptions, ...assumptions.filter((text) => !flow.assumptions.includes(text))],
});

export const unknownEnd = (flow: Flow, why: string): Outcome => ({ flow: assume(flow, [why]), end: 'unknown' });

interface StepText {
  readonly kind: 'rule' | 'return' | 'policy';
  readonly number: number;
  readonly text: string;
  readonly effect: string;
  readonly idle: boolean;
}

export function addStep(flow: Flow, walk: Walk, chain: Chain, words: StepText, rule?: Rule): Flow {
  const { kind, number, text, effect, idle } = words;
  const { table } = chain;
  const counted = rule ? rule.value.packets : kind === 'policy' ? chain.policyPackets : undefined;
  const step: Step = {
    node: walk.node,
    stage: 'rule',
    rule: {
      hook: walk.hook as Hook,
      ...(table.backend !== undefined && { backend: table.backend }),
      table: table.name,
      chain: chain.name,
      kind,
      number,
      text,
    },
    effect,
    packet: flow.packet,
    outer: walk.outer,
    idle,
    place: rule?.place ?? chain.place,
    ...(counted !== undefined && { counted }),
  };
  return { ...flow, trail: { step, depth: walk.stack.length, before: flow.trail } };
}

/** In their order; a jump that led to nothing is as idle as what it led to. */
export function stepsOf(trail: Trail | undefined): Step[] {
  const found: Trail[] = [];
  for (let each = trail; each; each = each.before) found.push(each);
  found.reverse();
  const steps: Step[] = [];
  for (const [at, { step }] of found.entries()) {
    if (step.idle || !/^(jump|goto) /.test(step.effect)) {
      steps.push(step);
      continue;
    }
    steps.push(leadsNowhere(found, at) ? { ...step, idle: true } : step);
  }
  return steps;
}

/** All that lies deeper than the jump is idle, and the way comes back from there. */
function leadsNowhere(found: readonly Trail[], at: number): boolean {
  const { depth } = found[at]!;
  let next = at + 1;
  for (; next < found.length && found[next]!.depth > depth; next += 1) {
    const { step } = found[next]!;
    if (!step.idle && !/^(jump|goto) /.test(step.effect)) return false;
  }
  return next < found.length;
}
