// Random rule sets and packets from a seed: every match and target that the walk decides without a guess.

export type Random = (below: number) => number;

/** The same seed gives the same numbers on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** How the router of the replay is wired; the client is reached by `left`, the server by `right`. */
export const wiring = {
  left: 'left0',
  right: 'right0',
  client: ['10.61.0.2', '10.61.0.3'],
  server: ['10.62.0.2', '10.62.0.3'],
  router: { left: '10.61.0.1', right: '10.62.0.1', extra: '10.62.0.9' },
  /** Reached by the default route, over the server. */
  beyond: ['192.0.2.7', '203.0.113.80'],
} as const;

export interface SentPacket {
  readonly from: 'client' | 'router';
  readonly protocol: 'tcp' | 'udp';
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const { router, client, server, beyond } = wiring;
const own = Object.values(router);
const ports = [53, 80, 443, 8080, 30080];

export function randomPacket(random: Random, sourcePort: number): SentPacket {
  const from = random(3) === 0 ? 'router' : 'client';
  const destinations = from === 'client' ? [...server, ...beyond, ...own] : [...server, ...client, ...beyond, ...own];
  return {
    from,
    protocol: random(2) === 0 ? 'tcp' : 'udp',
    source: pick(random, from === 'client' ? client : own),
    destination: pick(random, destinations),
    sourcePort,
    destinationPort: pick(random, ports),
  };
}

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!;
const often = (random: Random, percent: number) => random(100) < percent;
const hex = (value: number) => `0x${(value >>> 0).toString(16)}`;
/** Few bits, so that rules meet each other. */
const bits = (random: Random) => pick(random, [0x1, 0x2, 0x3, 0x4, 0x4000, 0x8000, 0xc000, 0xff, 0xffffffff]);
const not = (random: Random) => (often(random, 25) ? '! ' : '');

type Match = (random: Random, packet: SentPacket, reach: Reach) => string;
/** Which devices and targets a chain may name: those of all base chains that lead to it. */
interface Reach {
  readonly table: string;
  readonly chain: string;
  readonly user: boolean;
  readonly side: string;
}

const address = (random: Random, mine: string) => {
  const one = often(random, 60) ? mine : pick(random, [...client, ...server, ...beyond, ...own]);
  const length = pick(random, [32, 32, 31, 24, 23, 16, 8]);
  return length === 32 ? one : `${one}/${length}`;
};
const port = (random: Random, mine: number) => {
  const one = often(random, 70) ? mine : pick(random, ports);
  return pick(random, [`${one}`, `${Math.max(one - 10, 0)}:${one + 5}`, `:${one}`, `${one}:`]);
};
const portList = (random: Random, mine: number) =>
  [often(random, 60) ? `${mine}` : '22', `${pick(random, ports)}`, '1000:2000'].slice(0, 1 + random(3)).join(',');
const device = (random: Random) => pick(random, [wiring.left, wiring.right, 'left+', 'right+', 'lo', 'l+', 'eth7']);

const matches: readonly Match[] = [
  (random, { source }) => `${not(random)}-s ${address(random, source)}`,
  (random, { destination }) => `${not(random)}-d ${address(random, destination)}`,
  (random, _, { chain, user }) =>
    user || /PREROUTING|INPUT|FORWARD/.test(chain) ? `${not(random)}-i ${device(random)}` : '',
  (random, _, { chain, user }) =>
    user || /POSTROUTING|OUTPUT|FORWARD/.test(chain) ? `${not(random)}-o ${device(random)}` : '',
  (random) => `${not(random)}-p ${pick(random, ['tcp', 'udp', 'icmp', 'sctp'])}`,
  (random, { protocol, destinationPort }) =>
    `-p ${protocol} -m ${protocol} ${not(random)}--dport ${port(random, destinationPort)}`,
  (random, { protocol, sourcePort }) =>
    `-p ${protocol} -m ${protocol} ${not(random)}--sport ${port(random, sourcePort)}`,
  (random, { protocol, destinationPort, sourcePort }) => {
    const side = pick(random, ['dports', 'sports', 'ports']);
    const mine = side === 'sports' ? sourcePort : destinationPort;
    return `-p ${protocol} -m multiport ${not(random)}--${side} ${portList(random, mine)}`;
  },
  (random) => `-p tcp ${not(random)}--syn`,
  (random) => {
    const mask = bits(random);
    return `-m mark ${not(random)}--mark ${hex(bits(random) & mask)}/${hex(mask)}`;
  },
  (random) => `-m mark ${not(random)}--mark ${hex(bits(random))}`,
  (random) => {
    const mask = bits(random);
    return `-m connmark ${not(random)}--mark ${hex(bits(random) & mask)}/${hex(mask)}`;
  },
  (random) => {
    const states = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'DNAT', 'SNAT'];
    const some = states.filter(() => often(random, 35));
    return `-m conntrack ${not(random)}--ctstate ${(some.length === 0 ? ['NEW'] : some).join(',')}`;
  },
  (random) =>
    `-m addrtype ${not(random)}--${pick(random, ['src', 'dst'])}-type ${pick(random, ['LOCAL', 'UNICAST', 'MULTICAST', 'BROADCAST'])}`,
  (random, { source }) => `-m iprange ${not(random)}--src-range ${pick(random, [source, '10.61.0.1'])}-10.61.0.200`,
  (random) => `-m comment --comment "${pick(random, ['to -j DROP', 'it is \\"quoted\\"', 'plain ! words', 'one'])}"`,
];

/** Matches of one rule; the protocol is named once, as iptables demands. */
function condition(random: Random, packet: SentPacket, reach: Reach): string {
  const count = pick(random, [0, 1, 1, 1, 2, 2, 3]);
  const found: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const next = pick(random, matches)(random, packet, reach);
    const option = (text: string) => / ?(-[sdiop]) /.exec(text)?.[1] ?? /-m \w+/.exec(text)?.[0];
    if (next !== '' && !found.some((each) => option(each) === option(next))) found.push(next);
  }
  return found.join(' ');
}

const marks = (random: Random): string => {
  const value = hex(bits(random));
  return pick(random, [
    `MARK --set-mark ${value}`,
    `MARK --set-mark ${value}/${hex(bits(random))}`,
    `MARK --set-xmark ${value}/${hex(bits(random))}`,
    `MARK --or-mark ${value}`,
    `MARK --and-mark ${value}`,
    `MARK --xor-mark ${value}`,
  ]);
};

const connmarks = (random: Random): string =>
  pick(random, [
    'CONNMARK --save-mark',
    'CONNMARK --restore-mark',
    `CONNMARK --save-mark --nfmask ${hex(bits(random))} --ctmask ${hex(bits(random))}`,
    `CONNMARK --restore-mark --nfmask ${hex(bits(random))} --ctmask ${hex(bits(random))}`,
    `CONNMARK --set-mark ${hex(bits(random))}`,
    `CONNMARK --set-xmark ${hex(bits(random))}/${hex(bits(random))}`,
  ]);

function target(random: Random, reach: Reach, callees: readonly string[], sourcePort: number): string {
  const { table, side } = reach;
  if (callees.length > 0 && often(random, 40)) return `${often(random, 30) ? '-g' : '-j'} ${pick(random, callees)}`;
  const rare = often(random, 30);
  if (table === 'nat' && often(random, 45)) {
    if (side === 'destination') {
      const to = pick(random, [...server, ...client, router.right, router.left]);
      return `-j ${pick(random, [`DNAT --to-destination ${to}`, `DNAT --to-destination ${to}:${pick(random, ports)}`, `DNAT --to-destination :${pick(random, ports)}`, `REDIRECT --to-ports ${pick(random, ports)}`, 'REDIRECT', 'NETMAP --to 10.62.0.0/24'])}`;
    }
    const sources = ['10.62.0.77', '10.61.0.1', '198.51.100.4'];
    // The port of the case: two connections must never be made the same.
    const from = `SNAT --to-source ${pick(random, sources)}${often(random, 40) ? `:${sourcePort}` : ''}`;
    return `-j ${side === 'source' && often(random, 50) ? 'MASQUERADE' : from}`;
  }
  if (table === 'raw' && rare && often(random, 30)) return '-j CT --notrack';
  if (table === 'filter' && rare && often(random, 30))
    return `-j REJECT --reject-with ${pick(random, ['icmp-port-unreachable', 'icmp-host-prohibited'])}`;
  if (rare && often(random, 50)) return table !== 'nat' && often(random, 30) ? '-j DROP' : '-j ACCEPT';
  if (often(random, 20)) return '-j RETURN';
  if (often(random, 25)) return '';
  return `-j ${often(random, 25) && table !== 'raw' ? connmarks(random) : marks(random)}`;
}

/** iptables translates ports only where a rule names the protocol. */
function withProtocol(text: string, chosen: string, { protocol }: SentPacket): string {
  if (!/--to-ports| --to-\w+ [\d.]*:\d/.test(chosen) || /(?<!! )-p (tcp|udp|sctp)/.test(text)) return text;
  return [`-p ${protocol}`, text.replace(/(! )?-p \S+ ?/, '')].join(' ').trim();
}

const hooksOf: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** What a chain of the nat table may do, by the base chains that lead to it. */
const sideOf = (chain: string) =>
  /PREROUTING|OUTPUT|^D/.test(chain) ? 'destination' : /INPUT|^I/.test(chain) ? 'input' : 'source';

/** Text for iptables-restore; `first` stands in front of the chains that a packet meets first. */
export function randomRules(random: Random, packet: SentPacket, first: string): string {
  return Object.entries(hooksOf)
    .map(([table, bases]) => {
      // By their first letter: in nat one kind of chain for each kind of translation.
      const users = Array.from({ length: random(6) }, (_, at) => `${pick(random, ['D', 'S', 'I'])}-${table}-${at + 1}`);
      const lines: string[] = [];
      const chains = [...bases, ...users];
      for (const [at, chain] of chains.entries()) {
        const user = at >= bases.length;
        const side = sideOf(chain);
        // Only to chains further on: the kernel refuses loops.
        const callees = users
          .slice(user ? at - bases.length + 1 : 0)
          .filter((name) => table !== 'nat' || sideOf(name) === side);
        const reach = { table, chain, user, side };
        if (table === 'raw' && !user) lines.push(`-A ${chain} ${first}`);
        for (let left = random(5); left > 0; left -= 1) {
          const chosen = target(random, reach, callees, packet.sourcePort);
          const words = [withProtocol(condition(random, packet, reach), chosen, packet), chosen];
          lines.push(['-A', chain, ...words.filter((word) => word !== '')].join(' '));
        }
      }
      const policy = () => (table !== 'nat' && often(random, 6) ? 'DROP' : 'ACCEPT');
      const heads = chains.map((chain, at) => `:${chain} ${at < bases.length ? policy() : '-'} [0:0]`);
      return [`*${table}`, ...heads, ...lines, 'COMMIT', ''].join('\n');
    })
    .join('');
}
