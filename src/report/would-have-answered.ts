// What to gather so that a rule can be decided, a sentence for each fact that it lacks.

import type { ReportOutcome } from './report.ts';

export const wouldHaveAnswered = ({ hints }: ReportOutcome): string[] =>
  hints
    .filter(({ files }) => files.length > 0)
    .map(({ missing, files }) => `${missing} would have come from ${files.join(' or ')}`);
