// The inputs that words on the command line mean: globs, folders of archives, and cases of several.

import { existsSync } from 'node:fs';
import { archivesIn } from '../batch/archives-in.ts';
import type { Case } from '../bundle/read-case.ts';
import { isStream } from '../bundle/stream-input.ts';
import { UsageError } from './terminal.ts';

/** A glob becomes its matches, sorted; a name that exists is taken as it is, whatever characters it holds. */
export async function expand(
  inputs: readonly string[],
  {
    watch,
    case: name,
    queue,
  }: { readonly watch: boolean; readonly case?: string | undefined; readonly queue?: string | undefined },
): Promise<{ readonly inputs: readonly string[]; readonly isBatch: boolean }> {
  const found: string[] = [];
  let isBatch = watch || inputs.length > 1;
  for (const input of inputs) {
    const glob = existsSync(input) ? undefined : await globOf(input);
    const isName = glob === undefined;
    const archives = isName && !watch && name === undefined ? archivesIn(input) : undefined;
    const matches = archives ?? (glob ? await glob(input, { onlyFiles: false, followSymbolicLinks: false }) : [input]);
    if (matches.length === 0) throw new UsageError(`${input}: nothing matches`);
    isBatch ||= archives !== undefined || !isName;
    found.push(...matches.sort());
  }
  if (isBatch || name !== undefined || queue !== undefined) await refuseStreams(found);
  return { inputs: [...new Set(found)], isBatch };
}

/** One of several inputs may be read again, or by another process. */
async function refuseStreams(inputs: readonly string[]): Promise<void> {
  for (const input of inputs) {
    if (!(await isStream(input))) continue;
    const what = input === '-' ? 'standard input' : `${input}, a pipe,`;
    throw new UsageError(
      `${what} can be read once only, and by itself: save it to a file, or give it as the one input`,
    );
  }
}

/** Loaded where nothing has the name that was given. */
async function globOf(input: string) {
  const { default: fastGlob } = await import('fast-glob');
  return fastGlob.isDynamicPattern(input) ? fastGlob : undefined;
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
