// Rules that were read and checked before, kept in one file: what is still the same need not be read and checked again.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RuleFile } from './load-rules.ts';
import { knownPatterns, knowPatterns, type PatternFacts } from './patterns.ts';
import type { Rule, Vocabulary } from './rule.ts';

/** Lies in the folder of the built-in rules; made by `drydock rules compile`, and never needed. */
export const checkedRulesName = 'checked-rules.json';

interface Kept {
  /** What checked them: this program's code and what rules can speak of. */
  readonly checkedBy: string;
  /** By the digest of the file they stand in. */
  readonly rules: Readonly<Record<string, Omit<Rule, 'file'>>>;
  readonly patterns: readonly (readonly [string, PatternFacts])[];
}

export interface CheckedRules {
  /** The rule of a file, when this very text was found to be without a problem. */
  of(file: RuleFile): Rule | undefined;
}

const nothing: CheckedRules = { of: () => undefined };

/** The rules kept in a folder. Of another version, cut off or absent: none, which costs time alone. */
export function readCheckedRules(folder: string, vocabulary: Vocabulary): CheckedRules {
  const path = `${folder}${checkedRulesName}`;
  if (!existsSync(path)) return nothing;
  try {
    const { checkedBy, rules, patterns } = JSON.parse(readFileSync(path, 'utf8')) as Kept;
    if (checkedBy !== checkerOf(vocabulary)) return nothing;
    knowPatterns(patterns);
    return {
      of(file) {
        const key = digestOf(file);
        return Object.hasOwn(rules, key) ? ({ ...rules[key], file: file.file } as Rule) : undefined;
      },
    };
  } catch {
    return nothing;
  }
}

/** The text of such a file, for rules that are without a problem. */
export function checkedRulesJson(
  rules: readonly Rule[],
  read: (rule: Rule) => RuleFile,
  vocabulary: Vocabulary,
): string {
  const kept = rules.map((rule) => {
    const { file: _, ...rest } = rule;
    return [digestOf(read(rule)), rest] as const;
  });
  const content: Kept = {
    checkedBy: checkerOf(vocabulary),
    rules: Object.fromEntries(kept),
    patterns: [...knownPatterns()],
  };
  return `${JSON.stringify(content)}\n`;
}

const digestOf = ({ pack, name, text }: RuleFile): string =>
  createHash('sha256').update(`${pack}\0${name}\0`).update(text).digest('base64url');

/** Values of settings are no part of it: a check asks for their types alone. */
function checkerOf({ factTypes, logs, settings }: Vocabulary): string {
  ownCode ??= codeDigest();
  const types = Object.entries(settings).map(([name, { type }]) => [name, type]);
  return createHash('sha256')
    .update(JSON.stringify([ownCode, factTypes, logs, types]))
    .digest('base64url');
}

/** The code that runs does not change any more. */
let ownCode: string | undefined;

function codeDigest(): string {
  const own = fileURLToPath(new URL('.', import.meta.url));
  const hash = createHash('sha256');
  for (const path of readdirSync(own, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.[jt]s$/.test(path)) hash.update(`${path}\0`).update(readFileSync(`${own}${path}`, 'utf8'));
  }
  return hash.digest('base64url');
}
