// Moves ways from stop to stop until each has ended or reached somebody, at most 64 of them.

import type { Context } from './context.ts';
import { originate } from './send-out.ts';
import { unsure } from './symptoms.ts';
import { transmit } from './transmit.ts';
import { decapsulate } from './tunnel.ts';
import { isUnseen, throughUnseen } from './unseen-node.ts';
import { enterNode } from './walk-node.ts';
import { ended, type Situation } from './way.ts';

export const mostBranches = 64;
const mostStops = 24;

export interface Finished extends Situation {
  readonly stop: Extract<Situation['stop'], { at: 'reached' | 'ended' }>;
}

export function run(context: Context, starts: readonly Situation[], most = mostBranches): readonly Finished[] {
  const finished: Finished[] = [];
  const left: Situation[] = [];
  const open = [...starts];
  for (let next = open.shift(); next; next = open.shift()) {
    const { way, stop } = next;
    if (stop.at === 'reached' || stop.at === 'ended') finished.push({ way, stop });
    else open.unshift(...advance(context, next));
    const room = most - 1 - finished.length;
    if (open.length > room + 1) left.push(...open.splice(Math.max(room, 0)));
  }
  return left.length === 0 ? finished : [...finished, notFollowed(left)];
}

/** What is too much to follow ends unknown, with its whole weight. */
function notFollowed(left: readonly Situation[]): Finished {
  const weight = left.reduce((sum, { way }) => sum + way.weight, 0);
  const end = unsure(`${left.length} more ways were not followed: there are over ${mostBranches}`);
  const { way, stop } = ended({ ...left[0]!.way, weight }, end);
  return { way, stop: stop as Finished['stop'] };
}

function advance(context: Context, { way, stop }: Situation): readonly Situation[] {
  const key = JSON.stringify([way.node, stop, way.packet.source, way.packet.destination, way.carried.length]);
  if (way.trail.includes(key) || way.trail.length >= mostStops)
    return [ended(way, { verdict: 'loop', symptom: 'timeout', reason: `comes by ${way.node} again and again` })];
  const here = { ...way, trail: [...way.trail, key] };
  if (isUnseen(context, way.node)) return throughUnseen(context, here);
  switch (stop.at) {
    case 'enters':
      return enterNode(context, here, stop);
    case 'originates':
      return originate(context, here, stop.behind);
    case 'leaves':
      return transmit(context, here, stop);
    case 'local':
      if (here.carried.length > 0) return decapsulate(context, here);
      return [{ way: here, stop: { at: 'reached', who: { kind: 'process', node: here.node } } }];
    default:
      return [];
  }
}
