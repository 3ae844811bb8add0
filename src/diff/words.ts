// How a page speaks of a diff: headings, and the sentence at the top.

import { counted } from '../report/wording.ts';
import type { Diff, Standing } from './diff.ts';

export const headings: Readonly<Record<Standing, string>> = {
  new: 'New',
  changed: 'Fails in another way',
  still: 'Still failing',
  fixed: 'Fixed',
  gone: 'No longer there',
  notComparable: 'Not comparable',
};

/** One sentence for each, said once above its findings. */
export const meanings: Readonly<Record<Standing, string>> = {
  new: 'Found in the later bundle; the earlier one was examined for it and had nothing.',
  changed: 'The same rule fails on the same thing, and what shows it is something else.',
  still: 'Found in both.',
  fixed: 'Found in the earlier bundle; the later one was examined for it, on the same thing, and has nothing.',
  gone: 'What it spoke of is not in the later bundle. That is not the same as mended.',
  notComparable: 'One bundle lacks what would tell. Nothing of this is new for certain, and nothing of it is fixed.',
};

export const changeWords = { changed: 'changed', added: 'new', removed: 'gone' } as const;

export const noFindings = ({ findings }: Diff): boolean => Object.values(findings).every((list) => list.length === 0);

/** `3 findings new, 1 fixed, 2 still failing; 5 changes of objects and settings`. */
export function headline({ findings, settings }: Diff): string {
  const parts = [
    findings.new.length > 0 ? `${findings.new.length} new` : '',
    findings.fixed.length > 0 ? `${findings.fixed.length} fixed` : '',
    findings.changed.length > 0 ? `${findings.changed.length} in another way` : '',
    findings.still.length > 0 ? `${findings.still.length} still failing` : '',
    findings.gone.length > 0 ? `${findings.gone.length} no longer there` : '',
    findings.notComparable.length > 0 ? `${findings.notComparable.length} not comparable` : '',
  ].filter((text) => text !== '');
  const said = parts.length > 0 ? `Findings: ${parts.join(', ')}` : 'No findings on either side';
  if (!settings.compared) return `${said}; objects and settings were not compared`;
  const { changes } = settings;
  return `${said}; ${changes.length === 0 ? 'no change' : counted(changes.length, 'change')} of objects and settings`;
}

/** Nothing came, went or changed; what fails on still does. */
export const isUnchanged = ({ findings, settings }: Diff): boolean =>
  settings.compared &&
  settings.changes.length + settings.notComparable.length === 0 &&
  findings.new.length + findings.changed.length + findings.fixed.length + findings.gone.length === 0 &&
  findings.notComparable.length === 0;
