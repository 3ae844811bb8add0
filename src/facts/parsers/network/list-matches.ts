// Reads what `iptables -L` prints after the address columns: matches and target options as free text.
//
//   /* default/kubernetes:https */ recent: SET name: KUBE-SEP-A side: source mask: 255.255.255.255 tcp to:172.18.0.3:6443

import { intOf } from '../../text/plain-values.ts';
import { wordTable } from '../../text/word-table.ts';
import { newMark } from './rule-options.ts';
import { markTest, type RuleBody, readMark } from './ruleset.ts';

type Apply = (rule: RuleBody, hit: RegExpExecArray) => boolean;

/** Names that `-L` without `-n` prints in place of the ports that matter here. */
const services = wordTable<string>({
  bootpc: '68',
  bootps: '67',
  domain: '53',
  'etcd-client': '2379',
  'etcd-server': '2380',
  ftp: '21',
  http: '80',
  'http-alt': '8080',
  https: '443',
  imaps: '993',
  ldap: '389',
  ldaps: '636',
  mdns: '5353',
  mysql: '3306',
  nfs: '2049',
  ntp: '123',
  postgresql: '5432',
  smtp: '25',
  snmp: '161',
  ssh: '22',
  sunrpc: '111',
  syslog: '514',
  tproxy: '8081',
  webcache: '8080',
});
const portNumbers = (text: string) =>
  text
    .split(/([:,])/)
    .map((part) => services[part] ?? part)
    .join('');

const port =
  (side: 'source' | 'destination'): Apply =>
  (rule, hit) => {
    if (rule[`${side}Port`] !== undefined) return false;
    rule[`${side}Port`] = portNumbers(hit[2]!);
    rule[`${side}PortNegated`] = hit[1] === '!';
    return true;
  };

const matched =
  (field: 'mark' | 'connmark'): Apply =>
  (rule, hit) => {
    const mark = readMark(hit[2]!);
    if (!mark || rule[field]) return false;
    rule[field] = markTest(mark.value, mark.mask, hit[1] !== undefined);
    return true;
  };

const recentOperations: Record<string, string> = { CHECK: 'check', SET: 'set', UPDATE: 'update', REMOVE: 'remove' };

/** Each at the head of what is left; the first that hits and has its field free wins. */
const forms: readonly (readonly [RegExp, Apply])[] = [
  [/(?:tcp|udp|sctp|udplite|dccp)(?=flags:|\s|$)/y, () => true],
  [/spts?:(!?)(\S+?)(?=flags:|\s|$)/y, port('source')],
  [/dpts?:(!?)(\S+?)(?=flags:|\s|$)/y, port('destination')],
  [/multiport (?:sports|source-ports)\s+(!?)(\S+)/y, port('source')],
  [/multiport (?:dports|destination-ports)\s+(!?)(\S+)/y, port('destination')],
  [/mark match\s+(!\s*)?(0x\S+)/y, matched('mark')],
  [/connmark match\s+(!\s*)?(0x\S+)/y, matched('connmark')],
  [
    /(!\s*)?(?:ctstate|state) (\S+)/y,
    (rule, hit) => {
      if (rule.ctstate) return false;
      rule.ctstate = hit[2]!.split(',');
      rule.ctstateNegated = hit[1] !== undefined;
      return true;
    },
  ],
  [
    /ADDRTYPE match (src|dst)-type (!)?(\S+)/y,
    (rule, hit) => {
      if (rule.addrtype) return false;
      rule.addrtype = { side: hit[1] === 'dst' ? 'destination' : 'source', type: hit[3]!, negated: hit[2] === '!' };
      return true;
    },
  ],
  [
    /statistic mode random probability (\d\S*)/y,
    (rule, hit) => {
      const probability = Number(hit[1]);
      if (!Number.isFinite(probability)) return false;
      rule.probability = probability;
      return true;
    },
  ],
  [
    /(!\s*)?recent: (CHECK|SET|UPDATE|REMOVE)((?: (?:seconds: \d+|hit_count: \d+|reap|name: \S+|side: \S+|mask: \S+|TTL-Match))*)/y,
    (rule, hit) => {
      if (rule.recent) return false;
      const number = (name: string) => intOf(new RegExp(`${name}: (\\d+)`).exec(hit[3]!)?.[1]);
      const [seconds, hitCount] = [number('seconds'), number('hit_count')];
      rule.recent = {
        operation: recentOperations[hit[2]!] ?? '',
        name: / name: (\S+)/.exec(hit[3]!)?.[1] ?? '',
        ...(seconds !== undefined && { seconds }),
        ...(hitCount !== undefined && { hitCount }),
        reap: / reap/.test(hit[3]!),
        negated: hit[1] !== undefined,
      };
      return true;
    },
  ],
  [
    /(!\s*)?match-set (\S+) (\S+)/y,
    (rule, hit) => {
      if (rule.set) return false;
      rule.set = { name: hit[2]!, directions: hit[3]!, negated: hit[1] !== undefined };
      return true;
    },
  ],
  [/nfacct-name\s+\S+/y, () => true],
  [
    /to:(\S+)/y,
    (rule, hit) => {
      if (rule.target === 'SNAT') rule.toSource = hit[1]!;
      else rule.toDestination = hit[1]!;
      return true;
    },
  ],
  [
    /(?:redir ports|masq ports:?) (\S+)/y,
    (rule, hit) => {
      rule.toPorts = hit[1]!;
      return true;
    },
  ],
  [
    /reject-with (\S+)/y,
    (rule, hit) => {
      rule.rejectWith = hit[1]!;
      return true;
    },
  ],
  [
    /MARK (or|xor|and|set|xset) (\S+)/y,
    (rule, hit) => {
      const mark = rule.target === 'MARK' ? readMark(hit[2]!) : undefined;
      if (mark) rule.setMark = newMark(hit[1] === 'set' ? 'set-mark' : hit[1]!, mark.value, mark.mask);
      return mark !== undefined;
    },
  ],
];

/** Words that only a target prints; with the target's own name in capitals, what follows is its options. */
const targetWord = /^(random-fully|random|persistent|--?clamp\S*)$/;

/** Takes out what stands between the marks of a comment. */
function takeComments(text: string): { comments: string[]; rest: string } {
  const comments: string[] = [];
  let rest = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf('/* ', at);
    const close = open < 0 ? -1 : text.indexOf('*/', open + 2);
    if (close < 0) return { comments, rest: rest + text.slice(at) };
    comments.push(text.slice(open + 3, close).trimEnd());
    rest += `${text.slice(at, open)} `;
    at = close + 2;
  }
}

export function readListMatches(rule: RuleBody, text: string): void {
  const { comments, rest } = takeComments(text);
  let left = rest;
  if (comments.length > 0) rule.comment = comments.join(' ');
  left = left.replace(/\[goto\]/, () => {
    rule.goto = true;
    return ' ';
  });
  let unknown: string[] = [];
  const targetOptions: string[] = [];
  const flush = () => {
    if (unknown.length > 0) rule.otherMatches.push(unknown.join(' '));
    unknown = [];
  };
  for (let at = 0; at < left.length; ) {
    if (/\s/.test(left[at]!)) {
      at += 1;
      continue;
    }
    const end = readForm(rule, left, at);
    if (end !== undefined) {
      flush();
      at = end;
      continue;
    }
    const word = /\S+/y;
    word.lastIndex = at;
    const next = word.exec(left)![0];
    const named = next === rule.target || (rule.target === 'CT' && next === 'NOTRACK');
    if (named && /^[A-Z]+$/.test(next)) {
      // The one option that stands without the name of the target before it.
      if (next === 'NOTRACK') targetOptions.push('notrack');
      targetOptions.push(left.slice(at + next.length).trim());
      break;
    }
    if (targetWord.test(next)) targetOptions.push(next);
    else unknown.push(next);
    at += next.length;
  }
  flush();
  const options = targetOptions.filter((option) => option !== '').join(' ');
  if (options !== '') rule.targetOptions = options;
}

function readForm(rule: RuleBody, text: string, at: number): number | undefined {
  for (const [pattern, apply] of forms) {
    pattern.lastIndex = at;
    const hit = pattern.exec(text);
    if (hit && apply(rule, hit)) return pattern.lastIndex;
  }
  return undefined;
}
