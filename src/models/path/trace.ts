// What a trace says: the ways a packet may take, each step with its line, and where each ends. Plain data: the JSON of `drydock trace`.

import type { Packet } from '../netfilter/packet.ts';

export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

export interface Query {
  /** As asked: `pod shop/web-0`, `node worker-1`, `10.0.0.7`. */
  readonly from: string;
  /** As asked: `service shop/cart:80`, `10.96.0.1:443`, `node worker-1:30080`. */
  readonly to: string;
  readonly protocol: string;
  /** Name of the node at which a packet from outside comes in, where somebody named one. */
  readonly node?: string;
  /** Port the client sends from; absent means that any will do. */
  readonly sourcePort?: number;
  /** Size of an IP packet that must not be cut into fragments; absent for the small first one of a connection. */
  readonly lengthBytes?: number;
}

export interface Place {
  readonly path: string;
  readonly first: number;
  readonly last: number;
}

/** One thing that happens to the packet. */
export interface Step {
  /** Node it happens on; empty outside of the cluster. */
  readonly node: string;
  readonly stage:
    | 'start'
    | 'rule'
    | 'route'
    | 'translate'
    | 'bridge'
    | 'tunnel'
    | 'neighbour'
    | 'wire'
    | 'local'
    | 'note';
  /** Of a rule: where in the packet filter. The kernel's own TRACE calls the same `table:chain:kind:number`. */
  readonly rule?: {
    readonly hook: Hook;
    readonly backend?: string;
    readonly table: string;
    readonly chain: string;
    readonly kind: 'rule' | 'return' | 'policy';
    readonly number: number;
    readonly text: string;
  };
  /** What happened, in words: `DNAT 10.96.12.34:80 → 10.244.2.2:8080`. */
  readonly effect: string;
  /** The packet as it comes to this step. */
  readonly packet: Packet;
  /** True for steps of the outer packet of a tunnel. */
  readonly outer: boolean;
  /** True where nothing changed and nothing was decided: a short view leaves it out. */
  readonly idle: boolean;
  readonly place?: Place;
  /** Packets that the rule counted, where the dump has counters. */
  readonly counted?: number;
}

export type Verdict =
  | 'delivered'
  | 'refused'
  | 'prohibited'
  | 'unreachable'
  | 'dropped'
  | 'black-holed'
  | 'loop'
  | 'lost'
  | 'not-visible'
  | 'unknown';

export interface End {
  readonly verdict: Verdict;
  readonly node: string;
  /** Why, in words: `no Node has 10.244.2.77`. */
  readonly reason: string;
  /** What the client sees: `connects`, `ECONNREFUSED`, `EHOSTUNREACH`, `ENETUNREACH`, `timeout`; empty if not known. */
  readonly symptom: string;
  /** What receives it: `pod shop/web-1`, `process on worker-1`. */
  readonly receiver?: string;
}

/** One way from the start to an end. */
export interface Branch {
  /** Share of the connections that go this way, as far as dice of rules decide it. */
  readonly weight: number;
  /** What was taken for granted where the bundle does not say; empty means that this way is certain. */
  readonly assumptions: readonly string[];
  readonly steps: readonly Step[];
  readonly end: End;
  /** Source address that the receiver sees. */
  readonly seenFrom?: string;
  /** The way of the answer back to the client, where it was walked. */
  readonly reply?: readonly Step[];
}

export interface VerdictShare {
  readonly verdict: Verdict;
  readonly symptom: string;
  /** Share that must, and that may, end so. */
  readonly least: number;
  readonly most: number;
}

export interface Trace {
  readonly query: Query;
  readonly verdicts: readonly VerdictShare[];
  readonly branches: readonly Branch[];
  /** What no dump shows: BPF maps, OVS flows, a table of which a part was cut off. */
  readonly notVisible: readonly string[];
}
