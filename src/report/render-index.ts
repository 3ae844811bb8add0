// The index over several reports: which bundles are worst, and which trouble many of them share.

import type { Severity, Verdict } from '../findings/outcome.ts';
import { byKeys, groupBy } from './compare.ts';
import { countsOf, findingGroups, severities } from './finding-groups.ts';
import { sealed } from './leak-gate.ts';
import { cell, code, sentence } from './markdown-text.ts';
import { redactText } from './redact-secrets.ts';
import type { Report } from './report.ts';
import { htmlTemplate, markdownTemplate } from './templates.ts';
import { nameLine, visibleJson } from './visible.ts';
import { counted, grouped, timed } from './wording.ts';

/** What the index keeps of one report; small, so that thousands of bundles fit in memory. */
export interface IndexEntry {
  readonly name: string;
  /** Folder of the report, relative to the index. */
  readonly folder: string;
  readonly kinds: readonly string[];
  readonly gatheredAt?: string;
  readonly version?: string;
  readonly rules: readonly {
    readonly rule: string;
    readonly title: string;
    readonly severity: Severity;
    readonly subjects: number;
  }[];
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly gaps: number;
}

/** A bundle of which no report could be made. */
export interface IndexFailure {
  readonly name: string;
  readonly reason: string;
}

const indexSchema = 'drydock.index/1';
const maxShared = 50;

export function indexEntry(report: Report, folder: string): IndexEntry {
  const { bundle } = report;
  const version = bundle.cluster?.version;
  return {
    name: bundle.name,
    folder,
    kinds: bundle.kinds,
    ...(bundle.gatheredAt && { gatheredAt: bundle.gatheredAt }),
    ...(version && { version }),
    rules: findingGroups(report.findings).map(({ rule, severity, head, findings }) => ({
      rule,
      title: head.title,
      severity,
      subjects: findings.length,
    })),
    verdicts: countsOf(report).verdicts,
    gaps: report.coverage.gaps.length,
  };
}

export interface IndexPages {
  readonly html: string;
  readonly markdown: string;
  readonly json: string;
}

/** The worst bundle first. `failures` are said, never left out. */
export function renderIndex(entries: readonly IndexEntry[], failures: readonly IndexFailure[] = []): IndexPages {
  const sorted = [...entries].sort(
    byKeys((entry) => [...severities.map((severity) => -countOf(entry, severity)), entry.name]),
  );
  const failed = failures
    .map(({ name, reason }) => ({ name: redactText(name), reason: redactText(reason) }))
    .sort(byKeys((failure) => [failure.name, failure.reason]));
  const json = { schema: indexSchema, bundles: sorted, failures: failed };
  return {
    html: sealed(htmlTemplate('index.html.hbs')(indexView(sorted, failed, nameLine, nameLine))),
    markdown: sealed(
      `${markdownTemplate('index.md.hbs')(
        indexView(
          sorted,
          failed,
          (name) => cell(code(name)),
          (text) => cell(sentence(text)),
        ),
      )
        .replace(/\n{3,}/g, '\n\n')
        .trim()}\n`,
    ),
    json: sealed(visibleJson(`${JSON.stringify(json, null, 1)}\n`)),
  };
}

const countOf = (entry: IndexEntry, severity: Severity) =>
  entry.rules.filter((rule) => rule.severity === severity).length;

type Show = (text: string) => string;

function indexView(entries: readonly IndexEntry[], failures: readonly IndexFailure[], name: Show, text: Show) {
  const hits = entries.flatMap((entry) => entry.rules.map((rule) => ({ ...rule, bundle: entry.name })));
  const shared = [...groupBy(hits, (hit) => `${hit.severity} ${hit.rule}`).values()]
    .flatMap((same) => {
      const [head] = same;
      if (!head) return [];
      return [{ head, bundles: same.length, subjects: same.reduce((sum, hit) => sum + hit.subjects, 0) }];
    })
    .sort(byKeys(({ head, bundles }) => [-bundles, severities.indexOf(head.severity), head.rule]));
  const words: Record<Severity, string> = { critical: 'Critical', error: 'Error', warning: 'Warning', info: 'Note' };
  return {
    title: counted(entries.length + failures.length, 'bundle'),
    healthy: grouped(entries.filter((entry) => entry.rules.length === 0).length),
    bundles: entries.map((entry) => {
      const worst = severities.find((severity) => countOf(entry, severity) > 0);
      return {
        name: name(entry.name),
        href: entry.folder.split('/').map(encodeURIComponent).join('/'),
        kind: name(entry.kinds.join(', ')),
        version: name(entry.version ?? ''),
        gathered: name(entry.gatheredAt ? timed(entry.gatheredAt) : ''),
        mark: worst ?? (entry.verdicts.pass > 0 ? 'fine' : 'unknown'),
        counts: severities.map((severity) => ({
          severity,
          count: grouped(countOf(entry, severity)),
          none: countOf(entry, severity) === 0,
        })),
        undecided: grouped(entry.verdicts['no-data'] + entry.verdicts.error),
        gaps: grouped(entry.gaps),
      };
    }),
    shared: shared.slice(0, maxShared).map(({ head, bundles, subjects }) => ({
      severity: head.severity,
      word: words[head.severity],
      title: text(head.title),
      rule: name(head.rule),
      bundles: grouped(bundles),
      subjects: grouped(subjects),
    })),
    moreShared: shared.length > maxShared ? `${counted(shared.length - maxShared, 'further rule')} in index.json.` : '',
    failures: failures.map((failure) => ({ name: name(failure.name), reason: text(failure.reason) })),
  };
}
