// The ways of a trace as a tree: what they share stands once, then it forks. Steps get the numbers that all views show.

import { allBits, type Packet } from '../../models/netfilter/packet.ts';
import type { Branch, Step, Trace } from '../../models/path/trace.ts';
import { address } from './trace-words.ts';

export interface NumberedStep {
  readonly step: Step;
  /** Absent for an idle step: it decides nothing, and a short view leaves it out. */
  readonly number?: number;
  /** What the packet is after this step, where it is another: `DNAT 10.96.0.9:80 → 10.244.2.7:8080`. */
  readonly change: Change | undefined;
}

export interface Change {
  readonly kind: 'DNAT' | 'SNAT' | 'NAT' | 'mark';
  readonly text: string;
  /** What is new in it: an address, a mark. */
  readonly to: string;
}

export interface TraceTree {
  /** What all ways below have in common. */
  readonly steps: readonly NumberedStep[];
  /** Share of the connections that come here. */
  readonly share: number;
  /** What is taken for granted from here on, and was not before. */
  readonly assumed: readonly string[];
  readonly forks: readonly TraceTree[];
  /** Where a way ends: the branch, and its letter. */
  readonly leaf?: { readonly branch: Branch; readonly letter: string; readonly reply: readonly NumberedStep[] };
}

type Numbering = (step: Unnumbered, isQuiet?: boolean) => NumberedStep;

interface Way {
  readonly branch: Branch;
  readonly letter: string;
  readonly steps: readonly Unnumbered[];
  readonly reply: readonly Unnumbered[];
}
type Unnumbered = { readonly step: Step; readonly change: Change | undefined; readonly key: string };

/** `limit`: so many ways at most, the first ones. */
export function treeOf(trace: Trace, limit = Number.POSITIVE_INFINITY): TraceTree {
  const ways = trace.branches.slice(0, limit).map(
    (branch, at): Way => ({
      branch,
      letter: letterOf(at),
      steps: withChanges(branch.steps, { destination: 'DNAT', source: 'SNAT' }),
      // The way back undoes what was translated.
      reply: withChanges(branch.reply ?? [], { destination: 'destination', source: 'source' }),
    }),
  );
  let last = 0;
  const numbered: Numbering = ({ step, change }, isQuiet) =>
    (step.idle && change === undefined) || isQuiet ? { step, change } : { step, change, number: ++last };
  return grow(ways, 0, [], numbered);
}

/** Every leaf, from the first way to the last. */
export function leavesOf(tree: TraceTree): TraceTree[] {
  return tree.leaf ? [tree] : tree.forks.flatMap(leavesOf);
}

function grow(ways: readonly Way[], depth: number, known: readonly string[], numbered: Numbering): TraceTree {
  let shared = depth;
  const [first] = ways;
  while (first?.steps[shared] && ways.every(({ steps }) => steps[shared]?.key === first.steps[shared]?.key))
    shared += 1;
  const steps = (first?.steps.slice(depth, shared) ?? []).map((step) => numbered(step));
  const assumed = (first?.branch.assumptions ?? []).filter(
    (text) => !known.includes(text) && ways.every(({ branch }) => branch.assumptions.includes(text)),
  );
  const all = [...known, ...assumed];
  if (first && ways.length === 1) {
    const { branch, letter } = first;
    const isFine = branch.end.verdict === 'delivered';
    const reply = first.reply.map((step) => numbered(step, isFine && isByTheWay(step)));
    return { steps, share: branch.weight, assumed, forks: [], leaf: { branch, letter, reply } };
  }
  const groups = new Map<string, Way[]>();
  for (const way of ways) {
    const key = way.steps[shared]?.key ?? `end ${way.letter}`;
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  const forks = [...groups.values()].map((group) => grow(group, shared, all, numbered));
  return { steps, share: shareOf(forks), assumed, forks };
}

/** An answer that comes through: its rules only let it pass, and its tunnel was told on the way there. */
const isByTheWay = ({ step, change }: Unnumbered): boolean =>
  (step.rule !== undefined && (change === undefined || change.kind === 'mark')) || step.outer;

/** Dice share the connections among them; of what is only assumed, one holds, and nobody knows which. */
function shareOf(forks: readonly TraceTree[]): number {
  const certain = forks.filter(({ assumed }) => assumed.length === 0).reduce((sum, { share }) => sum + share, 0);
  const byGuess = new Map<string, number>();
  for (const { assumed, share } of forks) {
    const guess = assumed.join('\n');
    if (guess !== '') byGuess.set(guess, (byGuess.get(guess) ?? 0) + share);
  }
  return Math.min(1, certain + Math.max(0, ...byGuess.values()));
}

interface Words {
  readonly destination: string;
  readonly source: string;
}

function withChanges(steps: readonly Step[], words: Words): Unnumbered[] {
  return steps.map((step, at) => {
    const next = steps.slice(at + 1).find(({ outer }) => outer === step.outer);
    const change = next && changeOf(step.packet, next.packet, words);
    // Two ways may share a step and differ in what comes of it.
    return { step, change, key: JSON.stringify([step, change]) };
  });
}

function changeOf(before: Packet, after: Packet, words: Words): Change | undefined {
  const destination = [before, after].map((packet) => address(packet.destination, packet.destinationPort));
  const source = [before, after].map((packet) => address(packet.source, packet.sourcePort));
  const isSourceNew = before.source !== after.source || bothDiffer(before.sourcePort, after.sourcePort);
  const isDestinationNew = destination[0] !== destination[1];
  const texts = [
    isDestinationNew ? `${words.destination} ${destination.join(' → ')}` : '',
    // A local process has no address before the route gives it one: that is no translation.
    !isSourceNew ? '' : before.source === '' ? `from ${source[1]}` : `${words.source} ${source.join(' → ')}`,
  ].filter((text) => text !== '');
  if (texts.length > 0)
    return {
      kind: texts.length > 1 ? 'NAT' : isDestinationNew ? 'DNAT' : 'SNAT',
      text: texts.join(', '),
      to: isDestinationNew ? after.destination : after.source,
    };
  const mark = after.mark;
  if (before.mark.value === mark.value && before.mark.known === mark.known) return undefined;
  const to = mark.known >>> 0 === allBits ? `0x${(mark.value >>> 0).toString(16)}` : 'known in part';
  return { kind: 'mark', text: `mark ${to}`, to };
}

const bothDiffer = (a: number | undefined, b: number | undefined) => a !== undefined && b !== undefined && a !== b;

/** A to Z, then A2 to Z2. */
function letterOf(at: number): string {
  const turn = Math.floor(at / 26);
  return `${String.fromCharCode(65 + (at % 26))}${turn === 0 ? '' : turn + 1}`;
}
