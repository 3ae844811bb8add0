// One way of a packet while it is walked: where it is, what it looks like, what was taken for granted so far.

import { opposite } from '../netfilter/kleene.ts';
import { type Connection, noMark, type Packet } from '../netfilter/packet.ts';
import type { PodOfCluster } from './cluster.ts';
import type { End, Step } from './trace.ts';

export interface Tuple {
  readonly source: string;
  readonly sourcePort?: number;
  readonly destination: string;
  readonly destinationPort?: number;
}

/** How a node that the connection went through translated it: what its connection tracking keeps. */
export interface Passage {
  readonly node: string;
  readonly before: Tuple;
  readonly after: Tuple;
}

/** A packet that travels inside of another one. */
export interface Carried {
  readonly packet: Packet;
  readonly entered: Tuple;
  readonly tunnel: { readonly device: string; readonly kind: string; readonly id?: number; readonly port?: number };
}

export interface Way {
  readonly weight: number;
  readonly assumptions: readonly string[];
  readonly steps: readonly Step[];
  readonly packet: Packet;
  readonly connection: Connection;
  readonly node: string;
  /** What the packet looked like when it came to this node. */
  readonly entered: Tuple;
  readonly carried: readonly Carried[];
  readonly passed: readonly Passage[];
  /** Where it has been: the same twice is a loop. */
  readonly trail: readonly string[];
  /** Of an answer: how the nodes translated the question. */
  readonly answers?: readonly Passage[];
}

export type Stop =
  /** Comes in by a device; of a bridge, by one of its ports. */
  | {
      readonly at: 'enters';
      readonly device: string;
      readonly port?: string;
      readonly bridged: boolean;
      /** Address of the pod that sends it, where it comes right from one. */
      readonly sender?: string;
    }
  /** A local process, or a tunnel device (`behind`), sends it. */
  | { readonly at: 'originates'; readonly behind?: string }
  /** Let in by the input hook. */
  | { readonly at: 'local' }
  /** Past postrouting: to be put on this device. */
  | {
      readonly at: 'leaves';
      readonly device: string;
      readonly gateway?: string;
      readonly bridged: boolean;
      readonly sender?: string;
    }
  | { readonly at: 'reached'; readonly who: Receiver }
  | { readonly at: 'ended'; readonly end: End };

export type Receiver =
  | { readonly kind: 'pod'; readonly pod?: PodOfCluster; readonly address: string }
  | { readonly kind: 'process'; readonly node: string }
  | { readonly kind: 'outside' };

export interface Situation {
  readonly way: Way;
  readonly stop: Stop;
}

export function tupleOf({ source, sourcePort, destination, destinationPort }: Packet): Tuple {
  return {
    source,
    destination,
    ...(sourcePort !== undefined && { sourcePort }),
    ...(destinationPort !== undefined && { destinationPort }),
  };
}

export function tupleText({ source, sourcePort, destination, destinationPort }: Tuple): string {
  return `${endText(source, sourcePort)} → ${endText(destination, destinationPort)}`;
}

export function endText(address: string, port: number | undefined): string {
  if (port === undefined) return address || '?';
  return address.includes(':') ? `[${address}]:${port}` : `${address || '?'}:${port}`;
}

export function newConnection({ source, destination, destinationPort }: Packet): Connection {
  return {
    state: 'NEW',
    mark: noMark,
    original: { source, destination, ...(destinationPort !== undefined && { destinationPort }) },
    destinationDecided: false,
    sourceDecided: false,
    destinationTranslated: false,
    sourceTranslated: false,
  };
}

export function withStep(way: Way, stage: Step['stage'], effect: string, more: Partial<Step> = {}): Way {
  const step: Step = {
    node: way.node,
    stage,
    effect,
    packet: way.packet,
    outer: way.carried.length > 0,
    idle: false,
    ...more,
  };
  return { ...way, steps: [...way.steps, step] };
}

/** Both ways on from something that the bundle does not say; only one where it was assumed before. */
export function suppose(way: Way, atom: string): { readonly holds: readonly Way[]; readonly fails: readonly Way[] } {
  const other = opposite(atom);
  if (way.assumptions.includes(atom)) return { holds: [way], fails: [] };
  if (way.assumptions.includes(other)) return { holds: [], fails: [way] };
  const assume = (text: string): Way => ({ ...way, assumptions: [...way.assumptions, text] });
  return { holds: [assume(atom)], fails: [assume(other)] };
}

/** Like `suppose`, but only where it is not known. */
export function decide(way: Way, known: boolean | undefined, atom: string): ReturnType<typeof suppose> {
  if (known === undefined) return suppose(way, atom);
  return known ? { holds: [way], fails: [] } : { holds: [], fails: [way] };
}

/** Takes something for granted that nobody would doubt, and says so. */
export function granted(way: Way, text: string): Way {
  return way.assumptions.includes(text) ? way : { ...way, assumptions: [...way.assumptions, text] };
}

export function ended(way: Way, end: Omit<End, 'node'>): Situation {
  return { way, stop: { at: 'ended', end: { node: way.node, ...end } } };
}
