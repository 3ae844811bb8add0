// A candidate in memory: a bundle has hundred thousands of them, so what they share is shared.

import type { Span } from '../bundle/source.ts';
import type { ObjectNaming, Places } from '../facts/fact-type.ts';
import type { Candidate } from './candidates.ts';

/** Where it stands: a stored fact, or the lines of a burst. */
interface Place {
  readonly path: string;
  readonly span: Span;
  readonly at?: Places | undefined;
  readonly lines?: Candidate['lines'];
}

/** What all candidates of a list have in common. */
export interface HeldGroup {
  readonly naming?: ObjectNaming | undefined;
  make(held: Candidate): object;
}

export class Held implements Candidate {
  readonly raw: Candidate['raw'];
  readonly #place: Place;
  readonly #group: HeldGroup;
  #value: object | undefined = undefined;

  constructor(raw: Candidate['raw'], place: Place, group: HeldGroup) {
    this.raw = raw;
    this.#place = place;
    this.#group = group;
  }

  /** Made at the first use. */
  get value(): object {
    this.#value ??= this.#group.make(this);
    return this.#value;
  }

  get path(): string {
    return this.#place.path;
  }

  get span(): Span {
    return this.#place.span;
  }

  get at(): Places | undefined {
    return this.#place.at;
  }

  get lines(): Candidate['lines'] {
    return this.#place.lines;
  }

  get naming(): ObjectNaming | undefined {
    return this.#group.naming;
  }
}
