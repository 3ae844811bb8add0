// A bar of counts: which share each part has, as widths of an inline SVG.

import { grouped } from './wording.ts';

export interface Part {
  readonly key: string;
  readonly label: string;
  readonly count: number;
}

/** Segments of a bar over a width of 1000; what is not zero stays visible. */
export function barOf(parts: readonly Part[]) {
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  let x = 0;
  const segments = parts.map((part) => {
    const width = total === 0 || part.count === 0 ? 0 : Math.max(4, Math.round((part.count / total) * 1000));
    const segment = { key: part.key, label: part.label, count: grouped(part.count), none: part.count === 0, x, width };
    x += width;
    return segment;
  });
  return { total: x, segments, label: segments.map(({ label, count }) => `${count} ${label}`).join(', ') };
}
