// Loads rule files from folders: `DIR/<pack>/<id>.yaml`. What is wrong in them is found here, before a bundle is opened.

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fastGlob from 'fast-glob';
import { createLanguage, type Language } from './cel.ts';
import { type CheckedRules, readCheckedRules } from './checked-rules.ts';
import { compileRule } from './compile.ts';
import { withKnownEffects } from './read-explains.ts';
import { longestFile, readRule } from './read-rule.ts';
import type { Rule, RuleProblem, Vocabulary } from './rule.ts';
import type { Locator } from './rule-reader.ts';

export interface RuleFile {
  readonly file: string;
  readonly pack: string;
  readonly name: string;
  readonly text: string;
  /** Why it could not be read. */
  readonly unreadable?: string;
}

/**
 * Rules in the order of their ids; a rule with a problem is left out. Throws when a folder is none. What `checkedIn` keeps
 * as checked is not checked again. `alsoKnown` are ids of rules that are not loaded, and may be named all the same.
 */
export function loadRules(
  dirs: readonly string[],
  vocabulary: Vocabulary,
  checkedIn?: string,
  alsoKnown?: readonly string[],
): { readonly rules: readonly Rule[]; readonly problems: readonly RuleProblem[] } {
  const files = dirs.flatMap((dir) => findRuleFiles(dir).map((found) => ({ ...found, ...readHead(found.file) })));
  const checked = checkedIn === undefined ? undefined : readCheckedRules(checkedIn, vocabulary);
  return checkRules(files, vocabulary, checked, alsoKnown);
}

/** The file of a rule, as it is now. */
export const readRuleFile = ({ file, pack }: Pick<Rule, 'file' | 'pack'>): RuleFile => ({
  file,
  pack,
  name: basename(file, '.yaml'),
  ...readHead(file),
});

/** One for all files: reading is done before the next begins. */
const head = Buffer.allocUnsafe(longestFile + 1);

/** No more than a rule file may have, whatever lies there; a file that cannot be read costs itself alone. */
function readHead(file: string): { readonly text: string; readonly unreadable?: string } {
  try {
    const opened = openSync(file, 'r');
    try {
      let length = 0;
      for (let got = 1; got > 0; length += got) got = readSync(opened, head, length, head.length - length, null);
      return { text: head.toString('utf8', 0, length) };
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    return { text: '', unreadable: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
  }
}

/** Rule files below a folder. `sources/`, settings, tests and what the lists are made of are none. */
export function findRuleFiles(dir: string): { readonly file: string; readonly pack: string; readonly name: string }[] {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${dir}: no folder of rules is there`);
  const paths = fastGlob.sync(['*.yaml', '*/*.yaml'], {
    cwd: dir,
    ignore: ['**/*.test.yaml', 'sources/**', 'settings.yaml', 'formats.yaml', 'undecidable.yaml', 'diff.yaml'],
    followSymbolicLinks: false,
  });
  return paths.sort().map((path) => {
    const folder = dirname(path);
    const pack = folder === '.' ? basename(dir) : folder;
    return { file: join(dir, path), pack, name: basename(path, '.yaml') };
  });
}

export function checkRules(
  files: readonly RuleFile[],
  vocabulary: Vocabulary,
  checked?: CheckedRules,
  alsoKnown: readonly string[] = [],
): { readonly rules: readonly Rule[]; readonly problems: readonly RuleProblem[] } {
  let language: Language | undefined;
  const problems: RuleProblem[] = [];
  const byId = new Map<string, Rule>();
  for (const file of files) {
    let rule = checked?.of(file);
    if (!rule) {
      language ??= createLanguage(vocabulary);
      const read = checkRule(file, vocabulary, language);
      problems.push(...read.problems);
      if (!read.rule || read.problems.length > 0) continue;
      rule = read.rule;
    }
    const other = byId.get(rule.id);
    if (other) {
      problems.push({
        file: file.file,
        line: 1,
        column: 1,
        message: `id "${rule.id}" is also in ${other.pack}/${basename(other.file)}`,
      });
    } else byId.set(rule.id, rule);
  }
  const sorted = [...byId.keys()].sort().map((id) => byId.get(id) as Rule);
  // A rule that is broken is known all the same.
  const related = withKnownEffects(sorted, new Set([...files.map(({ name }) => name), ...alsoKnown]));
  return { rules: related.rules, problems: [...problems, ...related.problems].sort(byPlace) };
}

function checkRule(
  file: RuleFile,
  vocabulary: Vocabulary,
  language: Language,
): { readonly rule: Rule | undefined; readonly problems: readonly RuleProblem[] } {
  if (file.unreadable !== undefined) {
    const message = `the file cannot be read (${file.unreadable})`;
    return { rule: undefined, problems: [{ file: file.file, line: 1, column: 1, message }] };
  }
  const locator: Locator = new WeakMap();
  const { rule, reading } = readRule(file.text, file, vocabulary, locator);
  if (!rule) return { rule, problems: reading.problems };
  const result = compileRule(rule, language);
  if ('problems' in result) {
    for (const { of, start, message, suggestion } of result.problems) {
      reading.complainAt(locator.get(of)?.(start) ?? { line: of.line, column: of.column }, message, suggestion);
    }
  }
  return { rule, problems: reading.problems };
}

function byPlace(a: RuleProblem, b: RuleProblem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : 1);
}
