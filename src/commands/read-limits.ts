// Reads `--limit NAME=VALUE`, the one flag for all limits.

import { defaultLimits, type Limit, type Limits, limitList, readAmount } from '../bundle/limits.ts';
import { didYouMean } from '../rules/suggest.ts';
import { UsageError } from './terminal.ts';

const examples: Readonly<Record<Limit['unit'], string>> = {
  count: 'a whole number, e.g. 1000000',
  bytes: 'bytes, KiB, MiB or GiB, e.g. 40GiB',
  milliseconds: 'ms, s, m or h, e.g. 30m',
};

/** The defaults, with what the flags say in their place; of two for one limit the last counts. */
export function readLimits(words: readonly string[]): Limits {
  const changed: Partial<Record<keyof Limits, number>> = {};
  for (const word of words) {
    const [name = '', value = ''] = splitOnce(word);
    const limit = limitList.find((each) => each.name === name);
    if (!limit) throw new UsageError(`--limit ${word}: ${unknown(name)}`);
    const amount = readAmount(value, limit.unit);
    if (amount === undefined) throw new UsageError(`--limit ${word}: ${name} takes ${examples[limit.unit]}`);
    if (amount < limit.least) throw new UsageError(`--limit ${word}: ${name} is at least ${limit.least}`);
    if (amount > limit.most) throw new UsageError(`--limit ${word}: ${name} is at most ${limit.most}`);
    changed[limit.key] = amount;
  }
  return { ...defaultLimits, ...changed };
}

function splitOnce(word: string): [string, string] {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

function unknown(name: string): string {
  const names = limitList.map((each) => each.name);
  const near = didYouMean(name, names);
  return `no limit '${name}'${near === undefined ? '' : ` (${near})`}; there are: ${names.join(', ')}`;
}
