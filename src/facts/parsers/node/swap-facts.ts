// Fact types of swap: the areas in use, and whether there are any.

import type { Source, Span } from '../../../bundle/source.ts';
import { bool, type Fact, factType, int, node, string } from '../../fact-type.ts';
import { machineKey } from '../../text/machine-key.ts';

export const SwapArea = factType('SwapArea', 'One swap area in use.', {
  node: node(),
  device: string('File or device, e.g. /dev/zram0.'),
  type: string('`partition` or `file`.'),
  sizeBytes: int('Size.'),
  usedBytes: int('In use.'),
  priority: int('Priority; -2 is the kernel default.'),
});

export const SwapState = factType('SwapState', 'Whether swap is on.', {
  node: node(),
  on: bool('True when at least one area is in use.'),
  areas: int('Number of areas.'),
});

export interface Area {
  readonly span: Span;
  readonly value: { device: string; type: string; sizeBytes: number; usedBytes: number; priority: number };
}

/** /proc/swaps and swapon say the same of a machine; `trust` tells which is kept. */
export function swapFacts(areas: readonly Area[], span: Span, source: Source, trust: number): Fact[] {
  const state = { on: areas.length > 0, areas: areas.length };
  return [
    ...areas.map(({ span, value }) =>
      SwapArea.fact(span, value, { key: machineKey(source, value.device), version: trust }),
    ),
    SwapState.fact(span, state, { key: machineKey(source), version: trust }),
  ];
}
