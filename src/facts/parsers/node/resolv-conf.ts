// Reads `/etc/resolv.conf`: the name servers a node, and pods with dnsPolicy Default, ask.
//
//   search example.com cluster.local
//   nameserver 10.0.0.2
//   options ndots:5 timeout:2

import { factType, list, map, node, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { spokenLines } from '../../text/lines.ts';

export const ResolvConf = factType('ResolvConf', 'The resolver configuration of a node.', {
  node: node(),
  nameservers: list(string(), 'Addresses; the resolver asks the first three.'),
  search: list(string(), 'Domains; of several search and domain lines the last one counts.'),
  options: map(string(), 'Value by name; empty for an option without one.'),
});

export const resolvConf = parser({
  reads: 'ResolvConf',
  yields: ResolvConf,
  parse(text) {
    const lines = spokenLines(text).filter((line) => !/^\s*[#;]/.test(line.text));
    const words = lines.map((line) => ({ line, words: line.text.trim().split(/\s+/) }));
    const known = words.filter(({ words }) => /^(?:nameserver|search|domain|options|sortlist)$/.test(words[0] ?? ''));
    const first = known[0]?.line.number;
    if (first === undefined)
      return { facts: [], problems: lines.length === 0 ? [] : failedOutput(text, 'a resolv.conf') };
    const all = (key: string) => known.filter(({ words }) => words[0] === key).map(({ words }) => words.slice(1));
    const search = known.filter(({ words }) => words[0] === 'search' || words[0] === 'domain').at(-1);
    const options = all('options')
      .flat()
      .map((option) => {
        const [name = '', ...rest] = option.split(':');
        return [name, rest.join(':')] as const;
      });
    const value = {
      nameservers: all('nameserver').flatMap(([address]) => address ?? []),
      search: search?.words.slice(1) ?? [],
      options: Object.fromEntries(options),
    };
    return { facts: [ResolvConf.fact([first, known.at(-1)?.line.number ?? first], value)], problems: [] };
  },
});
