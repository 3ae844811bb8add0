// One bundle, or a case of several: analysed, redacted where that is asked for, and written whole or not at all.

import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Case } from '../bundle/read-case.ts';
import { openStore } from '../facts/seal-store.ts';
import { type AnalyzeOptions, analyze } from '../pipeline.ts';
import { renderReport, reportFiles } from '../report/formats.ts';
import { mapName, type RedactionMap } from '../report/redact/redaction-map.ts';
import { renderSummary } from '../report/render-summary.ts';
import type { Report } from '../report/report.ts';
import { type Content, refuseLink, tryFolder, writeReport } from '../report/write-report.ts';
import type { Knowledge } from '../rules/knowledge.ts';
import { enterStage, measured } from '../workers/profile.ts';
import { factsName, nameOf, type Plan, packName, reportNames } from './plan.ts';
import { progressLine } from './progress-line.ts';
import { mapFor } from './redact-words.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Gives the report as it was written, and the names of its files. */
export async function analyzeOne(
  input: string | Case,
  folder: string,
  knowledge: Knowledge,
  plan: Plan,
  terminal: Terminal,
  onProgress: AnalyzeOptions['onProgress'] = progressLine(nameOf(input), terminal),
  // where an earlier report lies: a child of a batch does not write there itself
  standing = folder,
): Promise<{ readonly report: Report; readonly written: readonly string[] }> {
  await tryReportFolder(folder, plan);
  enterStage('read');
  const analyzed = await analyze(input, knowledge, {
    limits: plan.limits,
    jobs: plan.jobs,
    version,
    signal: terminal.signal,
    onProgress(stage, progress) {
      enterStage(stage);
      onProgress?.(stage, progress);
    },
  });
  enterStage('render');
  terminal.progress('');
  const { report, contents } = await contentsOf(analyzed, plan.redact && mapFor(plan.redact, standing), plan);
  refuseLink(folder);
  enterStage('write');
  const written = await writeReport(folder, contents);
  enterStage();
  if (!plan.quiet) {
    terminal.say(renderSummary(report, { color: terminal.color }), 'painted');
    terminal.say('');
    for (const path of written) terminal.say(`${basename(path) === mapName ? ownersWords : 'Report'}: ${path}`);
  }
  return { report, written: Object.keys(contents) };
}

const ownersWords = 'What the pseudonyms stand for, for you alone';

/** All that is written of one bundle, by file name; with a map the report is a redacted one. */
async function contentsOf(
  { report, facts, text }: Awaited<ReturnType<typeof analyze>>,
  map: RedactionMap | undefined,
  plan: Plan,
): Promise<{ readonly report: Report; readonly contents: Readonly<Record<string, Content>> }> {
  // What few ask for is loaded for them alone.
  const evidence = plan.evidence ? await import('../report/evidence/cited-sources.ts') : undefined;
  const sources = evidence?.citedSources(report, text) ?? [];
  const redacted =
    map &&
    (await import('../report/redact/redact-run.ts')).redactRun({
      map,
      keywords: plan.redact?.keywords ?? [],
      report,
      facts: openStore(facts),
      texts: evidence?.textsOf(sources) ?? [],
    });
  const reports: Record<string, string> = {};
  for (const { name, format } of reportFiles(plan.formats))
    reports[name] = measured('render', format, () =>
      redacted ? redacted.render(format) : renderReport(report, format),
    );
  const contents: Record<string, Content> = { ...reports };
  if (plan.evidence) {
    const { packEvidence } = await import('../report/evidence/pack-evidence.ts');
    const packed = await packEvidence({
      reports,
      sources,
      text: redacted?.text ?? ((each) => each),
      check: redacted?.check ?? (() => undefined),
    });
    contents[packName] = (path) => writeFile(path, packed);
  }
  if (plan.saveFacts) contents[factsName] = await factsFile(facts);
  if (redacted) {
    const { name, cluster = {} } = redacted.report.bundle;
    // what the index of a batch says of it, beside our own words
    redacted.check('index', [name, ...Object.values(cluster)].join('\n'));
    contents[mapName] = redacted.map();
  }
  return { report: redacted?.report ?? report, contents };
}

async function factsFile(facts: Awaited<ReturnType<typeof analyze>>['facts']): Promise<Content> {
  const { saveFacts } = await import('../facts/database.ts');
  const { redactFacts } = await import('../report/redact-facts.ts');
  const { factTypes } = await import('../facts/parsers.ts');
  return (path) => saveFacts(path, redactFacts(openStore(facts)), factTypes);
}

/** Fails where nothing can be written. */
export async function tryReportFolder(folder: string, plan: Plan): Promise<void> {
  refuseLink(folder);
  await tryFolder(folder, reportNames(plan));
}
