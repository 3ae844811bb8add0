// What the walk predicts for one packet on the router of the replay, as lines like those of the kernel's TRACE.

import type { FactStore } from '../../src/facts/store.ts';
import { nodeFactsOf } from '../../src/models/netfilter/node-facts.ts';
import { noMark, type Packet } from '../../src/models/netfilter/packet.ts';
import { rulesetOf } from '../../src/models/netfilter/ruleset.ts';
import { type HookBranch, walkHook } from '../../src/models/netfilter/walk-hook.ts';
import type { Hook } from '../../src/models/path/trace.ts';
import { type SentPacket, wiring } from './random-rules.ts';

export interface Prediction {
  readonly lines: readonly string[];
  /** More than one way, or something taken for granted: from a whole dump there is nothing to guess. */
  readonly guesses: readonly string[];
}

/** The routes of the router are three. */
function deviceTo(destination: string): string {
  const { left, right, router } = wiring;
  if (destination.startsWith('127.') || (Object.values(router) as string[]).includes(destination)) return 'lo';
  return destination.startsWith('10.61.0.') ? left : right;
}

export function predict(store: FactStore, node: string | undefined, sent: SentPacket): Prediction {
  const ruleset = rulesetOf(store, node);
  const nodeFacts = nodeFactsOf(store, node);
  const { source, destination, sourcePort, destinationPort, protocol } = sent;
  const guesses: string[] = [];
  const steps: HookBranch['steps'][number][] = [];
  /** False where the packet ends. */
  const pass = (hook: Hook, devices: Partial<Packet>): boolean => {
    const branches = walkHook(
      ruleset,
      { node: node ?? '', hook, nodeFacts },
      { packet: { ...way.packet, ...devices }, connection: way.connection },
    );
    if (branches.length !== 1) guesses.push(`${branches.length} ways at ${hook}`);
    for (const branch of branches) guesses.push(...branch.assumptions);
    const branch = branches[0];
    if (!branch) return false;
    way = branch;
    steps.push(...branch.steps);
    return branch.verdict === 'accept';
  };
  const family = 'ip' as const;
  const devices = { inDevice: '', outDevice: '' };
  const packet: Packet = {
    family,
    protocol,
    source,
    destination,
    sourcePort,
    destinationPort,
    mark: noMark,
    ...devices,
    lengthBytes: protocol === 'tcp' ? 40 : 28,
  };
  let way: Pick<HookBranch, 'packet' | 'connection'> = {
    packet,
    connection: {
      state: 'NEW',
      mark: noMark,
      original: { source, destination, destinationPort },
      destinationDecided: false,
      sourceDecided: false,
      destinationTranslated: false,
      sourceTranslated: false,
    },
  };
  const out = () => deviceTo(way.packet.destination);
  const receive = (inDevice: string): boolean => {
    if (!pass('prerouting', { inDevice, outDevice: '' })) return false;
    if (inDevice === 'lo' || out() === 'lo') return pass('input', { inDevice, outDevice: '' });
    if (!pass('forward', { inDevice, outDevice: out() })) return false;
    // Since Linux 5.7 a forwarded packet still has the device it came by.
    return pass('postrouting', { inDevice, outDevice: out() });
  };
  if (sent.from === 'client') receive(wiring.left);
  else if (pass('output', { inDevice: '', outDevice: out() })) {
    const outDevice = out();
    if (pass('postrouting', { inDevice: '', outDevice }) && outDevice === 'lo') receive('lo');
  }
  const lines = steps.flatMap(({ rule, packet: at }) => {
    if (!rule) return [];
    const ends = `${at.source}:${at.sourcePort}->${at.destination}:${at.destinationPort}`;
    const mark = ((at.mark.value & at.mark.known) >>> 0).toString(16);
    return [
      `${rule.table}:${rule.chain}:${rule.kind}:${rule.number} in=${at.inDevice} out=${at.outDevice} ${ends} mark=0x${mark}`,
    ];
  });
  // The rule that switches TRACE on is not traced itself.
  return { lines: lines.slice(1), guesses };
}

/** A line of TRACE in the same words; undefined for packets of somebody else. */
export function recorded(line: string, id: number): string | undefined {
  const field = (name: string) => new RegExp(`(?:^| )${name}=(\\S*)`).exec(line)?.[1] ?? '';
  if (field('ID') !== String(id)) return undefined;
  const label = line.split(' ')[0];
  const ends = `${field('SRC')}:${field('SPT')}->${field('DST')}:${field('DPT')}`;
  return `${label} in=${field('IN')} out=${field('OUT')} ${ends} mark=${field('MARK') || '0x0'}`;
}
