// Walks a packet through a chain: rule by rule, with forks where dice decide or the bundle does not show enough.

import { applyTarget, isKnownTarget, isSideEffectFree } from './apply-target.ts';
import { addStep, assume, type End, type Flow, limits, type Outcome, unknownEnd, type Walk } from './flow.ts';
import { alternatives, settle } from './kleene.ts';
import { ruleName, type Subject } from './match-context.ts';
import { matchRule } from './match-rule.ts';
import { mergeWays } from './merge-ways.ts';
import { type Chain, indexOf, type Rule } from './ruleset.ts';
import { lookUpVerdict, type MapVerdict } from './verdict-map.ts';

/** A base chain to its verdict: what comes back out of it, the policy decides. */
export function walkBaseChain(chain: Chain, flow: Flow, walk: Walk): Outcome[] {
  const outcomes = walkRules(chain, 0, flow, { ...walk, stack: [chain.name] }).map((outcome) => {
    if (outcome.end !== 'return') return outcome;
    const policy = chain.policy ?? 'ACCEPT';
    const words = {
      kind: 'policy' as const,
      number: chain.rules.length + 1,
      text: `policy ${policy}`,
      effect: `policy ${policy}`,
      idle: policy !== 'DROP',
    };
    const end: End = policy === 'DROP' ? 'drop' : 'accept';
    return { flow: addStep(outcome.flow, { ...walk, stack: [chain.name] }, chain, words), end };
  });
  return mergeWays(outcomes);
}

/** From the rule at `start` (counted from 0) to the end of the chain. */
function walkRules(chain: Chain, start: number, entered: Flow, walk: Walk): Outcome[] {
  const outcomes: Outcome[] = [];
  let flow = entered;
  for (const { at, rule } of indexOf(chain).after(start, flow.packet)) {
    const subject = subjectOf(rule, flow, walk);
    const { truth, share = 1 } = matchRule(subject);
    const settled = settle(truth, flow.assumptions);
    if (settled === false || share <= 0) continue;
    const map = rule.value.target === 'vmap' ? lookUpVerdict(subject) : undefined;
    if (map && 'verdicts' in map && map.verdicts.length === 0) continue;

    let taken: Flow = flow;
    let missed: Flow | undefined;
    if (settled !== true) {
      if (isSideEffectFree(rule)) continue;
      const { holds, fails, only } = alternatives(settled);
      if (only === 'fails') {
        flow = assume(flow, fails);
        continue;
      }
      taken = assume(flow, holds);
      if (only === undefined) {
        walk.opened.byAssumption += 1;
        if (walk.opened.byAssumption > limits.byAssumption)
          return mergeWays([...outcomes, tooMany(chain, at, flow, walk)]);
        missed = assume(flow, fails);
      }
    }
    if (share < 1) {
      if (isSideEffectFree(rule)) continue;
      walk.opened.byDice += 1;
      if (walk.opened.byDice > limits.byDice) return mergeWays([...outcomes, tooMany(chain, at, flow, walk)]);
      // With dice and an assumption there are three ways; those that miss go on apart.
      const unlucky = { ...taken, weight: taken.weight * (1 - share) };
      if (missed) outcomes.push(...walkRules(chain, at + 1, unlucky, walk));
      missed ??= unlucky;
      taken = { ...taken, weight: taken.weight * share };
    }
    const onward: Flow[] = [];
    for (const outcome of takeRule(chain, rule, taken, walk, map, share)) {
      if (outcome.end === 'next') onward.push(outcome.flow);
      else outcomes.push(outcome as Outcome);
    }
    if (missed) onward.push(missed);
    const last = onward.pop();
    if (!last) return mergeWays(outcomes);
    for (const each of onward) outcomes.push(...walkRules(chain, at + 1, each, walk));
    flow = last;
  }
  return mergeWays([...outcomes, { flow: leave(chain, flow, walk), end: 'return' }]);
}

const subjectOf = (rule: Rule, { packet, connection }: Flow, walk: Walk): Subject => ({
  rule,
  packet,
  connection,
  context: walk,
  untracked: walk.untracked,
});

/** The kernel shows the end of a user chain, not that of a base chain: there the policy follows. */
function leave(chain: Chain, flow: Flow, walk: Walk): Flow {
  if (walk.stack.length <= 1) return flow;
  const words = {
    kind: 'return' as const,
    number: chain.rules.length + 1,
    text: '',
    effect: 'end of chain',
    idle: true,
  };
  return addStep(flow, walk, chain, words);
}

/** `next`: the rule after this one. */
type Taken = { readonly flow: Flow; readonly end: End | 'next' };

function takeRule(
  chain: Chain,
  rule: Rule,
  flow: Flow,
  walk: Walk,
  map: ReturnType<typeof lookUpVerdict> | undefined,
  share: number,
): readonly Taken[] {
  const { target } = rule.value;
  if (map) {
    if ('why' in map) return [unknownEnd(flow, map.why)];
    return map.verdicts.flatMap((verdict) => takeVerdict(chain, rule, flow, walk, verdict));
  }
  if (target !== undefined && (chain.table.chains.has(target) || !isKnownTarget(target))) {
    if (!chain.table.chains.has(target) && /^[A-Z0-9]+$/.test(target) && chain.table.complete) {
      return unknownTarget(chain, rule, flow, walk);
    }
    return callChain(chain, rule, target, rule.value.goto, flow, walk, share);
  }
  return applyTarget(rule, flow, walk).map(({ packet, connection, share: part, effect, end, why }) => {
    const stepped = ruleStep(
      chain,
      rule,
      flow,
      walk,
      withShare(effect, share * part),
      end === undefined && packet === flow.packet,
    );
    const next = { ...stepped, packet, connection, weight: flow.weight * part };
    return { flow: why === undefined ? next : assume(next, [why]), end: end ?? 'next' };
  });
}

const withShare = (effect: string, share: number) =>
  share >= 1 ? effect : `${effect} (${Number((share * 100).toPrecision(3))} %)`;

function ruleStep(chain: Chain, rule: Rule, flow: Flow, walk: Walk, effect: string, idle: boolean): Flow {
  const { position: number, value } = rule;
  return addStep(flow, walk, chain, { kind: stepKind(rule, walk), number, text: value.text, effect, idle }, rule);
}

/** The kernel's label for a verdict without any match: in a base chain it looks like the policy, else like the end. */
function stepKind({ table, value }: Rule, walk: Walk): 'rule' | 'return' | 'policy' {
  const { target = '', unconditional, comment, recent, text } = value;
  const plain = unconditional && comment === undefined && !recent && !/ -m |nfacct/.test(text);
  const legacy = table.backend === undefined || table.backend === 'legacy';
  if (!legacy || !plain || value.goto || !['ACCEPT', 'DROP', 'RETURN'].includes(target)) return 'rule';
  return walk.stack.length <= 1 ? 'policy' : 'return';
}

/** Of a verdict map. */
function takeVerdict(
  chain: Chain,
  rule: Rule,
  flow: Flow,
  walk: Walk,
  { verdict, share }: MapVerdict,
): readonly Taken[] {
  const part = { ...flow, weight: flow.weight * share };
  const [action, to] = verdict.split(' ');
  if ((action === 'goto' || action === 'jump') && to !== undefined) {
    return callChain(chain, rule, to, action === 'goto', part, walk, share);
  }
  const ends: Readonly<Record<string, End | 'next'>> = {
    accept: 'accept',
    drop: 'drop',
    return: 'return',
    continue: 'next',
  };
  const end = ends[action!];
  if (end === undefined)
    return [unknownEnd(part, `verdict ${verdict} of rule ${ruleName({ rule, context: walk })} cannot be read`)];
  return [{ flow: ruleStep(chain, rule, part, walk, withShare(verdict, share), end === 'next'), end }];
}

/** A target of an extension that is not known here may end the packet, or not. */
function unknownTarget(chain: Chain, rule: Rule, flow: Flow, walk: Walk): readonly Taken[] {
  const stepped = ruleStep(chain, rule, flow, walk, `${rule.value.target} (not known)`, false);
  const atom = `target ${rule.value.target} of rule ${ruleName({ rule, context: walk })} lets the packet go on`;
  walk.opened.byAssumption += 1;
  return [
    { flow: assume(stepped, [`not: ${atom}`]), end: 'drop' },
    { flow: assume(stepped, [atom]), end: 'next' },
  ];
}

function callChain(
  chain: Chain,
  rule: Rule,
  name: string,
  goto: boolean,
  flow: Flow,
  walk: Walk,
  share: number,
): readonly Taken[] {
  const stepped = ruleStep(chain, rule, flow, walk, withShare(`${goto ? 'goto' : 'jump'} ${name}`, share), false);
  const callee = chain.table.chains.get(name);
  if (!callee) {
    // A whole dump without the chain contradicts itself: the chain can only be empty.
    if (chain.table.complete) return [{ flow: stepped, end: goto ? 'return' : 'next' }];
    return [unknownEnd(stepped, `chain ${name} of table ${chain.table.name} is not in the dump`)];
  }
  if (walk.stack.includes(name) || walk.stack.length > limits.depth) {
    return [unknownEnd(stepped, `chain ${name} of table ${chain.table.name} leads back to itself`)];
  }
  const outcomes = walkRules(callee, 0, stepped, { ...walk, stack: [...walk.stack, name] });
  // After `goto` the way back leads past this chain, to who called it.
  return outcomes.map(({ flow: after, end }) => ({ flow: after, end: end === 'return' && !goto ? 'next' : end }));
}

/** One way for all that are not followed: what can still come of it is named. */
function tooMany(chain: Chain, at: number, flow: Flow, walk: Walk): Outcome {
  const verdicts = [...possibleVerdicts(chain, at, new Set())].sort().join(', ');
  const where = [walk.node, chain.table.name, chain.name, at + 1].filter((part) => part !== '').join(' ');
  return unknownEnd(
    flow,
    `too many ways to follow from ${where} on; what may come of them: ${verdicts}, or the policy`,
  );
}

function possibleVerdicts({ rules, table }: Chain, from: number, seen: Set<string>): Set<string> {
  const found = new Set<string>();
  for (const { value } of rules.slice(from)) {
    const { target = '' } = value;
    const callee = table.chains.get(target);
    if (!callee && /^(ACCEPT|DROP|REJECT|DNAT|SNAT|MASQUERADE|REDIRECT)$/.test(target)) found.add(target);
    if (!callee || seen.has(target)) continue;
    seen.add(target);
    for (const verdict of possibleVerdicts(callee, 0, seen)) found.add(verdict);
  }
  return found;
}
