// Takes the absent fields out of a record, so that a fact looks in a test as it does after a journey through JSON.

/** The same record without the keys whose value is undefined. */
export function present<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}
