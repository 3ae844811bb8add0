// Maps as CEL computes with them: objects without a prototype, or a `Map` where a key would hide what they are.
//
// The CEL library tells a map by its `constructor`, so a Pod with a label of that name must come as a `Map`.

export type CelMap = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

export function celMap(entries: readonly (readonly [string, unknown])[]): CelMap {
  if (entries.some(([key]) => key === 'constructor')) return new Map(entries);
  const map: Record<string, unknown> = Object.create(null);
  for (const [key, value] of entries) map[key] = value;
  return map;
}

export const entriesOf = (map: CelMap): readonly (readonly [string, unknown])[] =>
  map instanceof Map ? [...map] : Object.entries(map);

export const entryOf = (map: CelMap, key: string): unknown => {
  if (map instanceof Map) return map.get(key);
  return Object.hasOwn(map, key) ? (map as Readonly<Record<string, unknown>>)[key] : undefined;
};

/** Whether a value is a map; other objects (dates, addresses) have a prototype. */
export const isCelMap = (value: object): value is CelMap =>
  value instanceof Map || Object.getPrototypeOf(value) === null;
