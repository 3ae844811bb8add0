// The common model of a packet filter: tables, chains and rules, whichever tool printed them.

import { bool, double, factType, int, list, node, object, optional, string, time } from '../../fact-type.ts';

const place = {
  node: node(),
  netns: optional(string('Network namespace, where the dump is of one other than the host.')),
  family: string('`ip`, `ip6`, or for nft tables also `inet`, `bridge`, `arp`, `netdev`.'),
  backend: optional(
    string('`legacy` or `nft` (iptables of either kind), `native` (a table made with nft itself); absent if not told.'),
  ),
  table: string('e.g. `nat`; for nft also `kube-proxy`.'),
};

export const NetfilterTable = factType('NetfilterTable', 'One table of one dump, with what stands in it.', {
  ...place,
  dialect: string('What printed it: `save`, `list`, `nft` or `nft-json`.'),
  version: optional(string('Version of the tool, where the dump says so.')),
  printedAt: optional(time('When it was printed, by the clock of the node; its time zone is not told, UTC is taken.')),
  complete: bool('False if the dump is cut off or filtered: then what is not in it may still exist.'),
  tableKnown: bool('False if the name of the table was inferred from the chains.'),
  chains: int('Number of chains.'),
  rules: int('Number of rules.'),
  chainNames: list(string(), 'Names of its chains, without those made per service or endpoint.'),
  kubeChains: int('Number of chains whose name begins with `KUBE-`, canaries and hints left out.'),
  hintChains: list(string(), 'KUBE-IPTABLES-HINT and the canary chains, if present.'),
  otherBackendWarning: bool(
    'True if the tool warned of tables of the other backend (`iptables-legacy tables present`).',
  ),
});

export const NetfilterChain = factType('NetfilterChain', 'One chain.', {
  ...place,
  chain: string('Name.'),
  policy: optional(string('ACCEPT or DROP, of a base chain.')),
  hook: optional(string('prerouting, input, forward, output or postrouting.')),
  type: optional(string('`filter`, `nat` or `route`, of a base chain as nft prints it.')),
  priority: optional(int('Priority at the hook, as a number.')),
  references: optional(int('How many rules jump to it, as printed or counted; absent where the dump is cut off.')),
  rules: int('Number of rules in it.'),
  repeats: int('How often a rule says word for word what the one before it says.'),
  packets: optional(int('Packets the policy decided.')),
  bytes: optional(int('Bytes the policy decided.')),
});

const markFields = { value: int('Value, after the mask.'), mask: int('Mask.') };

export const NetfilterRule = factType('NetfilterRule', 'One rule. What the dump cannot show is named in `hidden`.', {
  ...place,
  chain: string('Chain it stands in.'),
  position: int('Number in its chain, from 1.'),
  target: optional(string('ACCEPT, DNAT, a chain, …; `vmap` for an nft verdict map; absent if the rule only counts.')),
  goto: bool('True if it goes to the chain and does not come back.'),
  targetOptions: optional(string('Options of the target that have no field of their own.')),
  protocol: optional(string('Name, or the number where it has no common name; absent means all.')),
  protocolNegated: bool(),
  source: optional(string('Address, or network with its prefix length; absent means any.')),
  sourceNegated: bool(),
  destination: optional(string('Address, or network with its prefix length; absent means any.')),
  destinationNegated: bool(),
  sourcePort: optional(string('`80`, `1024:65535` or `80,443`.')),
  sourcePortNegated: bool(),
  destinationPort: optional(string('`80`, `1024:65535` or `80,443`.')),
  destinationPortNegated: bool(),
  inInterface: optional(string('A final `+` stands for anything.')),
  inInterfaceNegated: bool(),
  outInterface: optional(string('A final `+` stands for anything.')),
  outInterfaceNegated: bool(),
  mark: optional(object({ ...markFields, negated: bool() }, 'Match on the packet mark.')),
  connmark: optional(object({ ...markFields, negated: bool() }, 'Match on the mark of the connection.')),
  ctstate: optional(list(string(), 'Connection states: NEW, ESTABLISHED, …')),
  ctstateNegated: bool(),
  addrtype: optional(
    object({ side: string('`source` or `destination`.'), type: string('e.g. LOCAL.'), negated: bool() }),
  ),
  probability: optional(double('Of `statistic --mode random`.')),
  recent: optional(
    object({
      operation: string('`check`, `set`, `update` or `remove`.'),
      name: string(),
      seconds: optional(int('Window.')),
      hitCount: optional(int()),
      reap: bool(),
      negated: bool(),
    }),
  ),
  set: optional(object({ name: string('ipset or nft set.'), directions: string('e.g. `src,dst`.'), negated: bool() })),
  otherMatches: list(string(), 'Matches that have no field of their own, as text: for a packet walk they are unknown.'),
  unconditional: bool('True if it certainly matches every packet.'),
  hidden: list(string(), 'Fields that this dump cannot show for this rule: not absent, unknown.'),
  comment: optional(string()),
  toDestination: optional(string('Of DNAT: `10.0.0.1:8080`, `[fd00::1]:8080`.')),
  toSource: optional(string('Of SNAT.')),
  toPorts: optional(string('Of REDIRECT and MASQUERADE.')),
  setMark: optional(object(markFields, 'Of MARK: the new mark is (old and not mask) xor value.')),
  rejectWith: optional(string('e.g. `icmp-port-unreachable`.')),
  packets: optional(int()),
  bytes: optional(int()),
  countersRounded: bool('True if the counters were printed with K, M, G or T.'),
  text: string('The line as printed, without the counters before it.'),
});

export const NftSet = factType('NftSet', 'One set or map of an nft table, with its elements.', {
  node: node(),
  netns: optional(string('Network namespace, where the dump is of one other than the host.')),
  family: string(),
  table: string(),
  name: string(),
  kind: string('`set` or `map`.'),
  keyType: string('e.g. `ipv4_addr . inet_proto . inet_service`.'),
  flags: list(string(), '`interval`, `timeout`, `dynamic`: rules add to a dynamic set while packets pass.'),
  elements: list(
    object({
      key: list(string(), 'Parts of the key: an address, a network, a range, a number.'),
      value: optional(string('Of a map: a verdict (`goto service-…`), or what the key is mapped to.')),
    }),
  ),
});

export const NftTable = factType('NftTable', 'One table of an nft rule set.', {
  node: node(),
  netns: optional(string('Network namespace, where the dump is of one other than the host.')),
  family: string(),
  name: string(),
  managedByIptables: bool('True if it is a table of iptables-nft and not one made with nft itself.'),
  chains: int(),
  rules: int(),
  maps: int('Number of maps.'),
  sets: int('Number of sets.'),
});
