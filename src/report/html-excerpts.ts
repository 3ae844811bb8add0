// Excerpts of a page: the same lines of the same file stand there once, later they are a link to that place.

import type { ReportEvidence } from './report.ts';

/** So few lines take no more room than a link to them. */
const fewLines = 3;
const fewCharacters = 240;

/** Where an excerpt stands: `id` is its own place, `same` that of the one which shows these lines. */
export interface ExcerptPlace {
  readonly id: string;
  readonly same: string;
}

export const anyPlace: ExcerptPlace = { id: '', same: '' };

/** Asked for one excerpt after the other, in the order of the page. */
export function excerptShelf(): (evidence: ReportEvidence) => ExcerptPlace {
  const seen = new Map<string, string>();
  return ({ path, first, last, excerpt }) => {
    if (excerpt.split('\n').length <= fewLines && excerpt.length <= fewCharacters) return anyPlace;
    const key = JSON.stringify([path, first, last, excerpt]);
    const same = seen.get(key);
    if (same !== undefined) return { id: '', same };
    const id = `x-${seen.size + 1}`;
    seen.set(key, id);
    return { id, same: '' };
  };
}
