// All parsers, and the fact types they give.

import type { FactType } from './fact-type.ts';
import type { Parser } from './parser.ts';
import { kubernetesParsers } from './parsers/kubernetes/index.ts';
import { networkParsers } from './parsers/network/index.ts';
import { nodeParsers } from './parsers/node/index.ts';

export const parsers: readonly Parser[] = [...kubernetesParsers, ...nodeParsers, ...networkParsers];

/** Each fact type once, by name. */
export const factTypes: readonly FactType[] = [
  ...new Map(parsers.flatMap((each) => each.yields.map((type) => [type.name, type] as const))).values(),
].sort((a, b) => (a.name < b.name ? -1 : 1));
