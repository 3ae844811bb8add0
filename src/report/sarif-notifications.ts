// What SARIF tells of the run itself: gaps of the coverage, rules that broke, rules whose input is missing.

import { meaningOf } from './gap-meanings.ts';
import type { Report, ReportOutcome } from './report.ts';
import { type Level, located, plain, uriOf } from './sarif-text.ts';
import { listed } from './wording.ts';
import { wouldHaveAnswered } from './would-have-answered.ts';

const ruleBroke = 'rule-broke';
const noData = 'no-data';

/** Every kind of notification that occurs, each once, in the order of its first. */
export function notificationDescriptors(report: Report): object[] {
  return idsOf(report).map((id) => ({ id, shortDescription: { text: descriptionOf(id) } }));
}

export function notificationsOf(report: Report, ruleIndexOf: ReadonlyMap<string, number>): object[] {
  const ids = idsOf(report);
  const notification = (id: string, level: Level, text: string, more: object) => ({
    descriptor: { id, index: ids.indexOf(id) },
    level,
    message: { text },
    ...more,
  });
  const ofRule = ({ rule }: ReportOutcome) => ({ associatedRule: { id: rule, index: ruleIndexOf.get(rule) ?? -1 } });
  return [
    ...broken(report).map((outcome) =>
      notification(
        ruleBroke,
        'error',
        `${plain(outcome.title)}: ${outcome.errors.map(plain).join('; ')}`,
        ofRule(outcome),
      ),
    ),
    ...report.coverage.gaps.map(({ code, path, detail }) =>
      notification(
        code,
        'warning',
        plain(`${path}: ${detail}`),
        isOfRule(code) ? {} : { locations: [located(uriOf(path), path)] },
      ),
    ),
    ...undecided(report).map((outcome) => notification(noData, 'note', missingText(outcome), ofRule(outcome))),
  ];
}

const broken = ({ outcomes }: Report) => outcomes.filter(({ errors }) => errors.length > 0);
const undecided = ({ outcomes }: Report) => outcomes.filter(({ verdict }) => verdict === 'no-data');

/** Their path is that of a rule file, which does not lie in the input. */
const isOfRule = (code: string): boolean => /^(?:RULE_|WORKER_|LIMIT_FINDINGS$)/.test(code);

function idsOf(report: Report): string[] {
  const codes = report.coverage.gaps.map(({ code }) => code);
  const own = [...(broken(report).length ? [ruleBroke] : []), ...(undecided(report).length ? [noData] : [])];
  return [...new Set<string>([...own, ...codes])];
}

function descriptionOf(id: string): string {
  if (id === ruleBroke) return 'A rule broke on what it found; what it asks is not decided there.';
  if (id === noData) return 'A rule could not be decided: the bundle has not what it asks for.';
  return meaningOf(id) || id;
}

function missingText(outcome: ReportOutcome): string {
  const first = `${outcome.title}: not decided, the bundle has no ${listed(outcome.missing)}`;
  return plain([first, ...wouldHaveAnswered(outcome)].join('; '));
}
