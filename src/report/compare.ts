// Order that no locale, no arrival and no worker can change.

type Key = string | number;

/** Compares by the first key that differs; strings by code unit. */
export function byKeys<T>(keys: (entry: T) => readonly Key[]): (a: T, b: T) => number {
  return (a, b) => {
    const left = keys(a);
    const right = keys(b);
    for (let at = 0; at < left.length; at += 1) {
      const [l, r] = [left[at] as Key, right[at] as Key];
      if (l < r) return -1;
      if (l > r) return 1;
    }
    return 0;
  };
}

/** The entries sorted into lists by key, the keys in the order of their first entry. */
export function groupBy<T>(entries: readonly T[], key: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const group = groups.get(key(entry));
    if (group) group.push(entry);
    else groups.set(key(entry), [entry]);
  }
  return groups;
}

/** How often each word occurs: most frequent first, then by name. */
export function tallied(words: readonly string[]): { readonly name: string; readonly count: number }[] {
  const counts = [...groupBy(words, (word) => word)].map(([name, same]) => ({ name, count: same.length }));
  return counts.sort(byKeys((entry) => [-entry.count, entry.name]));
}
