// Takes a value apart into its leaves, each with a path that is the same in another bundle.
//
//   spec.template.spec.containers[checkout].resources.limits.memory   512Mi

import { byKeys } from '../report/compare.ts';

export type Step = { readonly key: string } | { readonly entry: string; readonly by: string };

export interface Leaf {
  readonly path: string;
  readonly steps: readonly Step[];
  readonly text: string;
}

/** Lists whose order says something; all others are sets. */
const inOrder = /^(?:command|args|nameservers|search|webhooks|rules|history)$/;
/** Fields by which an entry of a list is known, the best first. */
const namedBy = [
  'name',
  'mountPath',
  'containerPort',
  'port',
  'key',
  'type',
  'topologyKey',
  'resource',
  'cidr',
  'version',
];
const deepest = 60;

/** In reading order. A secret taken out of the value changes texts alone, so the leaves of both go side by side. */
export function leavesOf(value: unknown, path = '', steps: readonly Step[] = []): Leaf[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [{ path, steps, text: String(value) }];
  if (steps.length > deepest) return [{ path, steps, text: JSON.stringify(value) }];
  if (Array.isArray(value)) return listLeaves(value, path, steps);
  const entries = Object.entries(value);
  if (entries.length === 0) return [];
  return entries.flatMap(([key, inner]) =>
    leavesOf(inner, /[.[\]]/.test(key) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`, [...steps, { key }]),
  );
}

function listLeaves(list: readonly unknown[], path: string, steps: readonly Step[]): Leaf[] {
  if (list.length === 0) return [];
  const isPlain = (entry: unknown) => typeof entry !== 'object' || entry === null;
  const last = steps.at(-1);
  const ordered = last !== undefined && 'key' in last && inOrder.test(last.key);
  if (list.every(isPlain)) {
    const texts = list.map(String);
    return [{ path, steps, text: (ordered ? texts : texts.sort()).join(', ') }];
  }
  const by = namedBy.find((name) => areNames(list, name));
  if (by !== undefined) {
    return list.flatMap((entry) => {
      const name = String((entry as Readonly<Record<string, unknown>>)[by]);
      return leavesOf(entry, `${path}[${name}]`, [...steps, { entry: name, by }]).filter(
        // What an entry is known by changes with the entry itself.
        (leaf) => leaf.path !== `${path}[${name}].${by}` || Object.keys(entry as object).length === 1,
      );
    });
  }
  if (ordered) return list.flatMap((entry, at) => leavesOf(entry, `${path}[${at}]`, [...steps, { entry: '', by: '' }]));
  const texts = list.map((entry) => canonical(entry)).sort();
  return [{ path, steps, text: texts.join(', ') }];
}

function areNames(list: readonly unknown[], name: string): boolean {
  const names = list.map((entry) => (entry as Readonly<Record<string, unknown>> | null)?.[name]);
  return (
    names.every((each) => (typeof each === 'string' && each !== '') || typeof each === 'number') &&
    new Set(names).size === names.length
  );
}

/** JSON with its keys in order. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(byKeys(([key]) => [key]));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

/** What stands at a dotted path. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>)[key] : undefined;
  }, value);
}
