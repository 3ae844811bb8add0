// Reads sizes as tools print them for people: `3.9G`, `24Gi`, `65.54 kB`, `512M`.

const powers = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** Bytes of a printed size. Letters alone count in 1024s, as df, free and lsblk do; `kB`, `MB` in 1000s, as Docker does. */
export function printedBytes(text: string): number | undefined {
  const match = /^\s*([\d.]+)\s*(?:([KMGTPE])(i?B?)|B)?\s*$/i.exec(text);
  if (!match) return undefined;
  const power = powers.indexOf((match[2] ?? '').toUpperCase());
  const step = match[3]?.toUpperCase() === 'B' ? 1000 : 1024;
  const bytes = Math.round(Number(match[1]) * step ** power);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
