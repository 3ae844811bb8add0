// Compiles texts with `{{ CEL }}` inside: subject and message of a rule.

import { type CelScope, type Compiled, isProblem } from './cel.ts';
import { typeText } from './cel-checks.ts';
import type { CompileProblem } from './compile.ts';
import type { Written } from './rule.ts';
import { isWritable, textParts, valueText } from './texts.ts';

/** Compiles the expressions of a text and makes the function that writes it. */
export function compileText(
  written: Written,
  scope: CelScope,
  problems: CompileProblem[],
): { readonly expressions: readonly Compiled[]; write(values: object): string } {
  const parts = textParts(written.text);
  if ('message' in parts) {
    problems.push({ of: written, ...parts });
    return { expressions: [], write: () => '' };
  }
  const expressions: Compiled[] = [];
  const writers = parts.map((part): ((values: object) => string) => {
    if (part.is === 'text') return () => part.text;
    const compiled = scope.compile(part.text);
    if (isProblem(compiled)) {
      problems.push({ of: written, ...compiled, start: part.start + compiled.start });
      return () => '';
    }
    if (!scope.trusts && !isWritable(compiled.type)) {
      const message = `${typeText(compiled.type)} cannot stand in a text`;
      const suggestion = compiled.type.startsWith('optional')
        ? 'give it a value: .orValue("none")'
        : 'write one of its fields';
      problems.push({ of: written, start: part.start, message, suggestion });
    }
    expressions.push(compiled);
    return (values) => valueText(compiled.run(values));
  });
  return { expressions, write: (values) => writers.map((write) => write(values)).join('') };
}
