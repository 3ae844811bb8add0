// A single condition over the facts of one type, for `drydock facts --where`.

import type { FactType } from '../facts/fact-type.ts';
import type { StoredFact } from '../facts/store.ts';
import { createLanguage, isProblem, runError } from './cel.ts';
import { typeText } from './cel-checks.ts';

/** The name by which the condition calls the fact. */
const filterName = 'fact';

/** Throws, with what is wrong, when the expression is no condition. A fact that lacks a field it reads does not match. */
export function createFilter(
  expression: string,
  typeName: string,
  factTypes: readonly FactType[],
): (fact: StoredFact) => boolean {
  const language = createLanguage({ factTypes, logs: [], settings: {} });
  const scope = language.newScope();
  scope.declare(filterName, typeName);
  const compiled = scope.compile(expression);
  if (isProblem(compiled)) {
    const more = compiled.suggestion === undefined ? '' : ` (${compiled.suggestion})`;
    throw new Error(`${expression}\n${' '.repeat(compiled.start)}^ ${compiled.message}${more}`);
  }
  if (compiled.type !== 'bool' && compiled.type !== 'dyn') {
    throw new Error(`${expression}: must be true or false, but gives ${typeText(compiled.type)}`);
  }
  return ({ value }) => {
    try {
      return compiled.run({ [filterName]: language.valueOf(typeName, value) }) === true;
    } catch (error) {
      if (runError(error).noSuchKey) return false;
      throw error;
    }
  };
}
