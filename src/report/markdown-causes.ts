// Likely root causes for a ticket: a few lines each, with a word on what was left out.

import { type LikelyCause, likelyCauses, type Step } from './likely-causes.ts';
import { code, sentence } from './markdown-text.ts';
import type { Report } from './report.ts';
import { counted, grouped, listed } from './wording.ts';

const maxCauses = 3;
const maxSteps = 4;
const maxEffects = 4;
const maxSubjects = 2;

/** Items of a numbered list; bounded in length, whatever the report holds. */
export function markdownCauses(report: Report, most = maxCauses) {
  const causes = likelyCauses(report);
  const left = causes.length - most;
  return {
    any: causes.length > 0,
    entries: causes.slice(0, most).map((cause, at) => entryOf(cause, at + 1)),
    more: left > 0 ? `${counted(left, 'further likely cause')} in the full report.` : '',
  };
}

function entryOf({ findings, steps, explained }: LikelyCause, number: number): string {
  const [head] = findings;
  const subjects = findings.slice(0, maxSubjects).map(({ subject }) => code(cut(subject)));
  const more = findings.length > maxSubjects ? ` and ${counted(findings.length - maxSubjects, 'further subject')}` : '';
  const left = steps
    .slice(maxSteps)
    .reduce((sum, { effects }) => sum + effects.flatMap((each) => each.findings).length, 0);
  return [
    `${number}. **${sentence(head.title)}** (${subjects.join(', ')}${more}) explains ${counted(explained, 'finding')}:`,
    ...steps.slice(0, maxSteps).map(stepLine),
    ...(left > 0 ? [`   - and ${counted(left, 'finding')} that ${left === 1 ? 'follows' : 'follow'} from these.`] : []),
  ].join('\n');
}

function stepLine({ why, effects }: Step): string {
  const named = effects.slice(0, maxEffects).map(({ head, findings }) => {
    const times = findings.length > 1 ? ` ×${grouped(findings.length)}` : '';
    return `«${sentence(head.title)}»${times}`;
  });
  if (effects.length > maxEffects) named.push(`${counted(effects.length - maxEffects, 'other')}`);
  return `   - ${sentence(why)} → ${listed(named)}`;
}

const cut = (subject: string): string => (subject.length > 120 ? `${subject.slice(0, 119)}…` : subject);
