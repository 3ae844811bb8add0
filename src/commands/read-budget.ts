// Reads `--memory-budget`, and how many children fit into it.

import { amountText, readAmount } from '../bundle/limits.ts';
import { UsageError } from './terminal.ts';

/** A share of the memory, so that what else runs on the machine has its own. */
const budgetShare = 0.7;
const leastBudgetBytes = 512 * 1024 ** 2;

export const mostChildrenFor = (jobs: number, budgetBytes: number): number =>
  Math.max(1, Math.min(jobs, Math.floor(budgetBytes / leastBudgetBytes)));

export function readBudget(text: string | undefined, memoryBytes: number): number {
  if (text === undefined) return Math.floor(memoryBytes * budgetShare);
  const bytes = readAmount(text, 'bytes');
  if (bytes === undefined || bytes < leastBudgetBytes)
    throw new UsageError(`--memory-budget ${text}: say MiB or GiB, at least ${amountText(leastBudgetBytes, 'bytes')}`);
  return bytes;
}
