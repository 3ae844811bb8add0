// Golden reports: what each sample says today, in Markdown, beside what it should say.
//
//   npm run golden        writes test/golden anew; read the diff, commit it only if you would sign it

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLimits } from '../src/bundle/limits.ts';
import { analyze } from '../src/pipeline.ts';
import { indexEntry, renderIndex } from '../src/report/render-index.ts';
import { renderMarkdown } from '../src/report/render-markdown.ts';
import type { Report } from '../src/report/report.ts';
import { writeReport } from '../src/report/write-report.ts';
import type { Knowledge } from '../src/rules/knowledge.ts';
import { loadKnowledge } from '../src/rules/knowledge.ts';

const root = new URL('..', import.meta.url).pathname;
export const goldenFolder = join(root, 'test', 'golden');
export const samples: readonly string[] = readdirSync(join(root, 'samples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

export async function reportOf(sample: string, knowledge: Knowledge, jobs = 2): Promise<Report> {
  const options = { limits: defaultLimits, jobs, version: 'golden' };
  return (await analyze(join(root, 'samples', sample), knowledge, options)).report;
}

/** The whole report as Markdown; without what changes with every new rule, but for the bundle where nothing is wrong. */
export function goldenText(report: Report): string {
  const isStory = report.findings.length > 0;
  const kept = report.outcomes.filter(({ verdict }) => !isStory || verdict === 'fail' || verdict === 'error');
  const tool = { ...report.tool, rulesDigest: 'sha256:golden' };
  return renderMarkdown({ ...report, tool, outcomes: kept });
}

/** A fleet of few, so that its index can be read whole. */
export const fleetSamples: readonly string[] = ['degraded-upgrade', 'healthy', 'oom-kills', 'registry-certificates'];
export const fleetName = 'index-of-four';

/** The index over several reports, with the rules that fire in one of them and no other. */
export function goldenIndex(reports: readonly Report[]): string {
  const firing = new Set(reports.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const entries = reports.map((report) => {
    const outcomes = report.outcomes.filter(({ rule }) => firing.has(rule));
    return indexEntry({ ...report, outcomes }, report.bundle.name);
  });
  return renderIndex(entries, [{ name: 'mg-cut', reason: 'mg-cut.tar is no archive' }]).markdown;
}

export const goldenOf = (sample: string): string => readFileSync(join(goldenFolder, `${sample}.md`), 'utf8');

if (process.argv.includes('--write')) {
  const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
  const texts: Record<string, string> = {};
  for (const sample of samples) texts[`${sample}.md`] = goldenText(await reportOf(sample, knowledge));
  const fleet: Report[] = [];
  for (const sample of fleetSamples) fleet.push(await reportOf(sample, knowledge));
  texts[`${fleetName}.md`] = goldenIndex(fleet);
  await writeReport(goldenFolder, texts);
  console.log(`Wrote ${samples.length} golden reports; read the diff before you commit it.`);
}
