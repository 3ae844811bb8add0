// Why bytes end before their end, and why a whole run does.

import type { GapCode, InfoCode } from './coverage.ts';

/** Thrown by a stream of bytes after all that could be read was handed out: what came is good, more should have come. */
export class Cut extends Error {
  readonly code: GapCode;
  constructor(code: GapCode, message: string) {
    super(message);
    this.name = 'Cut';
    this.code = code;
  }
}

/** A limit of the whole run was reached: nothing further is read. */
export class Stop extends Error {
  readonly code: GapCode;
  constructor(code: GapCode, message: string) {
    super(message);
    this.name = 'Stop';
    this.code = code;
  }
}

/** No report can be made of this input; `advice` says what to do about it. */
export class InputError extends Error {
  readonly code: GapCode;
  readonly path: string;
  readonly advice: string;
  constructor(code: GapCode, path: string, message: string, advice: string) {
    super(message);
    this.name = 'InputError';
    this.code = code;
    this.path = path;
    this.advice = advice;
  }
}

/** How the readers of an archive say what they saw of it, beside its members. */
export interface Notes {
  gap(code: GapCode, detail: string): void;
  info(code: InfoCode, detail: string): void;
}
