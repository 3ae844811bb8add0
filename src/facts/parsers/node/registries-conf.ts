// Reads containers-registries.conf: version 2 with its drop-ins, and version 1.
//
//   unqualified-search-registries = ["docker.io"]        [registries.search]
//   [[registry]]                                         registries = ["docker.io"]
//   location = "quay.io/openshift-release-dev"           [registries.insecure]
//   mirror-by-digest-only = true                         registries = ["registry.local:5000"]
//   [[registry.mirror]]
//   location = "registry.local:5000/ocp4"

import type { Span } from '../../../bundle/source.ts';
import { bool, type Fact, factType, list, node, object, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { at, isPlain, listOf, nonEmpty, type Plain, textsOf } from '../../text/plain-values.ts';
import { readToml, type TomlDocument } from '../../text/toml-document.ts';

export const Registry = factType('Registry', 'A registry that a node treats in its own way, from registries.conf.', {
  node: node(),
  prefix: string('Images it is for; the location where it is not given.'),
  location: string('Where they are fetched; the prefix where it is not given.'),
  insecure: bool('True when TLS is not verified, or not used at all.'),
  blocked: bool('True when nothing may be fetched from it.'),
  mirrorByDigestOnly: bool('True when mirrors are used for images by digest alone, not by tag.'),
  mirrors: list(
    object({ location: string(), insecure: bool(), pullFromMirror: string() }),
    'Tried in this order first.',
  ),
  file: string('Base name of the file.'),
});

export const RegistriesSearch = factType('RegistriesSearch', 'Registries tried for an image name without one.', {
  node: node(),
  registries: list(string(), 'In the order they are tried.'),
  shortNameMode: string('enforcing, permissive or disabled; empty for the default.'),
  file: string('Base name of the file.'),
});

export const registriesConf = parser({
  reads: 'RegistriesConf',
  yields: [Registry, RegistriesSearch],
  parse(text, source) {
    const toml = readToml(text);
    const file = source.path.split(/[/!]/).at(-1) ?? '';
    const registries = listOf(toml.value.registry).filter(isPlain);
    const facts = registries.map((each, nth) => registryFact(each, toml.tableSpan('registry', nth) ?? toml.span, file));
    return { facts: [...facts, ...searchFacts(toml, file), ...oldFacts(toml, file)], problems: toml.problems };
  },
});

function registryFact(each: Plain, span: Span, file: string): Fact {
  const prefix = nonEmpty(each.prefix) ?? nonEmpty(each.location) ?? '';
  const mirrors = listOf(each.mirror)
    .filter(isPlain)
    .map((mirror) => ({
      location: nonEmpty(mirror.location) ?? '',
      insecure: mirror.insecure === true,
      pullFromMirror: nonEmpty(mirror['pull-from-mirror']) ?? 'all',
    }));
  const value = {
    prefix,
    location: nonEmpty(each.location) ?? prefix,
    insecure: each.insecure === true,
    blocked: each.blocked === true,
    mirrorByDigestOnly: each['mirror-by-digest-only'] === true,
    mirrors,
    file,
  };
  return Registry.fact(span, value);
}

function searchFacts({ value, keySpan, span }: TomlDocument, file: string): Fact[] {
  const key = 'unqualified-search-registries';
  if (value[key] === undefined) return [];
  const shortNameMode = nonEmpty(value['short-name-mode']) ?? '';
  return [RegistriesSearch.fact(keySpan('', key) ?? span, { registries: textsOf(value[key]), shortNameMode, file })];
}

function oldFacts({ value, tableSpan, span }: TomlDocument, file: string): Fact[] {
  const named = (table: string) => textsOf(at(value, 'registries', table, 'registries'));
  const place = (table: string): Span => tableSpan(`registries.${table}`) ?? span;
  const search = named('search');
  const plain = { mirrorByDigestOnly: false, mirrors: [], file };
  return [
    ...(search.length > 0
      ? [RegistriesSearch.fact(place('search'), { registries: search, shortNameMode: '', file })]
      : []),
    ...named('insecure').map((location) =>
      Registry.fact(place('insecure'), { ...plain, prefix: location, location, insecure: true, blocked: false }),
    ),
    ...named('block').map((location) =>
      Registry.fact(place('block'), { ...plain, prefix: location, location, insecure: false, blocked: true }),
    ),
  ];
}
