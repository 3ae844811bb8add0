// Reads kernel settings: `sysctl -a`, single files of /proc/sys, and sysctl.conf with its drop-ins.
//
//   kernel.sem = 32000	1024000000	500	32000
//   net.ipv4.conf.eth0/1.rp_filter = 1
//   sysctl: permission denied on key 'net.ipv6.conf.all.stable_secret'

import type { Source, Span } from '../../../bundle/source.ts';
import { type Fact, factType, int, list, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Line, spokenLines, wholeSpan } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';

export const Sysctl = factType('Sysctl', 'A kernel setting of the namespaces of the host, never those of a pod.', {
  node: node(),
  name: string('With dots between its parts (`kernel.sem`); a dot inside a part is `/` (`net.ipv4.conf.eth0/1.mtu`).'),
  value: string('The value, blanks and tabs between its parts as one space; may be empty.'),
  values: list(string(), 'The parts of the value.'),
  origin: string('`live`: what the kernel says; `file`: what a configuration file asks for.'),
  file: optional(string('Base name of the configuration file; of equal settings the last name wins.')),
  folder: optional(
    string('`etc`, `run`, `usr/local/lib` or `usr/lib`: a file hides those of the same name in later ones of these.'),
  ),
  position: optional(int('Place among the settings of the file, from 1; the last of equal ones wins.')),
});

export const sysctl = parser({
  reads: 'Sysctl',
  yields: Sysctl,
  parse(text, source) {
    const lines = spokenLines(text);
    const entries = joinRepeated(lines.flatMap((line) => readEntry(line, /^([^\s=:#;]+) = ?(.*)$/) ?? []));
    if (entries.length === 0) return { facts: [], problems: failedOutput(text, 'output of sysctl -a') };
    return { facts: entries.map((entry) => liveFact(entry, source)), problems: [] };
  },
});

export const procSysFile = parser({
  reads: 'ProcSysFile',
  yields: Sysctl,
  parse(text, source) {
    const path = source.labels.key ?? /(?:^|[/!])proc\/sys\/(.+)$/.exec(source.path)?.[1];
    if (path === undefined) return { facts: [], problems: [] };
    // A key with a dot and no slash is written the way sysctl writes it; a path has slashes alone.
    const entry = { name: sysctlName(path), value: text.trim(), span: wholeSpan(text) };
    return { facts: [liveFact(entry, source)], problems: [] };
  },
});

export const sysctlConf = parser({
  reads: 'SysctlConf',
  yields: Sysctl,
  parse(text, source) {
    const lines = spokenLines(text).filter((line) => !/^\s*[#;]/.test(line.text));
    const file = source.path.split(/[/!]/).at(-1) ?? '';
    const folder = /(?:^|[/!])(etc|run|usr\/local\/lib|usr\/lib)\/sysctl(?:\.d\/[^/]+|\.conf)$/.exec(source.path)?.[1];
    const entries = lines.flatMap((line) => readEntry(line, /^\s*-?\s*([A-Za-z0-9_][^\s=:]*)\s*=\s*(.*)$/) ?? []);
    const facts = entries.map((entry, index) =>
      Sysctl.fact(entry.span, present({ ...said(entry), origin: 'file', file, folder, position: index + 1 })),
    );
    const problems = facts.length === 0 && lines.length > 0 ? failedOutput(text, 'a sysctl.conf') : [];
    return { facts, problems };
  },
});

interface Entry {
  readonly name: string;
  readonly value: string;
  readonly span: Span;
}

function readEntry(line: Line, pattern: RegExp): Entry | undefined {
  const [, name, value] = pattern.exec(line.text) ?? [];
  if (name === undefined || !/^[\w@*-]+(?:[./][\w.:@*/-]+)*$/.test(name)) return undefined;
  return { name: sysctlName(name), value: value ?? '', span: [line.number, line.number] };
}

/** A value of several lines (`dev.cdrom.info`) is printed as the same key again and again. */
function joinRepeated(entries: readonly Entry[]): Entry[] {
  const joined: Entry[] = [];
  for (const entry of entries) {
    const last = joined.at(-1);
    if (last?.name !== entry.name || last.span[1] + 1 !== entry.span[0]) joined.push(entry);
    else
      joined[joined.length - 1] = {
        ...last,
        value: `${last.value} ${entry.value}`,
        span: [last.span[0], entry.span[1]],
      };
  }
  return joined;
}

function liveFact(entry: Entry, source: Source): Fact {
  return Sysctl.fact(entry.span, { ...said(entry), origin: 'live' }, { key: machineKey(source, entry.name) });
}

function said({ name, value }: Entry) {
  const values = value.split(/\s+/).filter((part) => part !== '');
  return present({ name, value: values.join(' '), values });
}

/**
 * `net/ipv4/conf/eth0.1/mtu` and `net.ipv4.conf.eth0/1.mtu` are one setting: the first separator tells which spelling
 * it is. Tools that know no better print the interface with its dots, so these are found by their place.
 */
export function sysctlName(written: string): string {
  const slash = written.indexOf('/');
  const dot = written.indexOf('.');
  const bySlashes = slash >= 0 && (dot < 0 || slash < dot);
  const name = bySlashes
    ? written
        .split('/')
        .map((part) => part.replaceAll('.', '/'))
        .join('.')
    : written;
  const device = /^(net\.(?:ipv4|ipv6|mpls)\.(?:conf|neigh)\.)(.+)(\.[^.]+)$/.exec(name);
  return device ? `${device[1]}${device[2]?.replaceAll('.', '/')}${device[3]}` : name;
}
