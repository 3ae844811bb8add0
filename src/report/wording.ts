// Numbers and words as people read them, the same in every locale.

/** `12345` → `12,345`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `counted(1, 'rule')` → `1 rule`, `counted(2, 'rule')` → `2 rules`. */
export function counted(count: number, word: string, plural = `${word}s`): string {
  return `${grouped(count)} ${count === 1 ? word : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `1536` → `1.5 KiB`. */
export function sized(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

/** `pods.yaml:812-819`; one line shows one number. */
export function placed(place: { readonly path: string; readonly first: number; readonly last: number }): string {
  return `${place.path}:${spanned(place)}`;
}

export function spanned(place: { readonly first: number; readonly last: number }): string {
  return place.first === place.last ? String(place.first) : `${place.first}-${place.last}`;
}

/** `2021-08-24T13:57:11.250Z` → `2021-08-24 13:57:11 UTC`; anything else stays as it is. */
export function timed(time: string): string {
  return time.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/, '$1 $2 UTC');
}
