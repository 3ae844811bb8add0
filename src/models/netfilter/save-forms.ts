// Matches as iptables-save prints them, by extension; what an extension has beyond this stays unknown.

import { readMark } from '../../facts/parsers/network/ruleset.ts';
import { contains, parseAddress, parseNetwork } from './address.ts';
import { negateIf, or, type Truth, unknown } from './kleene.ts';
import { matchMark } from './mark.ts';
import { isOfType } from './match-context.ts';
import { type Condition, hasConnection, portTest, stateTest } from './match-fields.ts';
import {
  addressRange,
  direction,
  fixed,
  history,
  icmpType,
  lengthTest,
  localOnDevice,
  owner,
  packetType,
  physicalPort,
  readFlags,
  socket,
  status,
  tcpFlags,
} from './match-forms.ts';
import { matchSet } from './match-set.ts';
import { protocolNumberName } from './protocols.ts';

export type Options = Readonly<
  Record<string, { readonly args: readonly string[]; readonly negated: boolean } | undefined>
>;
export interface ReadForm {
  readonly conditions: readonly Condition[];
  readonly understood: readonly string[];
  readonly share?: number;
}
type Form = (options: Options) => ReadForm | undefined;

/** Each option is a condition of its own; one that this does not read stays open. */
const each =
  (
    read: (name: string, args: readonly string[], negated: boolean, options: Options) => Condition | undefined,
    ignored: readonly string[] = [],
  ): Form =>
  (options) => {
    const conditions: Condition[] = [];
    const understood = [...ignored];
    for (const [name, option] of Object.entries(options)) {
      if (!option || ignored.includes(name)) continue;
      const condition = read(name, option.args, option.negated, options);
      if (!condition) continue;
      conditions.push(condition);
      understood.push(name);
    }
    return { conditions, understood };
  };

const flags: Form = each((name, [mask, wanted], negated) => {
  if (name === 'syn') return tcpFlags(0x17, 2, negated);
  if (name !== 'tcp-flags') return undefined;
  const [bits, set] = [readFlags(mask ?? ''), readFlags(wanted ?? '')];
  return bits === undefined || set === undefined ? undefined : tcpFlags(bits, set, negated);
}, []);

const ports: Form = each((name, [text], negated) => {
  const [source, destination] = [
    portTest('sourcePort', text ?? '', negated),
    portTest('destinationPort', text ?? '', negated),
  ];
  if (name === 'sport' || name === 'sports' || name === 'source-ports') return source;
  if (name === 'dport' || name === 'dports' || name === 'destination-ports') return destination;
  if (name !== 'ports') return undefined;
  return (subject) => {
    const truths: Truth[] = [source(subject), destination(subject)];
    return negated ? (truths.includes(false) ? false : or(truths)) : or(truths);
  };
});

const icmp: Form = each((name, [type], negated) =>
  /^icmp(v6|6)?-type$/.test(name) ? icmpType(type ?? '', negated) : undefined,
);

/** Every nth packet of all that come by: which one this is, nobody knows; on the whole it is a share. */
const statistic: Form = (options) => {
  const { mode, every, packet } = options;
  const count = Number(every?.args[0]);
  if (mode?.args[0] !== 'nth' || !Number.isInteger(count) || count < 1) return undefined;
  const share = every?.negated === true ? 1 - 1 / count : 1 / count;
  return { conditions: [], understood: ['mode', 'every', ...(packet ? ['packet'] : [])], share };
};

const conntrack: Form = each((name, [text = ''], negated) => {
  switch (name) {
    case 'ctstate':
    case 'state':
      return ({ connection, untracked }) => stateTest(text.split(','), connection, untracked) !== negated;
    case 'ctdir':
      return direction(text, negated);
    case 'ctstatus':
      return status(text, negated);
    case 'ctproto':
      return ({ packet }) => (protocolNumberName(packet.protocol) === protocolNumberName(text)) !== negated;
    case 'ctorigsrc':
    case 'ctorigdst': {
      const network = parseNetwork(text);
      if (!network) return undefined;
      return ({ connection: { original } }) => {
        const address = parseAddress(name === 'ctorigsrc' ? original.source : original.destination);
        return address
          ? contains(network, address) !== negated
          : unknown(`the connection began with ${name} ${text}`, negated);
      };
    }
    case 'ctorigdstport':
      return ({ connection: { original } }) =>
        original.destinationPort === undefined
          ? unknown(`the connection began with ${name} ${text}`, negated)
          : (original.destinationPort === Number(text)) !== negated;
    default:
      return undefined;
  }
});

/** The type stands in a field of the rule: here it is asked again, for the device of the packet alone. */
const limitedToDevice =
  (device: 'inDevice' | 'outDevice'): Condition =>
  (subject) => {
    const { addrtype: asked } = subject.rule.value;
    if (!asked) return true;
    const side = asked.side === 'source' ? 'source' : 'destination';
    return localOnDevice(side, asked.type, device, asked.negated)(subject);
  };

const addrtype: Form = each((name, [text = ''], negated, options) => {
  const device = options['limit-iface-in']
    ? ('inDevice' as const)
    : options['limit-iface-out']
      ? ('outDevice' as const)
      : undefined;
  if (name === 'limit-iface-in' || name === 'limit-iface-out') return device && limitedToDevice(device);
  if (name !== 'src-type' && name !== 'dst-type') return undefined;
  const side = name === 'src-type' ? 'source' : 'destination';
  if (device) return localOnDevice(side, text, device, negated);
  return ({ packet, context }) =>
    negateIf(negated, or(text.split(',').map((type) => isOfType(packet[side], type, context))));
});

const mark =
  (whose: 'packet' | 'connection'): Form =>
  (options) =>
    each((name, [text = ''], negated) => {
      const test = readMark(text);
      if (name !== 'mark' || !test) return undefined;
      return (subject) =>
        (whose === 'packet' || hasConnection(subject)) &&
        negateIf(negated, matchMark(subject[whose].mark, test, `the mark of the ${whose}`));
    })(options);

/** Below the limit a first packet is; above it, it is not. */
const limited: Form = (options) => {
  const above = Object.keys(options).find((name) => name.endsWith('-above'));
  const name = above ?? Object.keys(options)[0] ?? 'limit';
  const what = above
    ? `the limit ${name} ${options[name]?.args[0] ?? ''} is exceeded`
    : `the limit ${name} ${options[name]?.args[0] ?? ''} is not reached`;
  return {
    conditions: [history(what, above === undefined, options[name]?.negated === true)],
    understood: Object.keys(options),
  };
};

export const saveForms: Readonly<Record<string, Form | undefined>> = {
  tcp: (options) => combine(flags(options), ports(options)),
  udp: ports,
  sctp: ports,
  multiport: ports,
  icmp,
  icmp6: icmp,
  icmpv6: icmp,
  'ipv6-icmp': icmp,
  iprange: each((name, [text = ''], negated) =>
    name === 'src-range'
      ? addressRange('source', text, negated)
      : name === 'dst-range'
        ? addressRange('destination', text, negated)
        : undefined,
  ),
  statistic,
  conntrack,
  state: conntrack,
  addrtype,
  mark: mark('packet'),
  connmark: mark('connection'),
  set: each(
    (name, [set = '', directions = ''], negated) =>
      name === 'match-set' ? (subject) => negateIf(negated, matchSet(set, directions, subject)) : undefined,
    ['return-nomatch', 'update-counters', 'update-subcounters'],
  ),
  limit: limited,
  hashlimit: limited,
  connlimit: limited,
  quota: limited,
  owner: (options) => ({ conditions: [owner], understood: Object.keys(options) }),
  socket: (options) => ({ conditions: [socket], understood: Object.keys(options) }),
  // Without a policy of IPsec no packet has one; a bundle with xfrm state has never been seen.
  policy: (options) => {
    const { dir, pol } = options;
    const none = (pol?.args[0] === 'none') !== (pol?.negated === true);
    return { conditions: [fixed(none)], understood: dir && pol ? ['dir', 'pol'] : [] };
  },
  physdev: each((name, [text = ''], negated) => physicalPort(name, text, negated)),
  pkttype: each((name, [text = ''], negated) => (name === 'pkt-type' ? packetType(text, negated) : undefined)),
  length: each((name, [text = ''], negated) => (name === 'length' ? lengthTest(text, negated) : undefined)),
  rpfilter: (options) => ({
    conditions: [history('the packet came in where its answer would go out', true, options.invert !== undefined)],
    understood: Object.keys(options),
  }),
  recent: (options) => ({
    conditions: options.set ? [] : [history('the client has connected here lately', false, false)],
    understood: Object.keys(options),
  }),
  // `-f`: second and further fragments; nothing that is traced is one.
  '': (options) => (options.f ? { conditions: [fixed(options.f.negated)], understood: ['f'] } : undefined),
};

function combine(one: ReadForm | undefined, two: ReadForm | undefined): ReadForm {
  return {
    conditions: [...(one?.conditions ?? []), ...(two?.conditions ?? [])],
    understood: [...(one?.understood ?? []), ...(two?.understood ?? [])],
  };
}
