// The inputs that words on the command line mean: globs, folders of archives, and cases of several.

import { existsSync } from 'node:fs';
import fastGlob from 'fast-glob';
import { archivesIn } from '../batch/archives-in.ts';
import type { Case } from '../bundle/read-case.ts';
import { UsageError } from './terminal.ts';

/** A glob becomes its matches, sorted; a name that exists is taken as it is, whatever characters it holds. */
export async function expand(
  inputs: readonly string[],
  { watch, case: name }: { readonly watch: boolean; readonly case?: string | undefined },
): Promise<{ readonly inputs: readonly string[]; readonly isBatch: boolean }> {
  const found: string[] = [];
  let isBatch = watch || inputs.length > 1;
  for (const input of inputs) {
    const isName = existsSync(input) || !fastGlob.isDynamicPattern(input);
    const archives = isName && !watch && name === undefined ? archivesIn(input) : undefined;
    const matches =
      archives ?? (isName ? [input] : await fastGlob(input, { onlyFiles: false, followSymbolicLinks: false }));
    if (matches.length === 0) throw new UsageError(`${input}: nothing matches`);
    isBatch ||= archives !== undefined || !isName;
    found.push(...matches.sort());
  }
  return { inputs: [...new Set(found)], isBatch };
}

/** With a name all inputs are one, and the name is that of its folder. */
export function asCase(inputs: readonly string[], name: string | undefined): string | Case {
  if (name === undefined) return inputs[0] ?? '';
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u.test(name) || name.length > mostNameLength)
    throw new UsageError(
      `--case ${name}: say a name for the folder of the report, of letters, digits, dots, blanks, - and _`,
    );
  return { name, inputs };
}

const mostNameLength = 100;
