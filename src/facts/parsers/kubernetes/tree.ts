// Reads fields of an API object without trusting its shape: a wrong or missing field reads as "not there".

import type { Span } from '../../../bundle/source.ts';
import type { Places } from '../../fact-type.ts';
import { keySpan, keySpans, spanOf } from '../../text/documents.ts';
import { setKey } from '../../text/places.ts';

export type Tree = Readonly<Record<string, unknown>>;
type Path = readonly string[];

const nothing: Tree = Object.freeze({});

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const valueAt = (tree: Tree, ...path: Path): unknown => atPath(tree, path);

function atPath(tree: Tree, path: Path): unknown {
  let value: unknown = tree;
  for (const key of path) {
    if (!isTree(value)) return undefined;
    value = value[key];
  }
  return value ?? undefined;
}

/** The mapping at `path`; an empty one where there is none. */
export function treeAt(tree: Tree, ...path: Path): Tree {
  const value = atPath(tree, path);
  return isTree(value) ? value : nothing;
}

export function hasTree(tree: Tree, ...path: Path): boolean {
  return isTree(atPath(tree, path));
}

/** The mappings in the list at `path`. */
export function treesAt(tree: Tree, ...path: Path): readonly Tree[] {
  const value = atPath(tree, path);
  return Array.isArray(value) ? value.filter(isTree) : [];
}

/** Text at `path`, '' where there is none; a number reads as its digits. */
export function textAt(tree: Tree, ...path: Path): string {
  return asText(atPath(tree, path)) ?? '';
}

export function optionalText(tree: Tree, ...path: Path): string | undefined {
  return asText(atPath(tree, path));
}

export function textsAt(tree: Tree, ...path: Path): readonly string[] {
  const value = atPath(tree, path);
  return Array.isArray(value) ? value.map(asText).filter((text) => text !== undefined) : [];
}

/** Ask with Object.hasOwn for a name that comes from outside: `constructor` is found in every object. */
export function textMapAt(tree: Tree, ...path: Path): Readonly<Record<string, string>> {
  const from = atPath(tree, path);
  const map: Record<string, string> = {};
  if (isTree(from)) for (const key of Object.keys(from)) setKey(map, key, asText(from[key]) ?? '');
  return map;
}

export function intAt(tree: Tree, ...path: Path): number | undefined {
  const value = atPath(tree, path);
  if (typeof value === 'string' && !/^-?\d+$/.test(value)) return undefined;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A count that the API leaves out when it is 0. */
export function countAt(tree: Tree, ...path: Path): number {
  return intAt(tree, ...path) ?? 0;
}

/** A switch that the API leaves out when it is off. */
export function boolAt(tree: Tree, ...path: Path): boolean {
  return optionalBool(tree, ...path) ?? false;
}

export function optionalBool(tree: Tree, ...path: Path): boolean | undefined {
  const value = atPath(tree, path);
  if (value === 'true') return true;
  if (value === 'false') return false;
  return typeof value === 'boolean' ? value : undefined;
}

const utcTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d+)?Z$/;

/** A moment in UTC; Go's zero time (`0001-01-01T00:00:00Z`) means "never" and reads as absent. */
export function timeAt(tree: Tree, ...path: Path): string | undefined {
  return asTime(atPath(tree, path));
}

export function asTime(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.startsWith('0001-')) return undefined;
  if (utcTime.test(value)) return value;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/.test(value)) return undefined;
  const millis = Date.parse(value);
  return Number.isNaN(millis) ? undefined : new Date(millis).toISOString().replace('.000Z', 'Z');
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : undefined;
}

/** Lines of the field at a path of one or more keys. */
export function spanAt(tree: Tree, path: Path): Span | undefined {
  const above = path.length - 1;
  let owner: unknown = tree;
  for (let depth = 0; depth < above; depth++) {
    if (!isTree(owner)) return undefined;
    owner = owner[path[depth]!];
  }
  return isTree(owner) ? keySpan(owner, path[above] ?? '') : undefined;
}

/** Lines of the fields named: `placesOf(pod, { phase: ['status', 'phase'] })`; what is not there is left out. */
export function placesOf(tree: Tree, paths: Readonly<Record<string, Path>>): Places {
  const places: Record<string, Span> = {};
  for (const name in paths) {
    const span = spanAt(tree, paths[name]!);
    if (span) places[name] = span;
  }
  return places;
}

/** Lines of all keys of a mapping but one, each under `prefix.` and its name. */
export function keyPlaces(prefix: string, mapping: Tree, without?: string): Places {
  const places: Record<string, Span> = {};
  const spans = keySpans(mapping);
  for (const key of Object.keys(mapping)) {
    const span = key === without ? undefined : spans.get(key);
    if (span) places[`${prefix}.${key}`] = span;
  }
  return places;
}

/** Lines of the members of a list, each under `prefix.` and what `nameOf` says. */
export function memberPlaces(prefix: string, members: readonly Tree[], nameOf: (member: Tree) => string): Places {
  const places: Record<string, Span> = {};
  for (const member of members) {
    const span = spanOf(member);
    if (span) places[`${prefix}.${nameOf(member)}`] = span;
  }
  return places;
}
