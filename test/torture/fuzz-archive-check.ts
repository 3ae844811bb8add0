// What holds for every archive, however odd: only typed errors, sums that add up, the same result every time.

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../../src/bundle/catalogue.ts';
import { InputError } from '../../src/bundle/read-input.ts';
import type { FuzzInput, Seen } from './fuzz-target.ts';
import { type Everything, everything, newScratch, readEverything } from './kit.ts';

let scratch: string | undefined;

/** Claims every file but the archive itself; with `some` only texts, so that archives inside are opened. */
function catalogueOf(name: string, some: boolean): Catalogue {
  return {
    ...everything,
    classify: (path) =>
      path === name || (some && !/\.(log|yaml|txt)$/.test(path)) ? undefined : everything.classify(path),
  };
}

/** Small ones, so that an odd archive meets them. */
const limits = { metaBytes: 8192, entries: 2000, expandedBytes: 64 << 20, ratioFromBytes: 1 << 20, fileBytes: 4 << 20 };

/** `label`: the name of the file; one that begins with `some` leaves archives inside unclaimed. */
export async function checkArchive(
  { bytes, label }: FuzzInput,
  more: (read: Everything) => string | undefined = () => undefined,
): Promise<Seen> {
  scratch ??= newScratch();
  const path = join(scratch, label);
  writeFileSync(path, bytes);
  try {
    const read = await readEverything(path, limits, catalogueOf(label, label.startsWith('some')));
    const { entries, analysed, empty, notRelevant, gap, gaps, infos } = read.coverage;
    const hash = createHash('sha256').update(JSON.stringify([entries, analysed, empty, notRelevant, gap, gaps, infos]));
    for (const [name, content] of read.files) hash.update(JSON.stringify(name)).update(content);
    const isRight = entries === analysed + empty + notRelevant + gap;
    return { fault: isRight ? more(read) : 'the sums of the coverage do not add up', digest: hash.digest('hex') };
  } catch (error) {
    if (error instanceof InputError) return { digest: `${error.code} ${error.message}` };
    throw error;
  }
}
