// Reads `ip addr` and `ip link` in every form: -d, -s, -o, -j.
//
//   3: flannel.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue state UNKNOWN group default
//       link/ether 9a:e0:6b:c3:ce:e3 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 65535
//       vxlan id 1 local 10.6.3.201 dev ens3 srcport 0 0 dstport 8472 nolearning ttl auto ageing 300
//       inet 10.1.84.0/32 scope global flannel.1

import { type Parsed, parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Device, type Draft, InterfaceAddress, NetworkInterface } from './interface-facts.ts';
import { readInterfacesJson } from './interfaces-json.ts';

interface Reading extends Device {
  readonly value: Draft;
  /** The line after `RX: bytes …` holds the numbers. */
  awaits?: 'rx' | 'tx' | undefined;
}

const kinds =
  /^\s+(vxlan|veth|bridge|bond|geneve|openvswitch|ipip|sit|gre|gretap|ip6tnl|ip6gre|ip6gretap|erspan|wireguard|vlan|macvlan|macvtap|ipvlan|dummy|tun|vrf|team|ifb|nlmon|vti|xfrm|macsec|netkit)\b(?!_slave)(.*)$/;

function parse(text: string, netnsLabel: string | undefined): Parsed {
  if (text.trim() === '') return { facts: [], problems: [] };
  const devices = /^\s*\[/.test(text) ? readInterfacesJson(text) : readText(text);
  if (!devices || devices.length === 0) {
    return {
      facts: [],
      problems: failedOutput(text, 'output of ip addr or ip link'),
    };
  }
  const place = netnsLabel === undefined ? {} : { netns: netnsLabel };
  const facts = devices.flatMap(({ value, span, addressSpans }) => [
    NetworkInterface.fact(span, { ...place, ...value }),
    ...value.addresses.map((each, at) =>
      InterfaceAddress.fact(addressSpans[at] ?? span, { ...place, interface: value.name, ...each }),
    ),
  ]);
  return { facts, problems: [] };
}

function readText(text: string): Device[] {
  const devices: Reading[] = [];
  // `ip -o` puts a device on one line, with `\` where lines end otherwise, and repeats its head before each address.
  for (const [index, raw] of text.split('\n').entries()) {
    const number = index + 1;
    for (const line of raw.replace(/\r$/, '').split('\\')) readLine(devices, line, number);
  }
  return devices;
}

function readLine(devices: Reading[], line: string, number: number): void {
  const head = /^(\d+): ([^\s:@]+)(?:@([^\s:]+))?:?\s(.*)$/.exec(line);
  if (head) {
    const [, index, name, peer, rest] = head as unknown as [string, string, string, string | undefined, string];
    const last = devices.at(-1);
    if (last?.value.index !== Number(index) || last.value.name !== name) {
      const value: Draft = {
        name,
        index: Number(index),
        ...(peer !== undefined && { peer }),
        flags: [],
        addresses: [],
      };
      devices.push({ value, span: [number, number], addressSpans: [] });
    }
    devices.at(-1)!.awaits = undefined;
    readHead(devices.at(-1)!.value, rest);
    readAddress(devices.at(-1)!, rest, number);
    return;
  }
  const device = devices.at(-1);
  if (!device || line.trim() === '') return;
  device.span = [device.span[0], number];
  const { value } = device;
  const link = /^\s+link\/(\S+)(?: ([0-9a-f:.]+))?/.exec(line);
  const kind = kinds.exec(line);
  const counted = /^\s+([RT]X):\s+bytes/.exec(line);
  if (link) Object.assign(value, { linkType: link[1], ...(link[2] !== undefined && { mac: link[2] }) });
  else if (counted) device.awaits = counted[1] === 'RX' ? 'rx' : 'tx';
  else if (device.awaits) {
    const [bytes, packets, errors, dropped] = line.trim().split(/\s+/).map(Number);
    if (device.awaits === 'rx' && dropped !== undefined) {
      const rx = { rxBytes: bytes!, rxPackets: packets!, rxErrors: errors!, rxDropped: dropped };
      value.counters = { ...rx, txBytes: 0, txPackets: 0, txErrors: 0, txDropped: 0 };
    } else if (value.counters && dropped !== undefined) {
      value.counters = {
        ...value.counters,
        txBytes: bytes!,
        txPackets: packets!,
        txErrors: errors!,
        txDropped: dropped,
      };
    }
    device.awaits = undefined;
  } else if (kind) readKind(value, kind[1]!, kind[2]!);
  else if (/^\s+bridge_slave /.test(line)) readPort(value, line);
  else readAddress(device, line.trim(), number);
}

function readHead(value: Draft, rest: string): void {
  const flags = /^<([^>]*)>/.exec(rest)?.[1];
  if (flags === undefined) return;
  const word = (name: string) => new RegExp(` ${name} (\\S+)`).exec(rest)?.[1];
  const [mtu, state, master] = [numberAfter('mtu', rest), word('state'), word('master')];
  value.flags = flags.split(',').filter(Boolean);
  if (mtu !== undefined) value.mtu = mtu;
  if (state !== undefined) value.state = state;
  if (master !== undefined) value.master = master;
}

function numberAfter(name: string, rest: string): number | undefined {
  const digits = new RegExp(` ${name} (\\d{1,15})(?= |$)`).exec(rest)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function readKind(value: Draft, kind: string, rest: string): void {
  value.kind = kind;
  if (kind !== 'vxlan' && kind !== 'geneve') return;
  const word = (name: string) => new RegExp(` ${name} (\\S+)`).exec(rest)?.[1];
  const [id, port] = [numberAfter('id', rest), numberAfter('dstport', rest)];
  const [local, device] = [word('local'), word('dev')];
  if (id !== undefined) value.vxlanId = id;
  if (port !== undefined) value.vxlanPort = port;
  if (local !== undefined) value.vxlanLocal = local;
  if (device !== undefined) value.vxlanDevice = device;
}

/** `bridge_slave state forwarding priority 32 cost 2 hairpin on guard off …` */
function readPort(value: Draft, line: string): void {
  const hairpin = / hairpin (on|off) /.exec(line)?.[1];
  if (hairpin !== undefined) value.hairpin = hairpin === 'on';
}

/** `inet 10.0.0.1/24 brd … scope global eth0`, `inet 10.0.0.1 peer 10.0.0.2/32 scope …`. */
function readAddress(device: Reading, text: string, number: number): void {
  const hit = /^(inet6?) ([0-9a-f.:]+)(?:\/(\d+))?(?: peer [0-9a-f.:]+(?:\/(\d+))?)?(.*)$/i.exec(text.trim());
  if (!hit) return;
  const family = hit[1]!;
  const prefixLength = Number(hit[3] ?? hit[4] ?? (family === 'inet' ? 32 : 128));
  const scope = / scope (\S+)/.exec(hit[5]!)?.[1] ?? 'global';
  device.value.addresses.push({ family, address: hit[2]!, prefixLength, scope });
  device.addressSpans.push([number, number]);
  device.span = [device.span[0], number];
}

export const interfaces = parser({
  reads: ['IpAddr', 'IpLink'],
  yields: [NetworkInterface, InterfaceAddress],
  parse: (text, source) => parse(text, source.labels.netns),
});
