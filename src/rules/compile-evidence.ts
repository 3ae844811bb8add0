// Reads what is under `evidence`: the places that show a finding, where the rule names them itself.

import type { Language } from './cel.ts';
import type { CompileProblem } from './compile.ts';
import type { Read } from './expression-reads.ts';
import type { Rule, Written } from './rule.ts';
import { didYouMean } from './suggest.ts';

/** `binding`, `binding.field` or a name of `let`. */
export function readEvidence(
  written: Written,
  rule: Rule,
  language: Language,
  problems: CompileProblem[],
): Read | undefined {
  const [name = '', ...path] = written.text.trim().split('.');
  const binding = rule.given.find((each) => each.name === name);
  const known = [...rule.given, ...rule.let].map((each) => each.name);
  if (!known.includes(name)) {
    const suggestion = didYouMean(name, known) ?? `known: ${known.join(', ')}`;
    problems.push({ of: written, start: 0, message: `evidence names "${name}", which nothing binds`, suggestion });
    return undefined;
  }
  const fields = binding?.is === 'fact' ? language.fieldsOf(binding.fact) : undefined;
  const [field] = path;
  if (fields && field !== undefined && !Object.hasOwn(fields, field)) {
    const suggestion = didYouMean(field, Object.keys(fields));
    const message = `${sourceType(binding)} has no field "${field}"`;
    problems.push({
      of: written,
      start: name.length + 1,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  }
  return { name, path };
}

const sourceType = (binding: Rule['given'][number] | undefined): string => (binding?.is === 'fact' ? binding.fact : '');
