// What travels: a packet, its mark, and what connection tracking knows of it. Plain data; every step makes a new one.

export type Family = 'ip' | 'ip6';

/** Name of a device (or port) of which only the existence is known; what asks for its name cannot be decided. */
export const unknownDevice = '?';

/** A mark whose bits may be known one by one: `value & known` is what is known of it. */
export interface Mark {
  readonly value: number;
  readonly known: number;
}

export const allBits = 0xffffffff;
/** What a packet has that comes from a wire or a pod: marks do not cross network namespaces. */
export const noMark: Mark = { value: 0, known: allBits };

export interface Packet {
  readonly family: Family;
  /** `tcp`, `udp`, `sctp`, `icmp`, `icmpv6`, or a number. */
  readonly protocol: string;
  /** Empty where it is not known: after masquerading by a device whose address the bundle does not show. */
  readonly source: string;
  readonly destination: string;
  /** Absent for protocols without ports; a client's port that nobody named is unknown, not 0. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly mark: Mark;
  /** Empty where the packet has none: a local process sends it, or it is not routed yet. */
  readonly inDevice: string;
  readonly outDevice: string;
  /** Port of the bridge, where the packet is bridged and the kernel shows it to iptables. */
  readonly inPort?: string;
  readonly outPort?: string;
  /** Of the whole IP packet. */
  readonly lengthBytes?: number;
}

export type ConnectionState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED';

export interface Connection {
  readonly state: ConnectionState;
  readonly mark: Mark;
  /** Destination before the first translation. */
  readonly original: { readonly source: string; readonly destination: string; readonly destinationPort?: number };
  /** A hook of type nat has decided on the destination (or source): the nat chains that follow are skipped. */
  readonly destinationDecided: boolean;
  readonly sourceDecided: boolean;
  readonly destinationTranslated: boolean;
  /** By SNAT or masquerade; where the address of the device is not known, the source of the packet is empty. */
  readonly sourceTranslated: boolean;
  /** What connection tracking rewrites of a packet that is not the first: in prerouting and output the destination, in postrouting and input the source. */
  readonly rewrites?: {
    readonly destination?: Endpoint;
    readonly source?: Endpoint;
  };
}

export interface Endpoint {
  readonly address: string;
  readonly port?: number;
}
