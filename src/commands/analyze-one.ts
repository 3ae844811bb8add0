// One bundle, or a case of several: analysed, redacted where that is asked for, and written whole or not at all.

import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Limits } from '../bundle/limits.ts';
import type { Case } from '../bundle/read-case.ts';
import { saveFacts } from '../facts/database.ts';
import { factTypes } from '../facts/parsers.ts';
import { openStore } from '../facts/seal-store.ts';
import { type AnalyzeOptions, analyze } from '../pipeline.ts';
import { citedSources, textsOf } from '../report/evidence/cited-sources.ts';
import { packEvidence, packName } from '../report/evidence/pack-evidence.ts';
import { type Format, renderReport, reportFiles } from '../report/formats.ts';
import { redactRun } from '../report/redact/redact-run.ts';
import { mapName, type RedactionMap } from '../report/redact/redaction-map.ts';
import { redactFacts } from '../report/redact-facts.ts';
import { renderSummary } from '../report/render-summary.ts';
import type { Report } from '../report/report.ts';
import { type Content, refuseLink, tryFolder, writeReport } from '../report/write-report.ts';
import type { Knowledge } from '../rules/knowledge.ts';
import { progressLine } from './progress-line.ts';
import { mapFor, type RedactPlan } from './redact-words.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** What a command line of `analyze` asks for, beside its inputs and rules. */
export interface Plan {
  readonly output: string;
  readonly formats: readonly Format[];
  readonly jobs: number;
  readonly limits: Limits;
  readonly failOn: number;
  readonly saveFacts: boolean;
  readonly evidence: boolean;
  /** Absent without --redact. */
  readonly redact?: RedactPlan | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

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
  const analyzed = await analyze(input, knowledge, {
    limits: plan.limits,
    jobs: plan.jobs,
    version,
    signal: terminal.signal,
    onProgress,
  });
  terminal.progress('');
  const { report, contents } = await contentsOf(analyzed, plan.redact && mapFor(plan.redact, standing), plan);
  refuseLink(folder);
  const written = await writeReport(folder, contents);
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
  const sources = plan.evidence ? citedSources(report, text) : [];
  const redacted =
    map &&
    redactRun({ map, keywords: plan.redact?.keywords ?? [], report, facts: openStore(facts), texts: textsOf(sources) });
  const reports: Record<string, string> = {};
  for (const { name, format } of reportFiles(plan.formats))
    reports[name] = redacted ? redacted.render(format) : renderReport(report, format);
  const contents: Record<string, Content> = { ...reports };
  if (plan.evidence) {
    const packed = await packEvidence({
      reports,
      sources,
      text: redacted?.text ?? ((each) => each),
      check: redacted?.check ?? (() => undefined),
    });
    contents[packName] = (path) => writeFile(path, packed);
  }
  if (plan.saveFacts) contents[factsName] = (path) => saveFacts(path, redactFacts(openStore(facts)), factTypes);
  if (redacted) {
    const { name, cluster = {} } = redacted.report.bundle;
    // what the index of a batch says of it, beside our own words
    redacted.check('index', [name, ...Object.values(cluster)].join('\n'));
    contents[mapName] = redacted.map();
  }
  return { report: redacted?.report ?? report, contents };
}

const factsName = 'facts.sqlite';

/** Fails where nothing can be written. */
export async function tryReportFolder(folder: string, plan: Plan): Promise<void> {
  refuseLink(folder);
  await tryFolder(folder, reportNames(plan));
}

/** Files of one report, by name. */
export const reportNames = ({ formats, saveFacts, evidence, redact }: Plan): string[] => [
  ...reportFiles(formats).map(({ name }) => name),
  ...(saveFacts ? [factsName] : []),
  ...(evidence ? [packName] : []),
  ...(redact ? [mapName] : []),
];

export const nameOf = (input: string | Case): string => (typeof input === 'string' ? input : input.name);
