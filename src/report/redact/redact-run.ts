// Everything that a redacted run writes: the report and its texts with pseudonyms, each looked through before it leaves, and the map.

import type { FactStore } from '../../facts/store.ts';
import { type Format, renderReport } from '../formats.ts';
import type { Report } from '../report.ts';
import { createGate } from './identifier-gate.ts';
import { learnReport, redactReport, skeletonOf } from './redact-report.ts';
import { createRedaction } from './redaction.ts';
import { mapText, type RedactionMap } from './redaction-map.ts';

export interface RedactedRun {
  readonly report: Report;
  /** A text of the bundle with pseudonyms in it, of as many lines. */
  text(text: string): string;
  /** The report in a format. Throws a `LeakError` where a hidden name is still in it. */
  render(format: Format): string;
  /** Throws a `LeakError` where a hidden name is in any other text that is about to leave. */
  check(output: string, text: string): void;
  /** `redaction-map.json`, once all texts were asked for. */
  map(): string;
}

export interface RedactParts {
  readonly map: RedactionMap;
  readonly keywords: readonly string[];
  readonly report: Report;
  /** A saved report comes without. */
  readonly facts?: FactStore | undefined;
  /** Texts that are to leave beside the report. */
  readonly texts?: Iterable<string>;
}

export function redactRun({ map, keywords, report, facts, texts = [] }: RedactParts): RedactedRun {
  const redaction = createRedaction({ key: map.key, keywords, before: map.entries });
  if (facts) redaction.learnFacts(facts);
  learnReport(redaction, report);
  for (const text of texts) redaction.learn(text);
  const redacted = redactReport(redaction, report);
  const entries = () => [...redaction.entries(), ...redacted.hashes];
  const check = (output: string, text: string, isOwnWord?: (word: string) => boolean) =>
    createGate(entries())(output, text, isOwnWord);
  return {
    report: redacted.report,
    text: (text) => redaction.text(text),
    render(format) {
      const text = renderReport(redacted.report, format);
      check(`report.${format}`, text, ownWordsOf(redacted.report, format));
      return text;
    },
    check: (output, text) => check(output, text),
    map: () => mapText(map.key, entries()),
  };
}

/** Words that the format itself says of any report: a machine called `table` is hidden, but not looked for in HTML. */
function ownWordsOf(report: Report, format: Format): (word: string) => boolean {
  let own: string | undefined;
  return (word) => {
    own ??= renderReport(skeletonOf(report), format).toLowerCase();
    return own.includes(word);
  };
}
