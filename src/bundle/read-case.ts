// Several inputs of one incident become one bundle: the paths of each begin with its name, as in an archive that holds them all.

import { basename, dirname, resolve } from 'node:path';
import type { Gap } from './coverage.ts';
import { InputError } from './cut.ts';
import type { Deliver } from './deliver.ts';
import type { Intake } from './intake.ts';
import { type ReadOptions, readInput } from './read-input.ts';

/** Bundles of one incident: a must-gather, a sosreport of each of its nodes … */
export interface Case {
  readonly name: string;
  /** Paths of folders, archives and single files. */
  readonly inputs: readonly string[];
}

/**
 * Reads the inputs one after the other. The limits hold for each. An input that cannot be read is a gap, as long as
 * another one can; else the `InputError` of the first is thrown.
 */
export async function readCase({ name, inputs }: Case, options: ReadOptions, deliver: Deliver): Promise<Intake> {
  const labels = labelsOf(inputs);
  const intakes: Intake[] = [];
  const gaps: Gap[] = [];
  let first: InputError | undefined;
  for (const [index, path] of inputs.entries()) {
    const label = labels[index] ?? path;
    try {
      intakes.push(await readInput(path, { ...options, label }, deliver));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      first ??= error;
      gaps.push({ code: error.code, path: label, detail: `${error.message}. ${error.advice}` });
    }
  }
  if (first && intakes.length === 0) throw first;
  return together(name, intakes, gaps);
}

function together(name: string, intakes: readonly Intake[], gaps: readonly Gap[]): Intake {
  const sum = (count: (intake: Intake) => number) => intakes.reduce((total, intake) => total + count(intake), 0);
  const newest = intakes.flatMap(({ newestModified }) => newestModified ?? []).sort();
  const newestModified = newest.at(-1);
  return {
    name,
    layouts: [...new Set(intakes.flatMap(({ layouts }) => layouts))],
    roots: intakes.flatMap(({ roots }) => roots),
    inputs: intakes.flatMap(({ inputs }) => inputs),
    entries: sum(({ entries }) => entries),
    empty: sum(({ empty }) => empty),
    notRelevant: sum(({ notRelevant }) => notRelevant),
    delivered: intakes.flatMap(({ delivered }) => delivered),
    editions: new Map(intakes.flatMap(({ editions }) => [...editions])),
    gaps: [...gaps, ...intakes.flatMap((intake) => intake.gaps)],
    infos: intakes.flatMap(({ infos }) => infos),
    ...(newestModified !== undefined && { newestModified }),
  };
}

/** The names of the inputs; of those with one name as many folders before it as tell them apart. */
export function labelsOf(inputs: readonly string[]): string[] {
  const paths = inputs.map((input) => resolve(input));
  return paths.map((path) => {
    const others = paths.filter((other) => other !== path);
    let label = basename(path);
    for (let folder = dirname(path); others.some((other) => endsWithPath(other, label)); folder = dirname(folder)) {
      if (folder === dirname(folder)) break;
      label = `${basename(folder)}/${label}`;
    }
    return label;
  });
}

const endsWithPath = (path: string, end: string): boolean => path === end || path.endsWith(`/${end}`);
