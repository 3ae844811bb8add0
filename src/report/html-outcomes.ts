// The rules that found nothing, as the page shows them: undecided, broken, passed, not applicable.

import { byKeys, groupBy } from './compare.ts';
import { type Unanswered, unanswered } from './finding-groups.ts';
import { gatheredBy } from './gathered-by.ts';
import type { ReportOutcome } from './report.ts';
import { cutTo, nameLine, visibleLine } from './visible.ts';
import { counted, grouped } from './wording.ts';

/** More kinds of missing data than this are folded: what is wrong comes first. */
const fewMissing = 5;
const maxFiles = 6;
const maxCommands = 4;
const maxErrors = 10;
const longestError = 2000;

/** `kinds`: what the bundle is, as it was gathered in these ways already. */
export function undecidedView(outcomes: readonly ReportOutcome[], kinds: readonly string[]) {
  const missing = unanswered(outcomes);
  const noData = outcomes.filter((outcome) => outcome.verdict === 'no-data');
  const broken = outcomes.filter((outcome) => outcome.verdict === 'error');
  // A rule that decided some subjects can still lack the data for others.
  const partly = outcomes.filter((outcome) => outcome.verdict !== 'no-data' && outcome.missing.length > 0);
  const alsoBroken = outcomes.filter((outcome) => outcome.verdict === 'fail' && outcome.errors.length > 0);
  return {
    count: grouped(noData.length + broken.length),
    any: noData.length + broken.length + partly.length + alsoBroken.length > 0,
    noData: noData.length > 0,
    manyMissing: missing.length > fewMissing,
    noDataCount: counted(noData.length, 'rule'),
    commands: commandsFor(missing, kinds),
    missing: missing.map((entry) => ({
      name: nameLine(entry.missing),
      files: entry.files.slice(0, maxFiles).map(nameLine),
      commands: gatheredBy(entry.files, kinds),
      noFiles: entry.files.length === 0,
      moreFiles: entry.files.length > maxFiles ? `and ${counted(entry.files.length - maxFiles, 'other place')}` : '',
      count: counted(entry.rules.length, 'rule'),
      rules: entry.rules.map(ruleView),
    })),
    anyPartly: partly.length > 0,
    partly: partly.map((outcome) => ({ ...ruleView(outcome), missing: outcome.missing.map(nameLine).join(', ') })),
    anyBroken: broken.length + alsoBroken.length > 0,
    broken: [...broken, ...alsoBroken].map((outcome) => ({
      ...ruleView(outcome),
      errors: outcome.errors.slice(0, maxErrors).map((error) => cutTo(visibleLine(error), longestError)),
      more:
        outcome.errors.length > maxErrors
          ? `${counted(outcome.errors.length - maxErrors, 'further message')} in report.json.`
          : '',
    })),
  };
}

/** Each command with how many undecided rules it would give an answer to, the most helpful first. */
function commandsFor(missing: readonly Unanswered[], kinds: readonly string[]) {
  const rulesOf = new Map<string, Set<string>>();
  for (const { files, rules } of missing) {
    for (const command of gatheredBy(files, kinds)) {
      const waiting = rulesOf.get(command) ?? new Set();
      rulesOf.set(command, waiting);
      for (const { rule } of rules) waiting.add(rule);
    }
  }
  const all = [...rulesOf].sort(byKeys(([command, rules]) => [-rules.size, command]));
  return {
    any: all.length > 0,
    list: all.slice(0, maxCommands).map(([command, rules]) => ({ command, count: counted(rules.size, 'rule') })),
    more: all.length > maxCommands ? `and ${counted(all.length - maxCommands, 'other command')} in the table` : '',
  };
}

export function passedView(outcomes: readonly ReportOutcome[]) {
  const passed = outcomes.filter((outcome) => outcome.verdict === 'pass');
  const notApplicable = outcomes.filter((outcome) => outcome.verdict === 'not-applicable');
  const examined = passed.reduce((sum, outcome) => sum + outcome.examined, 0);
  return {
    any: passed.length > 0,
    count: grouped(passed.length),
    sentence: `${counted(passed.length, 'rule')} looked at ${counted(examined, 'subject')} and found nothing.`,
    packs: byPack(passed),
    anyNotApplicable: notApplicable.length > 0,
    notApplicableCount: counted(notApplicable.length, 'rule'),
    notApplicable: byPack(notApplicable),
  };
}

function byPack(outcomes: readonly ReportOutcome[]) {
  const packs = [...groupBy(outcomes, (outcome) => outcome.pack)].map(([pack, rules]) => ({
    pack: nameLine(pack) || 'other rules',
    count: counted(rules.length, 'rule'),
    subjects: counted(
      rules.reduce((sum, rule) => sum + rule.examined, 0),
      'subject',
    ),
    rules: rules.map(ruleView),
  }));
  return packs.sort(byKeys((entry) => [entry.pack]));
}

const ruleView = (outcome: ReportOutcome) => ({
  rule: nameLine(outcome.rule),
  title: outcome.title,
  pack: nameLine(outcome.pack),
  verdict: outcome.verdict,
  examined: grouped(outcome.examined),
});
