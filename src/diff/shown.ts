// Values and lines of one side as they may be shown: without secrets, and with the place where they stand.

import type { Span } from '../bundle/source.ts';
import type { StoredFact } from '../facts/store.ts';
import type { ObjectRef } from '../findings/outcome.ts';
import { excerptOf } from '../report/excerpt.ts';
import { redactFact } from '../report/redact-facts.ts';
import { redactPath, redactText } from '../report/redact-secrets.ts';
import type { ReportEvidence } from '../report/report.ts';
import { redacted } from '../report/secret-shapes.ts';
import { cutTo } from '../report/visible.ts';
import type { Told } from './diff.ts';
import { type EntryLeaf, leafText, leavesFor } from './entries.ts';
import { leafPlace } from './leaf-place.ts';
import type { Side } from './side.ts';
import type { Compared } from './table.ts';

export interface Shown {
  /** One leaf: what it says, and the lines that say it. */
  leaf(leaf: EntryLeaf): Told;
  /** The first lines of the thing itself. */
  thing(fact: StoredFact): ReportEvidence;
  text(text: string): string;
}

/** Of a thing so many lines, of a value so many characters; the bundle has the others. */
const mostLines = 6;
const longestText = 1000;

export function createShown(side: Side, compared: Compared): Shown {
  function evidence(fact: StoredFact, [first, last]: Span): ReportEvidence {
    const wanted = Math.min(last, first + mostLines - 1);
    const lines = side.lines?.(fact.path, [first, wanted]) ?? [];
    const { text } = excerptOf(fact.path, lines, last - first + 1, objectsOf(fact));
    return { path: redactPath(fact.path), first, last, excerpt: lines.length === 0 ? '' : text, binding: '' };
  }

  function spanOf({ leaf, fact }: EntryLeaf): Span {
    const [first, last] = fact.span;
    const lines = side.lines?.(fact.path, [first, last]) ?? [];
    // A configuration file that a fact holds as it is.
    const steps = leaf.path.startsWith('raw.') ? leaf.steps.slice(1) : leaf.steps;
    const inObject = last > first ? leafPlace(lines, first, steps, leaf.text) : undefined;
    const field = leaf.path.split(/[.[]/)[0] ?? '';
    return inObject ?? fact.at?.[field] ?? linesWith(leaf.text, lines, first) ?? fact.span;
  }

  return {
    thing: (fact) => evidence(fact, fact.span),
    leaf: (each) => ({
      text: cutTo(shownText(each, compared), longestText),
      evidence: evidence(each.fact, spanOf(each)),
    }),
    text: redactText,
  };
}

/** From the first line that holds the text to the last one. */
function linesWith(text: string, lines: readonly string[], first: number): Span | undefined {
  const isIn = (line: string) => text.length > 1 && line.includes(text);
  const from = lines.findIndex(isIn);
  return from < 0 ? undefined : [first + from, first + lines.findLastIndex(isIn)];
}

/** The names beside a value tell whether it is a secret, so the whole fact is looked at. */
function shownText(each: EntryLeaf, compared: Compared): string {
  const { fact, leaf } = each;
  const plain = leavesFor(compared, fact.value);
  const clean = leavesFor(compared, redactFact(fact).value);
  const index = plain.findIndex(({ path }) => path === leaf.path);
  const text = plain.length === clean.length ? clean[index]?.text : undefined;
  const isTaken = index >= 0 && (text === undefined || text.includes(redacted));
  return isTaken ? (text ?? redacted) : redactText(leafText(each));
}

function objectsOf({ value }: StoredFact): readonly ObjectRef[] {
  return value.kind === 'Secret' ? [{ kind: 'Secret' }] : [];
}
