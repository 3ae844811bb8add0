// Reads one YAML document with the `yaml` package, which knows all of YAML: what the fast reader leaves over.
//
// It is fifty times as slow and takes a hundred times the memory of its text, so only short texts come here.
// Values come out as the fast reader gives them; aliases are followed within a limit, `<<` merges as Go does it.

import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { limitText } from '../../bundle/limits.ts';
import type { Problem } from '../parser.ts';
import { Entries, Place, setKey, setPlace } from './places.ts';
import { maxAliasedNodes, maxDepth, tooDeep, Unreadable } from './unreadable.ts';
import { scalarValue } from './yaml-node-value.ts';
import type { Read } from './yaml-reader.ts';

const longestText = 4 * 1024 * 1024;
/** Of a key that is a mapping or a list. */
const longestKey = 4096;

/** Reads the text of one document whose first line has that number; throws `Unreadable`. */
export function readThoroughly(text: string, firstLine: number): Read {
  if (text.length > longestText) {
    throw new Unreadable('YAML_SYNTAX', firstLine, 'unusual YAML of more than 4 MiB was not read');
  }
  const lineCounter = new LineCounter();
  const options = {
    uniqueKeys: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter,
  } as const;
  const lineAt = (offset: number): number => firstLine + Math.max(lineCounter.linePos(offset).line, 1) - 1;
  const document = parse(text, firstLine, options);
  // The handle of a tag is told in a directive, which stands before the document and is not read.
  const error = document.errors.find(({ code }) => code !== 'TAG_RESOLVE_FAILED');
  if (error?.code === 'RESOURCE_EXHAUSTION' || isTooDeep(document.contents as Node | null)) throw tooDeep(firstLine);
  if (error) {
    const atEnd = error.pos[0] >= text.trimEnd().length;
    throw new Unreadable(atEnd ? 'cut' : 'YAML_SYNTAX', lineAt(error.pos[0]), error.message.split('\n')[0]!);
  }
  const converter = new Converter(text, lineAt);
  const value = document.contents ? converter.value(document.contents as Node, 0) : null;
  const problems: Problem[] = [...converter.problems];
  for (const warning of [...document.errors, ...document.warnings]) {
    if (warning.code !== 'TAG_RESOLVE_FAILED') continue;
    const line = lineAt(warning.pos[0]);
    problems.push({ code: 'YAML_TAG', span: [line, line], detail: warning.message.split('\n')[0]! });
  }
  return { value, span: [converter.firstLine ?? firstLine, converter.lastLine], problems };
}

function parse(text: string, line: number, options: Parameters<typeof parseDocument>[1]): Document.Parsed {
  try {
    return parseDocument(text, options) as Document.Parsed;
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(line);
    throw error;
  }
}

/** Asked before anything else: at which depth `yaml` gives up by itself depends on the stack that is left at the moment. */
function isTooDeep(root: Node | null): boolean {
  let level: readonly Node[] = root ? [root] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
}

function childrenOf(node: Node): readonly Node[] {
  if (isSeq(node)) return node.items as Node[];
  if (!isMap(node)) return [];
  return (node.items as Pair<Node, Node | null>[]).flatMap(({ key, value }) => (value ? [key, value] : [key]));
}

/** A value with how many nodes it is made of and how deep it is, for the limits. */
interface Anchored {
  readonly value: unknown;
  readonly nodes: number;
  readonly height: number;
}

class Converter {
  readonly problems: Problem[] = [];
  firstLine: number | undefined;
  lastLine = 0;
  private readonly text: string;
  private readonly lineAt: (offset: number) => number;
  private readonly entries = new Entries();
  private readonly anchors = new Map<string, Anchored | 'open'>();
  private nodes = 0;
  private aliased = 0;
  private deepest = 0;

  constructor(text: string, lineAt: (offset: number) => number) {
    this.text = text;
    this.lineAt = lineAt;
  }

  value(node: Node, depth: number, key = ''): unknown {
    const line = this.lineAt(node.range![0]);
    this.firstLine ??= line;
    if (depth > maxDepth) throw tooDeep(line);
    if (isAlias(node)) return this.alias(node.source, depth, line).value;
    const anchor = (node as { anchor?: string }).anchor;
    if (!anchor) return this.content(node, depth, key, line);
    this.anchors.set(anchor, 'open');
    const { nodes, deepest } = this;
    this.deepest = depth;
    const value = this.content(node, depth, key, line);
    this.anchors.set(anchor, { value, nodes: this.nodes - nodes, height: this.deepest - depth });
    this.deepest = Math.max(deepest, this.deepest);
    return value;
  }

  private alias(name: string, depth: number, line: number): Anchored {
    const target = this.anchors.get(name);
    if (!target) throw new Unreadable('YAML_SYNTAX', line, `no anchor for the alias *${name}`, name);
    if (target === 'open') throw new Unreadable('YAML_ALIAS_LIMIT', line, `the alias *${name} holds itself`);
    this.aliased += target.nodes;
    this.nodes += target.nodes;
    if (this.aliased > maxAliasedNodes) {
      const limit = limitText('yamlAliases', maxAliasedNodes);
      throw new Unreadable('YAML_ALIAS_LIMIT', line, `aliases stand for too many values; ${limit}`);
    }
    if (depth + target.height > maxDepth) throw tooDeep(line);
    this.deepest = Math.max(this.deepest, depth + target.height);
    this.lastLine = line;
    return target;
  }

  private content(node: Node, depth: number, key: string, line: number): unknown {
    this.nodes++;
    this.deepest = Math.max(this.deepest, depth);
    if (isMap(node)) return this.mapping(node.items as Pair<Node, Node | null>[], node, depth, key);
    if (isSeq(node)) return this.list(node.items as Node[], node, depth);
    this.lastLine = Math.max(line, this.lineAt(this.endOf(node)));
    return isScalar(node) ? scalarValue(node, this.text) : null;
  }

  private mapping(pairs: Pair<Node, Node | null>[], node: Node, depth: number, under: string): Record<string, unknown> {
    const mapping: Record<string, unknown> = {};
    const merged = new Set<string>();
    const place = this.open(mapping, node);
    for (const pair of pairs) {
      const line = this.lineAt(pair.key.range![0]);
      const key = this.keyOf(pair.key, depth);
      if (key === 'managedFields' && under === 'metadata') {
        this.lastLine = pair.value ? this.lineAt(this.endOf(pair.value)) : line;
        continue;
      }
      if (key === '<<' && pair.value && this.merge(mapping, merged, pair.value, depth)) continue;
      const entry = this.entries.add(place, key, line);
      this.lastLine = line;
      const value = pair.value ? this.value(pair.value, depth + 1, key) : null;
      this.entries.end(entry, Math.max(line, this.lastLine));
      if (Object.hasOwn(mapping, key) && !merged.delete(key)) {
        this.problems.push({ code: 'YAML_DUP_KEY', span: [line, line], detail: `the key ${key} is there twice` });
      }
      setKey(mapping, key, value);
    }
    return this.close(mapping, place, node);
  }

  private list(nodes: Node[], node: Node, depth: number): unknown[] {
    const list: unknown[] = [];
    const place = this.open(list, node);
    for (const element of nodes) {
      const line = this.lineAt(element.range![0]);
      const entry = this.entries.add(place, '', line);
      this.lastLine = line;
      list.push(this.value(element, depth + 1));
      this.entries.end(entry, Math.max(line, this.lastLine));
    }
    return this.close(list, place, node);
  }

  private open(container: object, node: Node): Place {
    const place = new Place(this.entries, this.lineAt(node.range![0]));
    setPlace(container, place);
    this.lastLine = place.first;
    return place;
  }

  private close<T extends object>(container: T, place: Place, node: Node): T {
    const isFlow = (node as { flow?: boolean }).flow === true;
    if (isFlow) this.lastLine = Math.max(this.lastLine, this.lineAt(this.endOf(node)));
    place.last = this.lastLine;
    return container;
  }

  /** Keys keep their text, also those that look like numbers. */
  private keyOf(node: Node, depth: number): string {
    const value = this.value(node, depth + 1);
    if (isScalar(node)) return node.type === 'PLAIN' && !node.tag ? (node.source ?? '') : String(value);
    if (typeof value === 'string') return value;
    const key = JSON.stringify(value);
    // a key in a key in a key: each is twice as long as the one inside, for its quotes are escaped
    if (key.length > longestKey) {
      throw new Unreadable('YAML_SYNTAX', this.lineAt(node.range![0]), `a key of more than ${longestKey} characters`);
    }
    return key;
  }

  /** `<<: *defaults` gives the keys that are not there yet. Without an alias it is a plain key, which Go prints so. */
  private merge(mapping: Record<string, unknown>, merged: Set<string>, node: Node, depth: number): boolean {
    const sources = isSeq(node) ? (node.items as Node[]) : [node];
    if (sources.length === 0 || !sources.every((source) => isAlias(source))) return false;
    for (const source of sources) {
      const values = this.value(source, depth);
      if (typeof values !== 'object' || values === null) continue;
      for (const [key, value] of Object.entries(values)) {
        if (Object.hasOwn(mapping, key)) continue;
        setKey(mapping, key, value);
        merged.add(key);
      }
    }
    return true;
  }

  /** The place of the last character of a node. */
  private endOf(node: Node): number {
    const [start, end] = node.range!;
    let last = end - 1;
    while (last > start && ' \t\r\n'.includes(this.text.charAt(last))) last--;
    return Math.max(last, start);
  }
}
