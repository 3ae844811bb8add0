// `drydock rules`: the rule author's loop, from a new file to the generated lists.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readLayouts } from '../bundle/catalogue.ts';
import { checkedLayoutsJson, checkedLayoutsName } from '../bundle/checked-layouts.ts';
import { factTypes, parsers } from '../facts/parsers.ts';
import { ruleTestKit } from '../findings/rule-test-kit.ts';
import { writeReport } from '../report/write-report.ts';
import { factsMarkdown, indexMarkdown } from '../rules/author/docs.ts';
import { readKindDocs, readUndecidable } from '../rules/author/docs-sources.ts';
import { explainRule } from '../rules/author/explain.ts';
import { newRule } from '../rules/author/new-rule.ts';
import { runRuleTests } from '../rules/author/run-tests.ts';
import { findRule, lintText, listRules, showRule } from '../rules/author/show.ts';
import { checkedRulesJson, checkedRulesName } from '../rules/checked-rules.ts';
import { checkedSettingsJson, checkedSettingsName } from '../rules/checked-settings.ts';
import { type Knowledge, loadKnowledge } from '../rules/knowledge.ts';
import { readRuleFile } from '../rules/load-rules.ts';
import { problemText, type Rule } from '../rules/rule.ts';
import { loadSettings } from '../rules/settings.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

const usage = `drydock rules COMMAND [--rules DIR]... [--no-builtin-rules] [--settings FILE]

  list               every rule with its severity and title
  show ID            what a rule says
  explain ID         the facts it reads, how they are joined, and when it fails
  lint               what is wrong in rule files, with file, line and a suggestion
  test [PACK|ID]...  runs the tests beside the rules
  new PACK/ID        a rule and its test to begin with, in the folder of --rules or else among the built-in rules
  docs               writes INDEX.md and FACTS.md of that folder anew
  compile            keeps the built-in rules in one file, so that they need not be read and checked at every start`;

const home = fileURLToPath(new URL('../../', import.meta.url));
const builtinDir = join(home, 'rules');

type Work = {
  readonly rest: readonly string[];
  readonly knowledge: Knowledge;
  readonly dir: string;
  readonly terminal: Terminal;
};
const actions: Readonly<Record<string, (work: Work) => Promise<ExitCode> | ExitCode>> = {
  list: ({ knowledge, terminal }) => say(terminal, listRules(knowledge.rules)),
  show: ({ rest, knowledge, terminal }) => say(terminal, showRule(ruleNamed(rest[0], knowledge))),
  explain: ({ rest, knowledge, terminal }) =>
    say(terminal, explainRule(ruleNamed(rest[0], knowledge), knowledge.vocabulary, knowledge.rules)),
  lint: ({ knowledge, terminal }) => {
    terminal.say(lintText(knowledge.rules, knowledge.problems));
    return knowledge.problems.length > 0 ? 2 : 0;
  },
  test: async ({ rest, knowledge, terminal }) => {
    const chosen = rest.length === 0 ? knowledge.rules : rest.flatMap((word) => chosenBy(word, knowledge));
    const { text, ok } = await runRuleTests(chosen, knowledge.vocabulary, ruleTestKit(knowledge.catalogue));
    terminal.say(text);
    return ok && knowledge.problems.length === 0 ? 0 : 2;
  },
  docs: async ({ knowledge, dir, terminal }) => {
    const { vocabulary, catalogue, rules } = knowledge;
    const facts = factsMarkdown({ ...vocabulary, factTypes }, parsers, readKindDocs(builtinDir), catalogue.places);
    await writeReport(dir, { 'INDEX.md': indexMarkdown(rules, readUndecidable(dir)), 'FACTS.md': facts });
    return say(terminal, `Wrote ${join(dir, 'INDEX.md')} and ${join(dir, 'FACTS.md')}`);
  },
  compile: async ({ knowledge: { rules, vocabulary }, terminal }) => {
    const builtin = rules.filter(({ file }) => file.startsWith(builtinDir));
    const layouts = readLayouts([join(builtinDir, 'sources')]);
    const settingsFile = join(builtinDir, 'settings.yaml');
    await writeReport(builtinDir, {
      [checkedRulesName]: checkedRulesJson(builtin, readRuleFile, vocabulary),
      [checkedLayoutsName]: checkedLayoutsJson(layouts, [join(builtinDir, 'sources')]),
      [checkedSettingsName]: checkedSettingsJson(
        loadSettings(settingsFile).settings,
        readFileSync(settingsFile, 'utf8'),
      ),
    });
    return say(
      terminal,
      `Wrote ${checkedRulesName}, ${checkedLayoutsName} and ${checkedSettingsName}: ${builtin.length} rules`,
    );
  },
};

/** Actions whose very work is to check. */
const checking: ReadonlySet<string> = new Set(['lint', 'compile']);

export async function rulesCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      rules: { type: 'string', multiple: true, default: [] },
      'no-builtin-rules': { type: 'boolean', default: false },
      settings: { type: 'string' },
      'no-color': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [name, ...rest] = positionals;
  if (values.help || name === undefined) return say(terminal, usage);
  // The folder of a first rule need not be there yet.
  if (name === 'new') return startRule(rest[0] ?? '', values.rules[0], terminal);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new UsageError(`no command 'rules ${name}'\n\n${usage}`);
  const knowledge = loadKnowledge({
    builtin: !values['no-builtin-rules'],
    ruleDirs: values.rules,
    packs: [],
    settingsFile: values.settings,
    anew: checking.has(name),
  });
  if (name !== 'lint') for (const problem of knowledge.problems) terminal.warn(problemText(problem));
  return action({ rest, knowledge, dir: values.rules[0] ?? builtinDir, terminal });
}

function startRule(name: string, ownDir: string | undefined, terminal: Terminal): ExitCode {
  const { ok, text } = newRule(name, ownDir ?? builtinDir, join(home, 'templates', 'rule'));
  if (!ok) throw new UsageError(text);
  const words = ownDir === undefined ? '' : ` --rules ${ownDir}`;
  return say(
    terminal,
    `${text}\nNext: change them, then \`drydock rules lint${words}\` and \`drydock rules test ${name}${words}\`.`,
  );
}

function say(terminal: Terminal, text: string): ExitCode {
  terminal.say(text);
  return 0;
}

function ruleNamed(id: string | undefined, { rules }: Knowledge): Rule {
  if (id === undefined) throw new UsageError('say which rule: PACK/ID or ID');
  const found = findRule(rules, id);
  if (found.rule) return found.rule;
  throw new UsageError(`no rule '${id}'${found.suggestion === undefined ? '' : ` (${found.suggestion})`}`);
}

/** A pack stands for all its rules. */
function chosenBy(word: string, knowledge: Knowledge): readonly Rule[] {
  const ofPack = knowledge.rules.filter(({ pack }) => pack === word);
  return ofPack.length > 0 ? ofPack : [ruleNamed(word, knowledge)];
}
