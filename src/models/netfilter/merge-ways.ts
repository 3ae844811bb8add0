// Ways that end alike are one way: what was assumed to tell them apart did not matter.

import type { End, Flow, Outcome } from './flow.ts';
import { withoutContradiction } from './kleene.ts';

const endText = (end: End) => (typeof end === 'string' ? end : `reject ${end.reject}`);

/** Equal for two ways that go on in the same manner. */
export const stateKey = ({ flow, end }: Outcome) =>
  `${endText(end)} ${JSON.stringify(flow.packet)} ${JSON.stringify(flow.connection)}`;

export function mergeWays(outcomes: readonly Outcome[]): Outcome[] {
  if (outcomes.length < 2 || outcomes.every(({ flow }) => flow.assumptions.length === 0)) return [...outcomes];
  const merged: Outcome[] = [];
  const groups = new Map<string, number[]>();
  for (const outcome of outcomes) {
    let next = outcome;
    const key = stateKey(outcome);
    const places = groups.get(key) ?? [];
    groups.set(key, places);
    // A merge may make the next one possible: A and B, A and not B, not A.
    for (let again = true; again; ) {
      again = false;
      for (const [index, place] of places.entries()) {
        const joined = join(merged[place]!, next);
        if (!joined) continue;
        places.splice(index, 1);
        merged.splice(place, 1);
        for (const list of groups.values())
          for (const [at, each] of list.entries()) if (each > place) list[at] = each - 1;
        next = joined;
        again = true;
        break;
      }
    }
    places.push(merged.length);
    merged.push(next);
  }
  return merged;
}

function join(one: Outcome, two: Outcome): Outcome | undefined {
  if (Math.abs(one.flow.weight - two.flow.weight) > 1e-12) return undefined;
  const common = withoutContradiction(one.flow.assumptions, two.flow.assumptions);
  if (!common) return undefined;
  const shorter = length(one.flow) <= length(two.flow) ? one : two;
  return { end: shorter.end, flow: { ...shorter.flow, assumptions: common } };
}

function length({ trail }: Flow): number {
  let count = 0;
  for (let each = trail; each; each = each.before) count += 1;
  return count;
}

/** The same ways, whatever the steps: for two orders of chains that may make no difference. */
export function sameWays(one: readonly Outcome[], two: readonly Outcome[]): boolean {
  const text = (outcomes: readonly Outcome[]) =>
    outcomes
      .map((each) => {
        const ended = each.end !== 'accept' ? endText(each.end) : stateKey(each);
        return `${ended} ${each.flow.weight} ${[...each.flow.assumptions].sort().join()}`;
      })
      .sort()
      .join('\n');
  return text(one) === text(two);
}
