// `drydock rules`: the rule author's loop, from a new file to the generated lists.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { factTypes, parsers } from '../facts/parsers.ts';
import { ruleTestKit } from '../findings/rule-test-kit.ts';
import { factsMarkdown, indexMarkdown } from '../rules/author/docs.ts';
import { explainRule } from '../rules/author/explain.ts';
import { newRule } from '../rules/author/new-rule.ts';
import { runRuleTests } from '../rules/author/run-tests.ts';
import { findRule, lintText, listRules, showRule } from '../rules/author/show.ts';
import { type Knowledge, loadKnowledge } from '../rules/knowledge.ts';
import type { Rule } from '../rules/rule.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

const usage = `drydock rules COMMAND [--rules DIR]... [--no-builtin-rules] [--settings FILE]

  list               every rule with its severity and title
  show ID            what a rule says
  explain ID         the facts it reads, where they come from, and how they are joined
  lint               what is wrong in rule files, with file, line and a suggestion
  test [PACK|ID]...  runs the tests beside the rules
  new PACK/ID        a rule and its test to begin with, in ./rules or the folder of --rules
  docs               writes INDEX.md and FACTS.md anew`;

const home = new URL('../../', import.meta.url).pathname;

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
    say(terminal, explainRule(ruleNamed(rest[0], knowledge), knowledge.vocabulary)),
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
  new: ({ rest, dir, terminal }) => {
    const { ok, text } = newRule(rest[0] ?? '', dir, join(home, 'templates', 'rule'));
    (ok ? terminal.say : terminal.warn)(text);
    return ok ? 0 : 2;
  },
  docs: ({ knowledge, dir, terminal }) => {
    writeFileSync(join(dir, 'INDEX.md'), indexMarkdown(knowledge.rules));
    writeFileSync(join(dir, 'FACTS.md'), factsMarkdown({ ...knowledge.vocabulary, factTypes }, parsers));
    return say(terminal, `Wrote ${join(dir, 'INDEX.md')} and ${join(dir, 'FACTS.md')}`);
  },
};

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
  const action = actions[name];
  if (!action) throw new UsageError(`no command 'rules ${name}'\n\n${usage}`);
  const knowledge = loadKnowledge({
    builtin: !values['no-builtin-rules'],
    ruleDirs: values.rules,
    packs: [],
    settingsFile: values.settings,
  });
  return action({ rest, knowledge, dir: values.rules[0] ?? join(home, 'rules'), terminal });
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
