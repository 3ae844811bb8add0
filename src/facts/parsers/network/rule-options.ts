// Reads the options of one rule as iptables-save and `iptables -S` print them.
//
//   -A KUBE-SVC-X ! -s 10.244.0.0/16 -d 10.96.0.1/32 -p tcp -m comment --comment "a \"b\"" -m tcp --dport 443 -j KUBE-MARK-MASQ

import { intOf } from '../../text/plain-values.ts';
import {
  emptyRule,
  finishRule,
  markTest,
  plainAddress,
  protocolName,
  type RuleBody,
  readCounter,
  readMark,
} from './ruleset.ts';

export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** Splits as a shell would: quotes bind, a backslash keeps the next character. */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  const pattern = /"((?:[^"\\]|\\.)*)("|$)|(\S+)/g;
  for (let hit = pattern.exec(line); hit; hit = pattern.exec(line)) {
    if (hit[3] !== undefined) words.push({ text: hit[3], quoted: false });
    else words.push({ text: (hit[1] ?? '').replace(/\\(.)/g, '$1'), quoted: true });
  }
  return words;
}

interface Option {
  readonly name: string;
  readonly args: readonly string[];
  readonly negated: boolean;
}

/** Groups words into options; `!` may stand before the option or (long ago) before its value. */
function options(words: readonly Word[]): Option[] {
  const found: { name: string; args: string[]; negated: boolean }[] = [];
  let negated = false;
  for (const { text, quoted } of words) {
    const last = found.at(-1);
    if (!quoted && text === '!') negated = true;
    else if (!quoted && /^--?[a-zA-Z]/.test(text)) {
      found.push({ name: text, args: [], negated });
      negated = false;
    } else if (last) {
      if (negated) last.negated = true;
      negated = false;
      last.args.push(text);
    }
  }
  return found;
}

/** Extensions that decide nothing by themselves. */
const inert = new Set(['tcp', 'udp', 'sctp', 'udplite', 'dccp', 'icmp', 'icmp6', 'comment', 'nfacct']);

interface Extension {
  readonly name: string;
  /** Options that have no field, as text. */
  readonly rest: string[];
  understood: number;
}

/** The rule after `-A CHAIN`. Options nobody knows become other matches, or options of the target. */
export function readRuleOptions(words: readonly Word[], text: string): RuleBody {
  const rule = emptyRule(text);
  const extensions: Extension[] = [];
  const targetRest: string[] = [];
  let current: Extension | undefined;
  for (const option of options(words)) {
    if (option.name === '-m' || option.name === '--match') {
      current = { name: option.args[0] ?? '', rest: [], understood: 0 };
      extensions.push(current);
    } else if (isBasic(rule, option)) continue;
    else if (rule.target !== undefined) {
      if (!isTargetOption(rule, option)) targetRest.push(asText(option));
    } else {
      if (!current) {
        current = { name: rule.protocol ?? '', rest: [], understood: 0 };
        extensions.push(current);
      }
      if (isMatch(rule, current.name, option)) current.understood += 1;
      else current.rest.push(asText(option));
    }
  }
  for (const { name, rest, understood } of extensions) {
    if (name === 'recent' && rule.recent?.name === '') rule.recent = { ...rule.recent, name: 'DEFAULT' };
    if (rest.length > 0 || (understood === 0 && !inert.has(name))) rule.otherMatches.push([name, ...rest].join(' '));
  }
  // The old name of `CT --notrack`.
  if (rule.target === 'NOTRACK') {
    rule.target = 'CT';
    targetRest.push('--notrack');
  }
  if (targetRest.length > 0) rule.targetOptions = targetRest.join(' ');
  return finishRule(rule);
}

const asText = ({ name, args, negated }: Option) => [...(negated ? ['!'] : []), name, ...args].join(' ');

function isBasic(rule: RuleBody, { name, args, negated }: Option): boolean {
  const value = args[0];
  if (value === undefined) return name === '-4' || name === '-6';
  switch (name) {
    case '-s':
    case '--source': {
      const source = plainAddress(value);
      if (source !== undefined) Object.assign(rule, { source, sourceNegated: negated });
      return true;
    }
    case '-d':
    case '--destination': {
      const destination = plainAddress(value);
      if (destination !== undefined) Object.assign(rule, { destination, destinationNegated: negated });
      return true;
    }
    case '-p':
    case '--protocol': {
      const protocol = protocolName(value);
      if (protocol !== undefined) Object.assign(rule, { protocol, protocolNegated: negated });
      return true;
    }
    case '-i':
    case '--in-interface':
      Object.assign(rule, { inInterface: value, inInterfaceNegated: negated });
      return true;
    case '-o':
    case '--out-interface':
      Object.assign(rule, { outInterface: value, outInterfaceNegated: negated });
      return true;
    case '-j':
    case '--jump':
    case '-g':
    case '--goto':
      rule.target = value;
      rule.goto = name === '-g' || name === '--goto';
      return true;
    case '-c':
    case '--set-counters':
      if (args.length !== 2 || args.some((counter) => Number.isNaN(readCounter(counter)))) return false;
      rule.packets = readCounter(args[0]!);
      rule.bytes = readCounter(args[1]!);
      return true;
    default:
      return false;
  }
}

function isTargetOption(rule: RuleBody, { name, args }: Option): boolean {
  const value = args[0];
  if (value === undefined) return false;
  const mark = name.endsWith('mark') ? readMark(value) : undefined;
  if (name === '--to-destination') rule.toDestination = value;
  else if (name === '--to-source') rule.toSource = value;
  else if (name === '--to-ports' || name === '--to-port') rule.toPorts = value;
  else if (name === '--reject-with') rule.rejectWith = value;
  else if (mark && rule.target === 'MARK') rule.setMark = newMark(name.slice(2), mark.value, mark.mask);
  else return false;
  return true;
}

/** Every way to set a mark, as (old and not mask) xor value. */
export function newMark(operation: string, value: number, mask = 0xffffffff): { value: number; mask: number } {
  switch (operation) {
    case 'or-mark':
    case 'or':
      return { value, mask: value };
    case 'xor-mark':
    case 'xor':
      return { value, mask: 0 };
    case 'and-mark':
    case 'and':
      return { value: 0, mask: ~value >>> 0 };
    case 'set-mark':
      return { value, mask: (mask | value) >>> 0 };
    default:
      return { value, mask };
  }
}

function isMatch(rule: RuleBody, extension: string, { name, args, negated }: Option): boolean {
  const value = args[0];
  switch (name) {
    case '--comment':
      rule.comment = rule.comment === undefined ? (value ?? '') : `${rule.comment} ${value}`;
      return true;
    case '--dport':
    case '--dports':
    case '--destination-port':
    case '--destination-ports':
      if (value === undefined || rule.destinationPort !== undefined) return false;
      Object.assign(rule, { destinationPort: value, destinationPortNegated: negated });
      return true;
    case '--sport':
    case '--sports':
    case '--source-port':
    case '--source-ports':
      if (value === undefined || rule.sourcePort !== undefined) return false;
      Object.assign(rule, { sourcePort: value, sourcePortNegated: negated });
      return true;
    case '--mark': {
      const mark = value === undefined ? undefined : readMark(value);
      const field = extension === 'connmark' ? 'connmark' : extension === 'mark' ? 'mark' : undefined;
      if (!mark || !field || rule[field]) return false;
      rule[field] = markTest(mark.value, mark.mask, negated);
      return true;
    }
    case '--ctstate':
    case '--state':
      if (value === undefined || rule.ctstate) return false;
      Object.assign(rule, { ctstate: value.split(','), ctstateNegated: negated });
      return true;
    case '--dst-type':
    case '--src-type':
      if (value === undefined || rule.addrtype) return false;
      rule.addrtype = { side: name === '--dst-type' ? 'destination' : 'source', type: value, negated };
      return true;
    case '--mode':
      return extension === 'statistic' && value === 'random';
    case '--probability':
      if (negated || value === undefined || !Number.isFinite(Number(value))) return false;
      rule.probability = Number(value);
      return true;
    case '--match-set':
      if (value === undefined || rule.set) return false;
      rule.set = { name: value, directions: args[1] ?? '', negated };
      return true;
    case '--nfacct-name':
      return true;
    default:
      return extension === 'recent' && isRecent(rule, name, value, negated);
  }
}

function isRecent(rule: RuleBody, name: string, value: string | undefined, negated: boolean): boolean {
  const recent = rule.recent ?? { operation: '', name: '', reap: false, negated: false };
  const number = intOf(value);
  const operation = { '--rcheck': 'check', '--set': 'set', '--update': 'update', '--remove': 'remove' }[name];
  if (operation) rule.recent = { ...recent, operation, negated };
  else if (name === '--name' && value !== undefined) rule.recent = { ...recent, name: value };
  else if (name === '--seconds' && number !== undefined) rule.recent = { ...recent, seconds: number };
  else if (name === '--hitcount' && number !== undefined) rule.recent = { ...recent, hitCount: number };
  else if (name === '--reap') rule.recent = { ...recent, reap: true };
  else return name === '--rsource' || name === '--mask';
  return true;
}
