// Why a reader stopped. Not an Error: it is thrown often, caught close by, and needs no stack.

import type { GapCode } from '../../bundle/coverage.ts';
import { defaultLimits, type Limits, limitText } from '../../bundle/limits.ts';

/** Deepest nesting that is read, and the most values that aliases may stand for: the same for all documents of a run. */
export let maxDepth = defaultLimits.yamlDepth;
export let maxAliasedNodes = defaultLimits.yamlAliases;

/** Each thread is told once, before its first document. */
export function setDocumentLimits({ yamlDepth, yamlAliases }: Pick<Limits, 'yamlDepth' | 'yamlAliases'>): void {
  maxDepth = yamlDepth;
  maxAliasedNodes = yamlAliases;
}

export class Unreadable {
  /**
   * `unknown`: outside what this reader knows, another may read it. `cut`: the text ends inside something.
   * A gap code: nobody should try again.
   */
  readonly why: 'unknown' | 'cut' | GapCode;
  readonly line: number;
  readonly detail: string;
  /** The anchor that an alias asks for in vain. */
  readonly anchor: string | undefined;

  constructor(why: 'unknown' | 'cut' | GapCode, line: number, detail: string, anchor?: string) {
    this.why = why;
    this.line = line;
    this.detail = detail;
    this.anchor = anchor;
  }
}

export function tooDeep(line: number): Unreadable {
  return new Unreadable('YAML_DEPTH', line, `nested deeper than ${maxDepth}; ${limitText('yamlDepth', maxDepth)}`);
}
