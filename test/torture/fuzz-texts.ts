// Fuzzes all parsers and the log scanner with damaged files of their kind, and with files of another.

import type { Piece, Source } from '../../src/bundle/source.ts';
import type { Fact, Field } from '../../src/facts/fact-type.ts';
import { createSourceParser } from '../../src/facts/parse-source.ts';
import { factTypes, parsers } from '../../src/facts/parsers.ts';
import { decode } from '../../src/facts/text/decode.ts';
import { fuzzCorpus, type SampleText } from './fuzz-corpus.ts';
import { mutateBytes, mutateText } from './fuzz-mutate.ts';
import { chance, pick, type Random } from './fuzz-random.ts';
import type { FuzzInput, Seen, Target } from './fuzz-target.ts';

const typesByName = new Map(factTypes.map((type) => [type.name, type]));
const longestBytes = 200_000;
let parsePiece: ReturnType<typeof createSourceParser> | undefined;

/** `label` is the source as JSON. */
function checkText({ bytes, label }: FuzzInput): Seen {
  const source = JSON.parse(label) as Source;
  const { text } = decode(bytes);
  const { knowledge } = fuzzCorpus();
  parsePiece ??= createSourceParser(knowledge.demand);
  const wanted = { has: () => true, objects: 'all' as const };
  const lines = text.split('\n').length;
  const readers = parsers.filter(({ reads }) => reads.includes(source.kind));
  for (const reader of readers) {
    const name = reader.yields.map((type) => type.name).join('/');
    const { facts, problems } = reader.parse(text, source, wanted);
    for (const fact of facts) {
      const fault = factFault(fact, lines);
      if (fault !== undefined) return { fault: `${name}: ${fault}`, digest: '' };
    }
    for (const { span, detail } of problems) {
      const isInside = !span || (span[0] >= 1 && span[0] <= span[1] && span[1] <= lines);
      if (!isInside)
        return { fault: `${name}: the problem '${detail}' stands at ${span}, of ${lines} lines`, digest: '' };
    }
  }
  const piece: Piece = { source, bytes: Uint8Array.from(bytes), firstLine: 1, last: true };
  const { facts, hits, problems, lines: kept } = { lines: undefined, ...parsePiece(piece) };
  const json = facts.map((each) => [
    each.type,
    each.blocks.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
    each.keys,
  ]);
  for (const hit of hits) {
    const isInside = hit.span[0] >= 1 && hit.span[0] <= hit.span[1] && hit.span[1] <= lines;
    if (!isInside) return { fault: `a hit of ${hit.pattern} at ${hit.span}, of ${lines} lines`, digest: '' };
  }
  return { digest: JSON.stringify([json, hits, problems, kept]) };
}

function factFault(fact: Fact, lines: number): string | undefined {
  const { type: name, span, value, at } = fact;
  const type = typesByName.get(name);
  if (!type) return `there is no fact type ${name}`;
  for (const [first, last] of [span, ...Object.values(at ?? {})]) {
    if (!(first >= 1 && first <= last && last <= lines)) return `${name} stands at ${first}-${last}, of ${lines} lines`;
  }
  return misfit({ is: 'object', fields: type.fields, doc: '' }, value, name);
}

/** A sentence when a value is not of the shape that its fact type declares. */
function misfit(field: Field, value: unknown, path: string): string | undefined {
  const wrong = `${path} is no ${field.is}: ${String(JSON.stringify(value)).slice(0, 80)}`;
  switch (field.is) {
    case 'optional':
      return value === undefined ? undefined : misfit(field.of, value, path);
    case 'string':
    case 'node':
      return typeof value === 'string' ? undefined : wrong;
    case 'bool':
      return typeof value === 'boolean' ? undefined : wrong;
    case 'int':
      return Number.isInteger(value) ? undefined : wrong;
    case 'double':
      return Number.isFinite(value) ? undefined : wrong;
    case 'time':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value))
        ? undefined
        : wrong;
    case 'dyn':
      return typeof value === 'number' && !Number.isFinite(value) ? wrong : undefined;
    case 'list':
      return Array.isArray(value) ? first(value.map((each) => misfit(field.of, each, `${path}[]`))) : wrong;
    case 'map':
      if (typeof value !== 'object' || value === null) return wrong;
      return first(Object.values(value).map((each) => misfit(field.of, each, `${path}{}`)));
    case 'object':
      if (typeof value !== 'object' || value === null) return wrong;
      return (
        first(
          Object.entries(field.fields).map(([key, of]) =>
            misfit(
              of,
              Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined,
              `${path}.${key}`,
            ),
          ),
        ) ??
        first(
          Object.keys(value).map((key) =>
            Object.hasOwn(field.fields, key) ? undefined : `${path}.${key} is not declared`,
          ),
        )
      );
  }
}

const first = (sentences: readonly (string | undefined)[]): string | undefined =>
  sentences.find((sentence) => sentence !== undefined);

function makeText(next: Random, kinds: readonly string[]): FuzzInput {
  const { byKind } = fuzzCorpus();
  const kind = pick(next, kinds);
  const alike = byKind.get(kind) ?? [];
  const { source, text: own } = pick(next, alike) as SampleText;
  // now and then the wrong file under the right name
  const foreign = chance(next, 15) || own === '';
  const text = foreign ? pick(next, byKind.get(pick(next, kinds)) ?? alike).text : own;
  const others = alike.map((each) => each.text);
  const mutated = Buffer.from(chance(next, 30) ? text : mutateText(next, text, others));
  const bytes = chance(next, 10) ? mutateBytes(next, mutated) : mutated;
  return { bytes: bytes.subarray(0, longestBytes), label: JSON.stringify(source) };
}

function textTarget(name: string, belongs: (kind: string) => boolean): Target {
  let kinds: string[] | undefined;
  return {
    name,
    make(next) {
      kinds ??= [...fuzzCorpus().byKind.keys()].filter(belongs).sort();
      return makeText(next, kinds);
    },
    check: checkText,
  };
}

const kindsRead = new Set(parsers.flatMap(({ reads }) => reads));
const network = /^(Nft|Ipset|Ipvs|Ip[A-Z]|Route|Neigh|Socket|Ss|Netstat|Conntrack|Cni|Flannel|Ifconfig|Ethtool)/;

export const iptablesTarget = textTarget('iptables', (kind) => /^Ip6?tables/i.test(kind));
export const networkTarget = textTarget('network', (kind) => network.test(kind) && !/^Ip6?tables/i.test(kind));
export const parsersTarget = textTarget('parsers', (kind) => kindsRead.has(kind) && kind !== 'KubernetesManifest');
export const manifestsTarget = textTarget('manifests', (kind) => kind === 'KubernetesManifest');
export const logsTarget = textTarget('logs', (kind) => !kindsRead.has(kind));
