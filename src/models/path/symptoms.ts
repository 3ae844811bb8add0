// What the client sees of each way to fail, in the words of connect(2).

import type { End, Verdict } from './trace.ts';
import { ended, type Situation, suppose, type Way } from './way.ts';

export const timeout = 'timeout';

/** By the message that a node sends back, as REJECT names it; from the table of the kernel (icmp_err_convert). */
export function symptomOfReject(kind: string): { readonly verdict: Verdict; readonly symptom: string } {
  const name = kind.replace(/^icmp6?x?-/, '');
  if (name === 'port-unreachable' || name === 'tcp-reset' || name === 'tcp reset')
    return { verdict: 'refused', symptom: 'ECONNREFUSED' };
  if (name === 'net-unreachable' || name === 'no-route' || name === 'net-prohibited')
    return { verdict: 'unreachable', symptom: 'ENETUNREACH' };
  if (name === 'proto-unreachable') return { verdict: 'prohibited', symptom: 'ENOPROTOOPT' };
  return { verdict: 'prohibited', symptom: 'EHOSTUNREACH' };
}

export const lost = (reason: string): Omit<End, 'node'> => ({ verdict: 'lost', symptom: timeout, reason });

export const unsure = (reason: string): Omit<End, 'node'> => ({ verdict: 'unknown', symptom: '', reason });

/**
 * Nobody answers for the address on the last network. The node that asks gives up after three seconds and says so;
 * a client that waits shorter sees a timeout.
 */
export function nobodyAnswers(way: Way, reason: string): readonly Situation[] {
  const { holds, fails } = suppose(way, 'the client gives up before the node finds out that nobody answers');
  return [
    ...holds.map((each) => ended(each, { verdict: 'black-holed', symptom: timeout, reason })),
    ...fails.map((each) => ended(each, { verdict: 'black-holed', symptom: 'EHOSTUNREACH', reason })),
  ];
}
