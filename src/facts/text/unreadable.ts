// Why a reader stopped. Not an Error: it is thrown often, caught close by, and needs no stack.

import type { GapCode } from '../../bundle/coverage.ts';

/** Deepest nesting that is read. */
export const maxDepth = 200;

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
  return new Unreadable('YAML_DEPTH', line, `nested deeper than ${maxDepth}`);
}
