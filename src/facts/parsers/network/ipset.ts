// Reads `ipset list` and `ipset save`.
//
//   Name: KUBE-CLUSTER-IP                                create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024
//   Type: hash:ip,port                                   add KUBE-CLUSTER-IP 10.96.0.1,tcp:443 comment "default/kubernetes:https"
//   Header: family inet hashsize 1024 maxelem 65536
//   References: 3
//   Members:
//   10.96.0.1,tcp:443 comment "default/kubernetes:https"

import type { Span } from '../../../bundle/source.ts';
import { bool, factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';

const netns = optional(string('Network namespace, where the dump is of one other than the host.'));

export const IpSet = factType('IpSet', 'One ipset.', {
  node: node(),
  netns,
  name: string(),
  type: string('e.g. `hash:ip,port`.'),
  family: optional(string('`inet` or `inet6`.')),
  maxElements: optional(int('Room for members.')),
  references: optional(int('Rules that use it.')),
  members: int('Members listed.'),
  complete: bool('False if fewer members are listed than the head announces.'),
});

export const IpSetMember = factType('IpSetMember', 'One member of an ipset.', {
  node: node(),
  netns,
  set: string('Name of the set.'),
  member: string('As printed, e.g. `10.96.0.1,tcp:443`.'),
  address: optional(string('First address or network in it.')),
  protocol: optional(string()),
  port: optional(int()),
  nomatch: bool('True if it is an exception.'),
  comment: optional(string()),
});

interface Draft {
  readonly name: string;
  readonly first: number;
  last: number;
  type: string;
  header: string;
  references?: number;
  announced?: number;
  members: number;
}

export const ipset = parser({
  reads: 'IpsetList',
  yields: [IpSet, IpSetMember],
  parse(text, source) {
    const place = source.labels.netns === undefined ? {} : { netns: source.labels.netns };
    const sets = new Map<string, Draft>();
    const members: ReturnType<typeof IpSetMember.fact>[] = [];
    let current: Draft | undefined;
    let inMembers = false;
    const open = (name: string, line: number) => {
      current = { name, first: line, last: line, type: '', header: '', members: 0 };
      sets.set(name, current);
      return current;
    };
    const addMember = (set: Draft, line: string, span: Span) => {
      set.members += 1;
      set.last = span[1];
      members.push(IpSetMember.fact(span, { ...place, set: set.name, ...readMember(line) }));
    };
    for (const [index, raw] of text.split('\n').entries()) {
      const number = index + 1;
      const line = raw.trim();
      const created = /^create (\S+) (\S+)(.*)$/.exec(line);
      const added = /^add (\S+) (.*)$/.exec(line);
      const field = /^(Name|Type|Header|References|Number of entries|Members|Revision|Size in memory):\s*(.*)$/.exec(
        line,
      );
      if (line === '') inMembers = false;
      else if (created) Object.assign(open(created[1]!, number), { type: created[2]!, header: created[3]! });
      else if (added) {
        const set = sets.get(added[1]!);
        if (set) addMember(set, added[2]!, [number, number]);
      } else if (field?.[1] === 'Name') {
        open(field[2]!, number);
        inMembers = false;
      } else if (field && current && !inMembers) {
        current.last = number;
        if (field[1] === 'Type') current.type = field[2]!;
        if (field[1] === 'Header') current.header = field[2]!;
        if (field[1] === 'References') current.references = Number(field[2]);
        if (field[1] === 'Number of entries') current.announced = Number(field[2]);
        if (field[1] === 'Members') inMembers = true;
      } else if (current && inMembers) addMember(current, line, [number, number]);
    }
    if (sets.size === 0) {
      if (text.trim() === '') return { facts: [], problems: [] };
      return {
        facts: [],
        problems: failedOutput(text, 'output of ipset list or save'),
      };
    }
    const facts = [...sets.values()].map((set) => {
      const word = (name: string) => new RegExp(`\\b${name} (\\S+)`).exec(set.header)?.[1];
      const [family, room] = [word('family'), word('maxelem')];
      return IpSet.fact([set.first, set.last], {
        ...place,
        name: set.name,
        type: set.type,
        ...(family && { family }),
        ...(room && { maxElements: Number(room) }),
        ...(set.references !== undefined && { references: set.references }),
        members: set.members,
        complete: set.members >= (set.announced ?? 0),
      });
    });
    const short = [...sets.values()].filter((set) => set.members < (set.announced ?? 0));
    const problems = short.map(({ name, first, last, members: seen, announced }) => ({
      code: 'FILE_TRUNCATED' as const,
      span: [first, last] as const,
      detail: `set ${name} lists ${seen} of ${announced} members`,
    }));
    return { facts: [...facts, ...members], problems };
  },
});

function readMember(line: string) {
  const member = line.split(' ')[0]!;
  const address = /^[0-9a-f.:]+(?:\/\d+)?(?=,|$)/i.exec(member)?.[0];
  const port = /(?:^|,)(?:(tcp|udp|sctp|udplite|\d+):)?(\d+)(?=,|$)/i.exec(member);
  const comment = /comment "((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  return {
    member,
    ...(address !== undefined && /[.:]/.test(address) && { address }),
    ...(port?.[1] !== undefined && { protocol: port[1] }),
    ...(port && { port: Number(port[2]) }),
    nomatch: / nomatch\b/.test(line),
    ...(comment !== undefined && { comment }),
  };
}
