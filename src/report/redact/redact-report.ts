// A report with pseudonyms in it: every text goes through the redaction but those that come from our own rules.

import type { Report } from '../report.ts';
import type { Pseudonym } from './names.ts';
import type { Redaction } from './redaction.ts';

/** Where the words are ours (or those of a rule file) and not of the bundle; everything else is redacted. */
const ownWords = [
  /^schema$|^tool\./,
  /^bundle\.(?:kinds|gatheredAt)/,
  /^findings\.(?:rule|catalog|pack|status|severity|title|meaning|impact|diagnosis|remediation|falsePositives|references)$/,
  /^findings\.(?:evidence\.binding|reconciles\.(?:what|asked\.evidence\.binding|got\.evidence\.binding)|objects\.kind)$/,
  /^outcomes\.(?:rule|title|pack|severity|reconciles|verdict|missing)$|^outcomes\.hints\./,
  /^timeline\.(?:time|until|kind|tone|object\.kind)$|^timelineLeftOut\./,
  /^nodes\.(?:roles|ready|conditions\.(?:type|status|since))$|^certificates\.not(?:Before|After)$/,
  /^paths\.trace\.(?:verdicts|branches\.end)\.(?:verdict|symptom)$/,
  /\.steps\.(?:stage|rule\.(?:hook|backend|kind))$/,
  /^coverage\.(?:gaps|infos)\.code$/,
];

export interface RedactedReport {
  readonly report: Report;
  /** Which hashes stand for which, for the owner. */
  readonly hashes: readonly Pseudonym[];
}

/** Names that the report says outright: nodes, cluster, and objects. */
export function learnReport(redaction: Redaction, report: Report): void {
  for (const node of report.bundle.nodes) redaction.learnHost(node);
  if (report.bundle.cluster?.id) redaction.learnClusterId(report.bundle.cluster.id);
  for (const { objects } of report.findings) {
    for (const { kind, name, node } of objects) {
      if (node) redaction.learnHost(node);
      if (name && kind === 'Node') redaction.learnHost(name);
      if (name && kind === 'User') redaction.learnUser(name);
    }
  }
  mapTexts(report, (text) => {
    redaction.learn(text);
    return text;
  });
}

/** Learn everything before: the first text that is asked for may name what the last one explains. */
export function redactReport(redaction: Redaction, report: Report): RedactedReport {
  const hashes = new Map<string, Pseudonym>();
  const hide = (kind: string, original: string) => {
    const pseudonym = redaction.hash(original);
    hashes.set(original, { kind, original, pseudonym });
  };
  for (const { id } of report.findings) hide('finding', id);
  for (const { sha256 } of report.bundle.inputs) hide('input', sha256);
  const shown = mapTexts(report, (text) => hashes.get(text)?.pseudonym ?? redaction.text(text));
  return {
    report: { ...shown, bundle: { ...shown.bundle, nodes: [...shown.bundle.nodes].sort() } },
    hashes: [...hashes.values()],
  };
}

/** The same report with other texts, of which only its own words are left: what the program itself says of any bundle. */
export const skeletonOf = (report: Report): Report => mapTexts(report, (text) => text.replace(/[\p{L}\p{N}]/gu, '0'));

/** Every text that is not ours goes through `change`. */
function mapTexts(report: Report, change: (text: string) => string): Report {
  return mapped(report, '', change) as Report;
}

function mapped(value: unknown, path: string, change: (text: string) => string): unknown {
  if (typeof value === 'string') return ownWords.some((own) => own.test(path)) ? value : change(value);
  if (Array.isArray(value)) return value.map((each) => mapped(each, path, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      // The keys of a report are words; others come from the bundle.
      /^\w+$/.test(key) ? key : change(key),
      mapped(each, path === '' ? key : `${path}.${key}`, change),
    ]),
  );
}
