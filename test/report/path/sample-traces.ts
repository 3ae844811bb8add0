// Traces as the tracer gives them, of a cluster that does not exist: OpenShift SDN with two ways and back, Flannel with a refusal.

import type { Packet } from '../../../src/models/netfilter/packet.ts';
import { noMark } from '../../../src/models/netfilter/packet.ts';
import type { Branch, Hook, Step, Trace } from '../../../src/models/path/trace.ts';

type Change = Partial<Packet>;
interface RuleStep {
  readonly at: string;
  readonly does?: string;
  readonly idle?: boolean;
  readonly line?: number;
  readonly makes?: Change;
}

/** Writes steps one after the other and keeps what the packet is by then. */
class Walk {
  readonly steps: Step[] = [];
  node = '';
  packet: Packet;
  constructor(packet: Change) {
    this.packet = {
      family: 'ip',
      protocol: 'tcp',
      source: '',
      destination: '',
      mark: noMark,
      inDevice: '',
      outDevice: '',
      ...packet,
    };
  }
  on(node: string, change: Change = {}): this {
    this.node = node;
    this.packet = { ...this.packet, ...change };
    return this;
  }
  step(stage: Step['stage'], effect: string, file?: string, line = 1, makes: Change = {}): this {
    const place = file === undefined ? {} : { place: { path: file, first: line, last: line } };
    this.steps.push({ node: this.node, stage, effect, packet: this.packet, outer: false, idle: false, ...place });
    this.packet = { ...this.packet, ...makes };
    return this;
  }
  hook(hook: Hook, change: Change, rules: readonly RuleStep[]): this {
    this.packet = { ...this.packet, ...change };
    for (const rule of rules) this.steps.push(...this.rule(hook, rule, this.packet, false));
    return this;
  }
  outer(hook: Hook, packet: Packet, rules: readonly RuleStep[]): this {
    const own = this.packet;
    for (const rule of rules) this.steps.push(...this.rule(hook, rule, packet, true));
    this.packet = own;
    return this;
  }
  private rule(hook: Hook, { at, does = '', idle, line, makes }: RuleStep, packet: Packet, outer: boolean): Step[] {
    const [table = '', chain = '', kind = 'rule', number = '1'] = at.split(':');
    this.packet = { ...packet, ...makes };
    return [
      {
        node: this.node,
        stage: 'rule',
        rule: { hook, table, chain, kind: kind as 'rule', number: Number(number), text: `-A ${chain} …` },
        effect: does,
        packet,
        outer,
        idle: idle ?? kind !== 'rule',
        ...(line !== undefined && {
          place: { path: `nodes/${this.node}/iptables-save.txt`, first: line, last: line },
          counted: line % 7,
        }),
      },
    ];
  }
}

const policy = (table: string, chain: string, number: number): RuleStep => ({
  at: `${table}:${chain}:policy:${number}`,
  does: 'ACCEPT',
});

const svc = 'KUBE-SVC-QUAYLADDERFERRY4';
const client = { source: '10.128.4.17', sourcePort: 41001, destination: '172.30.77.8', destinationPort: 8080 };

function sdnStart(): Walk {
  return new Walk(client)
    .on('anchor-1')
    .step('start', 'pod shop/till-0 sends from 10.128.4.17', 'namespaces/shop/core/pods.yaml', 12)
    .step('bridge', 'br0 gives what goes to services to tun0; its flows are not in the bundle')
    .hook('prerouting', { inDevice: 'tun0' }, [
      { at: 'raw:PREROUTING:rule:1', does: '→ OPENSHIFT-NOTRACK', idle: true, line: 88 },
      { at: 'raw:OPENSHIFT-NOTRACK:return:2' },
      policy('raw', 'PREROUTING', 2),
      policy('mangle', 'PREROUTING', 1),
      { at: 'nat:PREROUTING:rule:1', does: '→ KUBE-SERVICES', line: 49 },
      { at: 'nat:KUBE-SERVICES:rule:2', does: `→ ${svc}`, line: 71 },
    ]);
}

function sdnForward(walk: Walk, address: string): Walk {
  return walk
    .step('route', `10.128.0.0/14 dev tun0, to ${address}`, 'nodes/anchor-1/ip_route_show_table_all.txt', 4)
    .hook('forward', { outDevice: 'tun0' }, [
      policy('mangle', 'FORWARD', 1),
      { at: 'filter:FORWARD:rule:1', does: '→ KUBE-FORWARD', idle: true, line: 19 },
      { at: 'filter:KUBE-FORWARD:return:4' },
      { at: 'filter:FORWARD:rule:4', does: '→ OPENSHIFT-FIREWALL-FORWARD', line: 22 },
      { at: 'filter:OPENSHIFT-FIREWALL-FORWARD:rule:2', does: 'ACCEPT', line: 38 },
    ])
    .hook('postrouting', { inDevice: '' }, [
      policy('mangle', 'POSTROUTING', 1),
      { at: 'nat:POSTROUTING:rule:1', does: '→ OPENSHIFT-MASQUERADE', line: 51 },
      { at: 'nat:OPENSHIFT-MASQUERADE:rule:2', does: '→ OPENSHIFT-MASQUERADE-2', line: 77 },
      { at: 'nat:OPENSHIFT-MASQUERADE-2:rule:1', does: 'RETURN: from pod to pod, the source stays', line: 78 },
      policy('nat', 'POSTROUTING', 3),
    ]);
}

const outerPacket: Packet = {
  family: 'ip',
  protocol: 'udp',
  source: '10.77.0.21',
  sourcePort: 45586,
  destination: '10.77.0.22',
  destinationPort: 4789,
  mark: noMark,
  inDevice: '',
  outDevice: 'ens192',
};

function sdnRemote(): Branch {
  const walk = sdnForward(
    sdnStart().hook('prerouting', {}, [
      { at: `nat:${svc}:rule:2`, does: '→ KUBE-SEP-GANGWAYMOORING22', line: 76 },
      {
        at: 'nat:KUBE-SEP-GANGWAYMOORING22:rule:2',
        does: 'DNAT 172.30.77.8:8080 → 10.129.2.31:8080',
        line: 66,
        makes: { destination: '10.129.2.31' },
      },
    ]),
    '10.129.2.31',
  );
  walk.step('tunnel', 'VXLAN to 10.77.0.22, UDP port 4789, MTU 1450', 'nodes/anchor-1/ip_-d_address.txt', 21);
  walk.outer('output', outerPacket, [
    { at: 'raw:OPENSHIFT-NOTRACK:rule:1', does: 'NOTRACK', line: 90 },
    policy('filter', 'OUTPUT', 4),
  ]);
  walk.on('').step('wire', 'ens192 of anchor-1 to ens192 of anchor-2');
  walk.on('anchor-2').outer('input', { ...outerPacket, inDevice: 'ens192', outDevice: '' }, [
    { at: 'filter:INPUT:rule:1', does: '→ OPENSHIFT-FIREWALL-ALLOW', line: 14 },
    { at: 'filter:OPENSHIFT-FIREWALL-ALLOW:rule:1', does: 'ACCEPT', line: 36 },
  ]);
  walk
    .hook('prerouting', { inDevice: 'tun0', outDevice: '' }, [
      policy('raw', 'PREROUTING', 2),
      { at: 'nat:KUBE-SERVICES:return:5' },
      policy('nat', 'PREROUTING', 2),
    ])
    .step('route', '10.129.2.0/23 dev tun0', 'nodes/anchor-2/ip_route_show_table_all.txt', 3)
    .hook('forward', { outDevice: 'tun0' }, [
      { at: 'filter:FORWARD:rule:4', does: '→ OPENSHIFT-FIREWALL-FORWARD', line: 22 },
      { at: 'filter:OPENSHIFT-FIREWALL-FORWARD:rule:2', does: 'ACCEPT', line: 38 },
    ])
    .hook('postrouting', { inDevice: '' }, [policy('nat', 'POSTROUTING', 3)])
    .step('local', 'veth of pod shop/cart-1', 'namespaces/shop/core/pods.yaml', 118);
  const reply = new Walk({
    source: '10.129.2.31',
    sourcePort: 8080,
    destination: '10.128.4.17',
    destinationPort: 41001,
  })
    .on('anchor-2')
    .step('route', '10.128.0.0/14 dev tun0', 'nodes/anchor-2/ip_route_show_table_all.txt', 4)
    .step('tunnel', 'VXLAN to 10.77.0.21, UDP port 4789')
    .on('anchor-1', { inDevice: 'tun0' })
    .step('translate', 'the connection is known: its translation is undone', undefined, 1, { source: '172.30.77.8' })
    .step('bridge', 'br0 to the veth of pod shop/till-0');
  return {
    weight: 0.5,
    assumptions: [],
    steps: walk.steps,
    end: {
      verdict: 'delivered',
      node: 'anchor-2',
      reason: '',
      symptom: 'connects',
      receiver: 'pod shop/cart-1 on anchor-2',
    },
    seenFrom: '10.128.4.17',
    reply: reply.steps,
  };
}

function sdnLocal(): Branch {
  const walk = sdnForward(
    sdnStart().hook('prerouting', {}, [
      { at: `nat:${svc}:rule:1`, does: '→ KUBE-SEP-CAPSTANBOLLARD33', line: 75 },
      {
        at: 'nat:KUBE-SEP-CAPSTANBOLLARD33:rule:2',
        does: 'DNAT 172.30.77.8:8080 → 10.128.4.90:8080',
        line: 68,
        makes: { destination: '10.128.4.90' },
      },
    ]),
    '10.128.4.90',
  );
  walk.step('local', 'veth of pod shop/cart-0', 'namespaces/shop/core/pods.yaml', 64);
  const reply = new Walk({
    source: '10.128.4.90',
    sourcePort: 8080,
    destination: '10.128.4.17',
    destinationPort: 41001,
  })
    .on('anchor-1', { inDevice: 'tun0' })
    .step('translate', 'the connection is known: its translation is undone', undefined, 1, { source: '172.30.77.8' })
    .step('bridge', 'br0 to the veth of pod shop/till-0');
  return {
    weight: 0.5,
    assumptions: [],
    steps: walk.steps,
    end: {
      verdict: 'delivered',
      node: 'anchor-1',
      reason: '',
      symptom: 'connects',
      receiver: 'pod shop/cart-0 on anchor-1',
    },
    seenFrom: '10.128.4.17',
    reply: reply.steps,
  };
}

/** Pod to ClusterIP on OpenShift SDN: one endpoint on the same node, one on another, and back. */
export const sdnTrace: Trace = {
  query: { from: 'pod shop/till-0', to: 'service shop/cart:8080', protocol: 'tcp' },
  verdicts: [{ verdict: 'delivered', symptom: 'connects', least: 1, most: 1 }],
  branches: [sdnLocal(), sdnRemote()],
  notVisible: ['flows of the OVS bridge br0 on anchor-1 and anchor-2 (no output of ovs-ofctl dump-flows)'],
};

function nodePort(endpoint: 'local' | 'remote', dropped: boolean): Branch {
  const isRemote = endpoint === 'remote';
  const address = isRemote ? '10.244.6.9' : '10.244.5.12';
  const out = isRemote ? 'flannel.1' : 'cni0';
  const walk = new Walk({
    source: '192.0.2.40',
    sourcePort: 41013,
    destination: '192.0.2.11',
    destinationPort: 30090,
  })
    .on('')
    .step('start', 'outside, from 192.0.2.40')
    .on('pier-1')
    .hook('prerouting', { inDevice: 'eth0' }, [
      policy('raw', 'PREROUTING', 1),
      { at: 'nat:PREROUTING:rule:1', does: '→ KUBE-SERVICES', line: 60 },
      { at: 'nat:KUBE-SERVICES:rule:2', does: '→ KUBE-NODEPORTS', line: 84 },
      { at: 'nat:KUBE-NODEPORTS:rule:1', does: '→ KUBE-EXT-LIGHTHOUSEBEAM55', line: 75 },
      { at: 'nat:KUBE-EXT-LIGHTHOUSEBEAM55:rule:1', does: '→ KUBE-MARK-MASQ', line: 71 },
      {
        at: 'nat:KUBE-MARK-MASQ:rule:1',
        does: 'mark 0x4000',
        line: 74,
        makes: { mark: { value: 0x4000, known: 0xffffffff } },
      },
      { at: 'nat:KUBE-EXT-LIGHTHOUSEBEAM55:rule:2', does: '→ KUBE-SVC-LIGHTHOUSEBEAM55', line: 72 },
      { at: `nat:KUBE-SVC-LIGHTHOUSEBEAM55:rule:${isRemote ? 3 : 2}`, does: '→ KUBE-SEP-…', line: isRemote ? 88 : 87 },
      {
        at: `nat:KUBE-SEP-${isRemote ? 'KEELSONRIVET77' : 'TRANSOMCLEAT66'}:rule:2`,
        does: `DNAT 192.0.2.11:30090 → ${address}:8080`,
        line: isRemote ? 82 : 80,
        makes: { destination: address, destinationPort: 8080 },
      },
    ])
    .step('route', `dev ${out}`, 'nodes/pier-1/ip_route_show_table_all.txt', isRemote ? 3 : 2)
    .hook('forward', { outDevice: out }, [
      { at: 'filter:FORWARD:rule:1', does: '→ KUBE-FORWARD', line: 17 },
      { at: 'filter:KUBE-FORWARD:rule:2', does: 'ACCEPT', line: 30 },
    ])
    .hook('postrouting', { inDevice: '' }, [
      { at: 'nat:POSTROUTING:rule:1', does: '→ KUBE-POSTROUTING', line: 62 },
      {
        at: 'nat:KUBE-POSTROUTING:rule:3',
        does: `MASQUERADE as ${isRemote ? '10.244.5.0' : '10.244.5.1'}`,
        line: 78,
        makes: { source: isRemote ? '10.244.5.0' : '10.244.5.1' },
      },
    ]);
  if (!isRemote) {
    walk.step('neighbour', '10.244.5.12 does not answer: FAILED', 'nodes/pier-1/ip_neigh.txt', 6);
    return {
      weight: 0.5,
      assumptions: [],
      steps: walk.steps,
      end: {
        verdict: 'black-holed',
        node: 'pier-1',
        reason: 'no pod has 10.244.5.12; its endpoint is stale',
        symptom: 'EHOSTUNREACH',
      },
    };
  }
  const outer = { ...outerPacket, source: '192.0.2.11', destination: '192.0.2.12', destinationPort: 8472 };
  walk.step('tunnel', 'VXLAN to 192.0.2.12, UDP port 8472', 'nodes/pier-1/bridge_fdb.txt', 9);
  walk.on('').step('wire', 'eth0 of pier-1 to eth0 of pier-2');
  const drop: RuleStep = { at: 'filter:INPUT:rule:3', does: 'DROP', line: 21 };
  walk
    .on('pier-2')
    .outer('input', { ...outer, inDevice: 'eth0', outDevice: '' }, [
      { at: 'filter:INPUT:rule:1', does: '→ KUBE-FIREWALL', idle: true, line: 19 },
      dropped ? drop : policy('filter', 'INPUT', 4),
    ]);
  const assumption = 'the ipset node-peers of pier-2 holds 192.0.2.11 (its members are not in the bundle)';
  if (dropped)
    return {
      weight: 0.5,
      assumptions: [`not: ${assumption}`],
      steps: walk.steps,
      end: {
        verdict: 'dropped',
        node: 'pier-2',
        reason: 'filter INPUT rule 3 drops UDP port 8472: the tunnel of the other node is shut out',
        symptom: 'timeout',
      },
    };
  walk
    .hook('prerouting', { inDevice: 'flannel.1', outDevice: '' }, [policy('nat', 'PREROUTING', 2)])
    .step('route', 'dev cni0', 'nodes/pier-2/ip_route_show_table_all.txt', 2)
    .hook('forward', { outDevice: 'cni0' }, [{ at: 'filter:FLANNEL-FWD:rule:2', does: 'ACCEPT', line: 28 }])
    .hook('postrouting', { inDevice: '' }, [policy('nat', 'POSTROUTING', 3)]);
  return {
    weight: 0.5,
    assumptions: [assumption],
    steps: walk.steps,
    end: {
      verdict: 'delivered',
      node: 'pier-2',
      reason: '',
      symptom: 'connects',
      receiver: 'pod harbour/crane-1',
    },
    seenFrom: '10.244.5.0',
  };
}

/** From outside to a NodePort on Flannel: a stale endpoint, and a tunnel that may be shut out. */
export const nodePortTrace: Trace = {
  query: { from: 'external', to: 'node pier-1:30090', protocol: 'tcp' },
  verdicts: [
    { verdict: 'black-holed', symptom: 'EHOSTUNREACH', least: 0.5, most: 0.5 },
    { verdict: 'dropped', symptom: 'timeout', least: 0, most: 0.5 },
    { verdict: 'delivered', symptom: 'connects', least: 0, most: 0.5 },
  ],
  branches: [nodePort('local', false), nodePort('remote', false), nodePort('remote', true)],
  notVisible: [],
};

/** The same trace with a text said wherever a bundle, or a name in it, can say something. */
export function sayingTrace(text: string): Trace {
  const step = (each: Step): Step => ({
    ...each,
    node: each.node === '' ? '' : text,
    effect: text,
    packet: { ...each.packet, source: text, inDevice: text, outDevice: text },
    ...(each.rule && { rule: { ...each.rule, table: text, chain: text, text } }),
    ...(each.place && { place: { ...each.place, path: text } }),
  });
  return {
    query: { from: text, to: text, protocol: text, node: text },
    verdicts: nodePortTrace.verdicts.map((share) => ({ ...share, symptom: text })),
    branches: [...nodePortTrace.branches, ...sdnTrace.branches].map((branch) => ({
      ...branch,
      assumptions: branch.assumptions.length > 0 ? [text] : [],
      steps: branch.steps.map(step),
      end: { ...branch.end, node: text, reason: text, symptom: text, receiver: text },
      ...(branch.seenFrom && { seenFrom: text }),
      ...(branch.reply && { reply: branch.reply.map(step) }),
    })),
    notVisible: [text],
  };
}
