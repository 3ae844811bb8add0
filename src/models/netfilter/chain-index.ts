// Finds the rules of a long chain that may match a packet, by its addresses and port: the others are certain not to.

import { plainText } from './address.ts';
import type { Packet } from './packet.ts';
import type { Rule } from './ruleset.ts';

export interface CandidateIndex {
  /** Rules from this one on (counted from 0) that may match, in their order. */
  after(start: number, packet: Packet): Generator<{ readonly at: number; readonly rule: Rule }>;
}

/** Below this a chain is read from top to bottom. */
const worthwhile = 16;

const address = /^(?:\d+\.\d+\.\d+\.\d+|[0-9a-f:]*:[0-9a-f:]*)$/;

/** The one value that a packet must have here; what is unknown elsewhere in the rule cannot make it match. */
function keyOf({ value }: Rule): string | undefined {
  const { destination, destinationNegated, destinationPort, destinationPortNegated, source, sourceNegated } = value;
  const hidden = value.hidden.length > 0 ? value.hidden : undefined;
  if (destination !== undefined && !destinationNegated && address.test(destination))
    return `d${plainText(destination)}`;
  if (source !== undefined && !sourceNegated && address.test(source)) return `s${plainText(source)}`;
  const port = destinationPort !== undefined && !destinationPortNegated && !hidden?.includes('destinationPort');
  return port && /^\d+$/.test(destinationPort) ? `p${destinationPort}` : undefined;
}

export function indexRules(rules: readonly Rule[]): CandidateIndex {
  const buckets = new Map<string, number[]>();
  /** By the first letter of their key, for a packet of which that is not known. */
  const kinds: Record<string, number[]> = { d: [], s: [], p: [] };
  const general: number[] = [];
  if (rules.length >= worthwhile) {
    for (const [at, rule] of rules.entries()) {
      const key = keyOf(rule);
      if (key === undefined) {
        general.push(at);
        continue;
      }
      kinds[key[0]!]!.push(at);
      const bucket = buckets.get(key);
      if (bucket) bucket.push(at);
      else buckets.set(key, [at]);
    }
  }
  const none: readonly number[] = [];
  return {
    *after(start, { destination, source, destinationPort }) {
      if (buckets.size === 0) {
        for (let at = start; at < rules.length; at += 1) yield { at, rule: rules[at]! };
        return;
      }
      const found = [
        general,
        (destination === '' ? kinds.d : buckets.get(`d${destination}`)) ?? none,
        (source === '' ? kinds.s : buckets.get(`s${source}`)) ?? none,
        (destinationPort === undefined ? kinds.p : buckets.get(`p${destinationPort}`)) ?? none,
      ].flat();
      for (const at of found.sort((one, two) => one - two)) if (at >= start) yield { at, rule: rules[at]! };
    },
  };
}
