// Reads a CNI configuration: `*.conf`, `*.conflist` or `*.json` of /etc/cni/net.d, the broken ones too.
//
//   { "cniVersion": "0.4.0", "name": "cbr0", "plugins": [ { "type": "flannel" }, { "type": "portmap" } ] }

import { bool, factType, int, list, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';

export const CniConfiguration = factType(
  'CniConfiguration',
  'One network configuration that the runtime may pick up.',
  {
    node: node(),
    fileName: string('The first in the order of names is used.'),
    directory: string('Folder it lies in, as in the input.'),
    isList: bool('True for a list of plugins (conflist).'),
    name: optional(string()),
    cniVersion: optional(string()),
    plugins: list(string(), 'Types, in order.'),
    mtu: optional(int('Bytes, if a plugin sets it.')),
    subnet: optional(string('First subnet of host-local address management.')),
    delegate: optional(string('Type of the plugin that this one calls, e.g. of multus or flannel.')),
    valid: bool('False if a runtime would refuse it.'),
    problem: optional(string('Why.')),
  },
);

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

export const cni = parser({
  reads: 'CniConfig',
  yields: CniConfiguration,
  parse(source, { path }) {
    const cut = path.lastIndexOf('/');
    const place = { fileName: path.slice(cut + 1), directory: path.slice(0, Math.max(cut, 0)) };
    const span = [1, Math.max(1, source.trimEnd().split('\n').length)] as const;
    const broken = (problem: string) => ({ ...place, isList: false, plugins: [], valid: false, problem });
    if (source.trim() === '')
      return { facts: [CniConfiguration.fact(span, broken('the file is empty'))], problems: [] };
    let parsed: unknown;
    try {
      parsed = JSON.parse(source);
    } catch (error) {
      const problem = `not JSON: ${error instanceof Error ? error.message.slice(0, 120) : ''}`;
      return { facts: [CniConfiguration.fact(span, broken(problem))], problems: [] };
    }
    if (!isObject(parsed)) return { facts: [CniConfiguration.fact(span, broken('not a JSON object'))], problems: [] };
    return { facts: [CniConfiguration.fact(span, { ...place, ...read(parsed, place.fileName) })], problems: [] };
  },
});

function read(config: Json, fileName: string) {
  const isList = 'plugins' in config || fileName.endsWith('.conflist');
  const entries = isList ? (Array.isArray(config.plugins) ? config.plugins.filter(isObject) : []) : [config];
  const plugins = entries.flatMap((entry) => text(entry.type) ?? []);
  const [name, cniVersion] = [text(config.name), text(config.cniVersion)];
  const mtu = entries
    .map((entry) => entry.mtu ?? (isObject(entry.delegate) ? entry.delegate.mtu : undefined))
    .find((each) => typeof each === 'number');
  const subnet = entries.flatMap((entry) => (isObject(entry.ipam) ? subnets(entry.ipam) : []))[0];
  const delegates = entries.flatMap(({ delegate, delegates }) => [
    delegate,
    ...(Array.isArray(delegates) ? delegates : []),
  ]);
  const delegate = delegates.filter(isObject).flatMap((each) => text(each.type) ?? [])[0];
  const problem = problemOf(isList, config, name, plugins.length, entries.length);
  return {
    isList,
    ...(name !== undefined && { name }),
    ...(cniVersion !== undefined && { cniVersion }),
    plugins,
    ...(typeof mtu === 'number' && { mtu }),
    ...(subnet !== undefined && { subnet }),
    ...(delegate !== undefined && { delegate }),
    valid: problem === undefined,
    ...(problem !== undefined && { problem }),
  };
}

/** What libcni refuses; a missing cniVersion it takes for 0.1.0, so that is left to rules. */
function problemOf(isList: boolean, config: Json, name: string | undefined, types: number, entries: number) {
  if (isList && !Array.isArray(config.plugins)) return '"plugins" is missing';
  if (isList && entries === 0) return '"plugins" is empty';
  if (types < entries || types === 0) return 'a plugin has no "type"';
  if (name === undefined || name === '') return '"name" is missing';
  return undefined;
}

function subnets(ipam: Json): string[] {
  const ranges = Array.isArray(ipam.ranges) ? ipam.ranges.flat().filter(isObject) : [];
  return [ipam, ...ranges].flatMap((each) => text(each.subnet) ?? []);
}
