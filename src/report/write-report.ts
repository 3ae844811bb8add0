// Writes the files of one report whole or not at all: beside the target first, then by name in one step.

import { randomUUID } from 'node:crypto';
import * as realFiles from 'node:fs/promises';
import { join } from 'node:path';

/** The calls this needs of a file system; a test gives one that fails. */
export type Files = Pick<typeof realFiles, 'mkdir' | 'open' | 'rename' | 'rm'>;

export class OutputError extends Error {
  readonly path: string;
  readonly advice: string;
  constructor(path: string, cause: unknown) {
    const code = (cause as { code?: string }).code ?? 'unknown error';
    const advice = adviceFor(code);
    super(`Cannot write ${path}: ${code}. ${advice}`, { cause });
    this.name = 'OutputError';
    this.path = path;
    this.advice = advice;
  }
}

/**
 * Writes `{ 'report.html': …, 'report.json': … }` into the folder, which is made where it is not there.
 * All texts are on disk before the first one gets its name; a failure leaves what was there before.
 */
export async function writeReport(
  folder: string,
  texts: Readonly<Record<string, string>>,
  files: Files = realFiles,
): Promise<string[]> {
  await at(folder, () => files.mkdir(folder, { recursive: true }));
  const waiting: { temporary: string; target: string }[] = [];
  try {
    for (const [name, text] of Object.entries(texts)) {
      const target = join(folder, name);
      // The name never reaches a report, so it may be random; two runs into one folder do not meet.
      const temporary = join(folder, `.${name}.${randomUUID()}.tmp`);
      waiting.push({ temporary, target });
      await at(target, () => writeThrough(temporary, text, files));
    }
    for (const { temporary, target } of waiting) await at(target, () => files.rename(temporary, target));
  } catch (error) {
    for (const { temporary } of waiting) await files.rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  return waiting.map(({ target }) => target);
}

async function writeThrough(path: string, text: string, files: Files): Promise<void> {
  const file = await files.open(path, 'wx');
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

async function at<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new OutputError(path, cause);
  }
}

function adviceFor(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full: free some space, or choose another folder with -o.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Writing is not allowed there: choose another folder with -o.';
    case 'EEXIST':
    case 'ENOTDIR':
    case 'EISDIR':
      return 'Something else has that name: move it away, or choose another folder with -o.';
    case 'ENAMETOOLONG':
      return 'The name is too long for this file system: choose a shorter folder with -o.';
    default:
      return 'Choose another folder with -o.';
  }
}
