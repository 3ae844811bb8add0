// What a rule does to a packet that it matches: verdict, translation, mark, or nothing that changes the way.

import { newMark } from '../../facts/parsers/network/rule-options.ts';
import { readMark } from '../../facts/parsers/network/ruleset.ts';
import type { End, Flow, Walk } from './flow.ts';
import { copyMark, setMark, showMark, unknownMark } from './mark.ts';
import { hasConnection } from './match-fields.ts';
import { allBits, type Connection, type Packet } from './packet.ts';
import type { Rule } from './ruleset.ts';
import { masquerade, netmap, redirect, type Translated, translateDestination, translateSource } from './translate.ts';

export interface Applied {
  readonly packet: Packet;
  readonly connection: Connection;
  readonly share: number;
  readonly effect: string;
  /** Absent: the next rule. */
  readonly end?: End;
  /** Why it ends as unknown. */
  readonly why?: string;
}

/** They leave the packet and its way as they are. */
const idle = new Set(
  [
    'LOG NFLOG ULOG TRACE AUDIT CHECKSUM TCPMSS DSCP TOS TTL HL CLASSIFY SECMARK CONNSECMARK TEE SET IDLETIMER LED RATEEST'.split(
      ' ',
    ),
    'ECN TCPOPTSTRIP ACCOUNT'.split(' '),
  ].flat(),
);

const known = new Set([
  ...idle,
  ...'ACCEPT DROP RETURN REJECT QUEUE NFQUEUE MARK CONNMARK CT DNAT SNAT MASQUERADE REDIRECT NETMAP TPROXY'.split(' '),
]);

export const isKnownTarget = (target: string) => known.has(target);

/** A rule that may or may not match makes no difference if it does nothing. */
export function isSideEffectFree({ value }: Rule): boolean {
  const { target, setMark: mark } = value;
  if (mark) return false;
  return (
    target === undefined ||
    idle.has(target) ||
    (target === 'CT' && !/notrack/.test(value.targetOptions ?? '') && !value.hidden.includes('targetOptions'))
  );
}

export function applyTarget(rule: Rule, { packet: before, connection }: Flow, walk: Walk): readonly Applied[] {
  const { target = '', targetOptions = '', setMark: mark, hidden } = rule.value;
  // In nft one rule may set a mark and decide.
  const packet = mark && target !== 'CONNMARK' ? { ...before, mark: setMark(before.mark, mark) } : before;
  const same = { packet, connection, share: 1 };
  const marked = mark ? `mark ${showMark(before.mark)} → ${showMark(packet.mark)}` : '';
  const end = (verdict: End, effect: string): readonly Applied[] => [
    { ...same, end: verdict, effect: marked ? `${marked}, ${effect}` : effect },
  ];
  const opaque = (why: string): readonly Applied[] => [{ ...same, end: 'unknown', effect: target, why }];
  const ended = (found: readonly (Translated | undefined)[] | undefined): readonly Applied[] =>
    found === undefined || found.includes(undefined)
      ? opaque(`${target} of ${rule.table.name} ${rule.chain} ${rule.position} cannot be read`)
      : (found as readonly Translated[]).map((each) => ({ ...each, end: 'accept' as const }));
  // An option that the dump hides may be `--random-fully`.
  const random = /random/.test(targetOptions) || (target === 'MASQUERADE' && hidden.includes('toPorts'));

  switch (target) {
    case '':
      return [{ ...same, effect: marked || 'counted' }];
    case 'ACCEPT':
      return end('accept', 'ACCEPT');
    case 'DROP':
      return end('drop', 'DROP');
    case 'RETURN':
      return end('return', 'RETURN');
    case 'REJECT': {
      const kind =
        rule.value.rejectWith ?? (packet.family === 'ip' ? 'icmp-port-unreachable' : 'icmp6-port-unreachable');
      return end({ reject: hidden.includes('rejectWith') ? 'unknown' : kind }, `REJECT with ${kind}`);
    }
    case 'QUEUE':
    case 'NFQUEUE':
      return opaque(`the program behind ${target} of ${rule.table.name} ${rule.chain} ${rule.position} decides`);
    case 'MARK':
      return mark
        ? [{ ...same, effect: marked }]
        : [{ ...same, packet: { ...before, mark: unknownMark }, effect: 'sets a mark that the dump hides' }];
    case 'CONNMARK':
      if (hidden.includes('targetOptions')) {
        const unseen = { packet: { ...packet, mark: unknownMark }, connection: { ...connection, mark: unknownMark } };
        return [{ ...same, ...unseen, effect: 'CONNMARK, of which the dump hides what it does' }];
      }
      if (!hasConnection({ connection, untracked: walk.untracked }))
        return [{ ...same, effect: 'CONNMARK, but the packet has no connection' }];
      return [connectionMark(packet, connection, targetOptions, rule.table.backend === 'nft')];
    case 'CT':
      // Zone and helper change nothing here, `--notrack` much.
      if (hidden.includes('targetOptions')) return opaque(hides(rule, 'what CT does'));
      // A packet that already has a connection keeps it: on the loopback device, the one it was sent with.
      return /notrack/.test(targetOptions) && walk.untracked
        ? [{ ...same, connection: { ...connection, state: 'UNTRACKED' }, effect: 'no connection tracking' }]
        : [{ ...same, effect: `CT ${targetOptions}` }];
    case 'TPROXY': {
      const set = /(?:--tproxy-mark|mark) (0x\S+)/.exec(targetOptions);
      const mask = set && readMark(set[1]!);
      const proxied = mask ? { ...packet, mark: setMark(packet.mark, mask) } : packet;
      return [{ ...same, packet: proxied, end: 'accept', effect: `TPROXY ${targetOptions}` }];
    }
    case 'DNAT':
      if (rule.value.toDestination === undefined) return opaque(hides(rule, 'the new address'));
      return ended(translateDestination(packet, connection, rule.value.toDestination));
    case 'REDIRECT':
      return ended([withPort(redirect(packet, connection, walk, rule.value.toPorts ?? ''), hidden)]);
    case 'SNAT': {
      const to = rule.value.toSource ?? /--to (\S+)/.exec(targetOptions)?.[1];
      return to === undefined
        ? opaque(hides(rule, 'the new address'))
        : ended(translateSource(packet, connection, to, random));
    }
    case 'MASQUERADE':
      return ended([masquerade(packet, connection, walk, rule.value.toPorts ?? '', random)]);
    case 'NETMAP': {
      const to = /(?:--to |to:)?(\S+\/\d+)/.exec(targetOptions)?.[1] ?? rule.value.toDestination ?? '';
      return ended([netmap(packet, connection, to, walk.hook === 'prerouting' || walk.hook === 'output')]);
    }
    default:
      return [{ ...same, effect: [marked, target, targetOptions].filter((part) => part !== '').join(' ') }];
  }
}

/** Where the dump hides the new port, nobody knows it. */
function withPort(translated: Translated, hidden: readonly string[]): Translated {
  if (!hidden.includes('toPorts')) return translated;
  const { destinationPort: _, ...packet } = translated.packet;
  return { ...translated, packet, effect: `${translated.effect.replace(/:\d+$/, '')}, to a port that the dump hides` };
}

const hides = ({ table, chain, position }: Rule, what: string) =>
  `the dump hides ${what} (${table.name} ${chain} ${position})`;

/**
 * `--save-mark --nfmask A --ctmask B`, `restore mask M`, `ct mark set mark and M`.
 * A rule of iptables shown by nft keeps the bits outside of M; one made with nft itself clears them.
 */
function connectionMark(packet: Packet, connection: Connection, options: string, ofIptables: boolean): Applied {
  const mask = (name: string) => Number(new RegExp(`${name} (0x[0-9a-f]+|\\d+)`).exec(options)?.[1] ?? allBits);
  const one = /mask/.test(options) && !/--(nf|ct)mask/.test(options) ? mask('mask') : mask('and');
  const nfMask = /--nfmask/.test(options) ? mask('--nfmask') : one;
  const ctMask = /--ctmask/.test(options) ? mask('--ctmask') : one;
  const changed = (mark: Connection['mark']): Applied => ({
    packet,
    connection: { ...connection, mark },
    share: 1,
    effect: `mark of the connection ${showMark(connection.mark)} → ${showMark(mark)}`,
  });
  if (/save|^ct mark set (?:meta )?mark\b/.test(options)) {
    return changed(
      copyMark(
        packet.mark,
        nfMask,
        connection.mark,
        /--ctmask/.test(options) ? ctMask : options.startsWith('ct mark set') && !ofIptables ? allBits : ctMask,
      ),
    );
  }
  if (/restore|^meta mark set ct mark/.test(options)) {
    const target = options.startsWith('meta') && !ofIptables ? allBits : nfMask;
    const mark = copyMark(connection.mark, ctMask, packet.mark, target);
    return {
      packet: { ...packet, mark },
      connection,
      share: 1,
      effect: `mark ${showMark(packet.mark)} → ${showMark(mark)}`,
    };
  }
  const set = /(?:--)?(set-xmark|xset|set-mark|set|and-mark|and|or-mark|or|xor-mark|xor) (0x\S+|\d+\S*)/.exec(options);
  const value = set && readMark(set[2]!.replace(/,$/, ''));
  if (!set || !value || /ct mark set ct mark/.test(options)) return changed(unknownMark);
  const operation = set[1] === 'set' ? 'set-mark' : set[1]!;
  return changed(setMark(connection.mark, newMark(operation, value.value, value.mask)));
}
