// A table asked with words of the input: it knows its own words alone, and not `constructor`, which every object inherits.

export function wordTable<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), entries);
}
