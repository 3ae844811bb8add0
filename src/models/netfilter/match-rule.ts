// Does a rule match a packet? True, false, or unknown with the conditions that the dump or the bundle does not show.

import type { RuleValue } from '../../facts/parsers/network/ruleset.ts';
import { and, likely, negateIf, or, type Truth, unknown } from './kleene.ts';
import { matchMark } from './mark.ts';
import { isOfType, ruleName, type Subject } from './match-context.ts';
import { addressTest, type Condition, deviceTest, hasConnection, portTest, stateTest } from './match-fields.ts';
import { matchSet } from './match-set.ts';
import { readOtherMatch } from './other-matches.ts';
import { protocolNumberName } from './protocols.ts';

export interface RuleMatch {
  readonly truth: Truth;
  /** Of the packets that match everything else, how many the rule takes by dice. */
  readonly share?: number;
}

interface Compiled {
  readonly conditions: readonly Condition[];
  readonly share?: number;
}

const compiled = new WeakMap<RuleValue, Compiled>();

export function matchRule(subject: Subject): RuleMatch {
  const { value } = subject.rule;
  let rule = compiled.get(value);
  if (!rule) {
    rule = compile(value);
    compiled.set(value, rule);
  }
  let truth: Truth = true;
  for (const condition of rule.conditions) {
    truth = and(truth, condition(subject));
    if (truth === false) return { truth };
  }
  return rule.share === undefined ? { truth } : { truth, share: rule.share };
}

/** Conditions of a rule, those that decide most often and cost least first. */
function compile(value: RuleValue): Compiled {
  const conditions: Condition[] = [];
  const { destination, source, protocol, destinationPort, sourcePort, mark, connmark, ctstate, addrtype, set } = value;
  if (destination !== undefined) conditions.push(addressTest('destination', destination, value.destinationNegated));
  if (source !== undefined) conditions.push(addressTest('source', source, value.sourceNegated));
  if (protocol !== undefined) {
    const name = protocolNumberName(protocol);
    conditions.push(({ packet }) => (protocolNumberName(packet.protocol) === name) !== value.protocolNegated);
  }
  if (destinationPort !== undefined) {
    conditions.push(portTest('destinationPort', destinationPort, value.destinationPortNegated));
  }
  if (sourcePort !== undefined) conditions.push(portTest('sourcePort', sourcePort, value.sourcePortNegated));
  if (value.inInterface !== undefined) {
    conditions.push(deviceTest('inDevice', value.inInterface, value.inInterfaceNegated));
  }
  if (value.outInterface !== undefined) {
    conditions.push(deviceTest('outDevice', value.outInterface, value.outInterfaceNegated));
  }
  if (ctstate) {
    conditions.push((subject) => stateTest(ctstate, subject.connection, subject.untracked) !== value.ctstateNegated);
  }
  if (mark) {
    conditions.push(({ packet }) => negateIf(mark.negated, matchMark(packet.mark, mark, 'the mark of the packet')));
  }
  if (connmark) {
    conditions.push(
      (subject) =>
        hasConnection(subject) &&
        negateIf(connmark.negated, matchMark(subject.connection.mark, connmark, 'the mark of the connection')),
    );
  }
  if (addrtype) {
    conditions.push(({ packet, context }) => {
      const address = addrtype.side === 'source' ? packet.source : packet.destination;
      const types = addrtype.type.split(',').map((type) => isOfType(address, type, context));
      return negateIf(addrtype.negated, or(types));
    });
  }
  if (set) conditions.push((subject) => negateIf(set.negated, matchSet(set.name, set.directions, subject)));
  const { recent } = value;
  if (recent && recent.operation !== 'set') {
    conditions.push(({ packet }) =>
      negateIf(recent.negated, likely(`${packet.source || 'the client'} has connected here lately`, false)),
    );
  }
  let share = value.probability === undefined ? undefined : Math.floor(value.probability * 2 ** 31) / 2 ** 31;
  for (const text of value.otherMatches) {
    // What nft names of an extension and no more stands among the hidden fields too.
    if (text.startsWith('xt ') && value.hidden.some((name) => name !== 'comment' && name !== 'packets')) continue;
    // Of several states nft shows the last one, without the negation: what it shows is not what the rule asks.
    if (text.startsWith('ct status') && value.hidden.includes('ctstate')) continue;
    const other = readOtherMatch(text);
    conditions.push(...other.conditions);
    if (other.share !== undefined) share = (share ?? 1) * other.share;
  }
  conditions.push(...hiddenConditions(value));
  return share === undefined ? { conditions } : { conditions, share };
}

/** Options of targets and counters decide nothing about a match. */
const idle = new Set([
  'comment',
  'packets',
  'targetOptions',
  'toDestination',
  'toSource',
  'toPorts',
  'setMark',
  'rejectWith',
]);

/** Rules of kube-proxy whose mark got lost between two versions of iptables (kubernetes#112477). */
const markedBy = /^"?(kubernetes forwarding rules|kubernetes firewall for dropping marked packets)/;

function hiddenConditions(value: RuleValue): Condition[] {
  const hidden = value.hidden.filter((name) => !idle.has(name));
  const { comment, target, mark } = value;
  const lostMark =
    !mark &&
    !hidden.includes('mark') &&
    value.source === undefined &&
    value.destination === undefined &&
    ((markedBy.test(comment ?? '') && (target === 'ACCEPT' || target === 'DROP')) ||
      (target === 'RETURN' && comment?.startsWith('flanneld masq') === true));
  if (lostMark) hidden.push('mark');
  const named = interfacesMatter(value) ? hidden : hidden.filter((name) => !/^(in|out)Interface$/.test(name));
  if (named.length === 0) return [];
  const words = named.every((name) => /^(in|out)Interface$/.test(name)) ? 'interfaces' : named.join(', ');
  return [(subject) => unknown(`what the dump hides of rule ${ruleName(subject)} (${words}) matches`)];
}

/** kube-proxy writes no interfaces, but into the rules that tell pods from others where no CIDR does. */
function interfacesMatter({ chain, target, source, comment }: RuleValue): boolean {
  if (source === undefined && /^KUBE-(SVC|SVL|XLB)-/.test(chain)) return target === 'KUBE-MARK-MASQ';
  if (source === undefined && chain.startsWith('KUBE-EXT-')) return comment?.startsWith('pod traffic') === true;
  return !chain.startsWith('KUBE-') && target?.startsWith('KUBE-') !== true;
}
