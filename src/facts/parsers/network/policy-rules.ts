// Reads `ip rule`: which routing table is asked, in order of priority.
//
//   0:      from all lookup local
//   32766:  from all lookup main
//   100:    not from 10.0.0.0/8 fwmark 0x1/0xff lookup 200

import { bool, factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';

export const RoutingRule = factType('RoutingRule', 'One rule of `ip rule`.', {
  node: node(),
  netns: optional(string('Network namespace, where the dump is of one other than the host.')),
  priority: int(),
  negated: bool('True for `not`.'),
  from: string('Network, address or `all`.'),
  to: optional(string()),
  mark: optional(string('Firewall mark, as `0x1/0xff`.')),
  inInterface: optional(string()),
  outInterface: optional(string()),
  table: optional(string('Table that is asked.')),
  action: string('`lookup`, `goto`, `unreachable`, `blackhole`, `prohibit` or `nop`.'),
  text: string('The rule as printed.'),
});

export const policyRules = parser({
  reads: 'IpRule',
  yields: RoutingRule,
  parse(text, source) {
    const place = source.labels.netns === undefined ? {} : { netns: source.labels.netns };
    if (/^\s*\[/.test(text)) return { facts: fromJson(text, place), problems: [] };
    const facts = text.split('\n').flatMap((raw, index) => {
      const line = /^(\d+):\s+(.*?)\s*$/.exec(raw.replace(/\r$/, ''));
      if (!line) return [];
      const words = ` ${line[2]}`;
      const word = (name: string) => new RegExp(` ${name} (\\S+)`).exec(words)?.[1];
      const optionals = {
        to: word('to'),
        mark: word('fwmark'),
        inInterface: word('iif') ?? word('dev'),
        outInterface: word('oif'),
        table: word('lookup') ?? word('table'),
      };
      const value = {
        ...place,
        priority: Number(line[1]),
        negated: / not /.test(`${words} `),
        from: word('from') ?? 'all',
        ...(Object.fromEntries(Object.entries(optionals).filter(([, each]) => each !== undefined)) as Partial<
          typeof optionals
        >),
        action: / (unreachable|blackhole|prohibit|nop|goto)\b/.exec(words)?.[1] ?? 'lookup',
        text: line[2]!,
      };
      return [RoutingRule.fact([index + 1, index + 1], value)];
    });
    if (facts.length > 0 || text.trim() === '') return { facts, problems: [] };
    return { facts, problems: failedOutput(text, 'output of ip rule') };
  },
});

/** `[{"priority":100,"not":null,"src":"10.0.0.0","srclen":8,"fwmark":"0x1","table":"200"}]` */
function fromJson(text: string, place: { netns?: string }) {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  const last = text.trimEnd().split('\n').length;
  return parsed.flatMap((entry: Record<string, unknown> | null) => {
    if (entry === null || typeof entry.priority !== 'number') return [];
    const word = (name: string) => (typeof entry[name] === 'string' ? (entry[name] as string) : undefined);
    const net = (name: string) => {
      const length = entry[`${name}len`];
      return word(name) && (typeof length === 'number' ? `${word(name)}/${length}` : word(name));
    };
    const mask = word('fwmask');
    const mark = word('fwmark') && `${word('fwmark')}${mask === undefined ? '' : `/${mask}`}`;
    const [to, inInterface, outInterface, table] = [net('dst'), word('iif'), word('oif'), word('table')];
    const value = {
      ...place,
      priority: entry.priority,
      negated: 'not' in entry,
      from: net('src') ?? 'all',
      ...(to !== undefined && { to }),
      ...(mark !== undefined && { mark }),
      ...(inInterface !== undefined && { inInterface }),
      ...(outInterface !== undefined && { outInterface }),
      ...(table !== undefined && { table }),
      action: word('action') ?? 'lookup',
      text: JSON.stringify(entry),
    };
    return [RoutingRule.fact([1, last], value)];
  });
}
