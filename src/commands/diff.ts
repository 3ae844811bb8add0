// `drydock diff`: two bundles or two reports in, what changed between them out.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Limits } from '../bundle/limits.ts';
import { buildDiff } from '../diff/build-diff.ts';
import type { Diff } from '../diff/diff.ts';
import { type DiffFormat, diffFormats, renderDiff } from '../diff/render-diff.ts';
import type { SideParts } from '../diff/side.ts';
import { diffSummary } from '../diff/summary.ts';
import { loadTable, withTable } from '../diff/table.ts';
import { openSavedFacts } from '../facts/database.ts';
import { openStore } from '../facts/seal-store.ts';
import { analyze } from '../pipeline.ts';
import { readReport } from '../report/report-json.ts';
import { refuseLink, tryFolder, writeReport } from '../report/write-report.ts';
import { type Knowledge, loadKnowledge } from '../rules/knowledge.ts';
import { problemText } from '../rules/rule.ts';
import { progressLine } from './progress-line.ts';
import { readLimits } from './read-limits.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';
import { version } from './version.ts';

const severities = ['info', 'warning', 'error', 'critical'] as const;
const usage = `drydock diff BEFORE AFTER [-o DIR]

  Each is a bundle (a folder or an archive), which is analysed, a report.json, or a folder with one. With a
  facts.sqlite of \`analyze --save-facts\` beside a report.json, objects and settings are compared too; without it
  only findings and coverage.

  Findings are new, failing in another way, still failing, fixed, no longer there, or not comparable because one side
  lacks what would tell. Then what changed in objects and settings, with the lines of both sides.

  -o, --output DIR        where diff.html, diff.md and diff.json go (${join('out', 'reports')})
  --format LIST           of ${diffFormats.join(', ')} (${diffFormats.join(',')})
  --fail-on SEVERITY      exit code 1 from this severity of new findings on: critical, error, warning, info or none (none)
  --rules DIR, --pack NAME, --no-builtin-rules, --settings FILE, --limit NAME=VALUE, --jobs N: as of analyze
  --quiet, --no-color

  Exit code: 0 complete, 1 new findings, 2 nothing written, 3 a side could not be read as a whole, or they are of two
  clusters.`;

export async function diffCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o', default: join('out', 'reports') },
      format: { type: 'string', default: diffFormats.join(',') },
      'fail-on': { type: 'string', default: 'none' },
      rules: { type: 'string', multiple: true, default: [] },
      pack: { type: 'string', multiple: true, default: [] },
      'no-builtin-rules': { type: 'boolean', default: false },
      settings: { type: 'string' },
      limit: { type: 'string', multiple: true, default: [] },
      jobs: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      'no-color': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const [before, after, ...others] = positionals;
  if (before === undefined || after === undefined || others.length > 0)
    throw new UsageError(`diff needs two inputs, BEFORE and AFTER\n\n${usage}`);
  const formats = values.format.split(',').map((word) => formatOf(word.trim()));
  const names = formats.map((format) => `diff.${format}`);
  const failOn = readFailOn(values['fail-on']);
  const reading = { limits: readLimits(values.limit), jobs: readJobs(values.jobs), terminal };
  // Told at once, not after an hour's work.
  refuseLink(values.output);
  await tryFolder(values.output, names);
  const table = loadTable();
  const knowledge = loadKnowledge({
    builtin: !values['no-builtin-rules'],
    ruleDirs: values.rules,
    packs: values.pack,
    settingsFile: values.settings,
  });
  for (const problem of knowledge.problems) terminal.warn(problemText(problem));
  if (knowledge.rules.length === 0)
    throw new UsageError('no rule is left to run: mend the rule files, or drop --no-builtin-rules or --pack');
  const wanted = { ...knowledge, demand: withTable(knowledge.demand, table) };
  const diff = buildDiff({
    tool: { name: 'drydock', version },
    before: await openInput(before, wanted, reading),
    after: await openInput(after, wanted, reading),
    rules: new Map(knowledge.rules.map((rule) => [rule.id, rule])),
    table,
  });
  const contents = Object.fromEntries(formats.map((format) => [`diff.${format}`, renderDiff(diff, format)]));
  const written = await writeReport(values.output, contents);
  if (!values.quiet) {
    terminal.say(diffSummary(diff, { color: terminal.color }), 'painted');
    for (const path of written) terminal.say(`Diff: ${path}`);
  }
  return exitCodeOf(diff, failOn);
}

interface Reading {
  readonly limits: Limits;
  readonly jobs: number;
  readonly terminal: Terminal;
}

/** A report where there is one, else a bundle. */
async function openInput(input: string, knowledge: Knowledge, reading: Reading): Promise<Omit<SideParts, 'which'>> {
  const file = reportFile(input);
  if (file !== undefined) return openReport(file);
  const { terminal, ...how } = reading;
  const onProgress = progressLine(input, terminal);
  const { report, facts, text, roots } = await analyze(input, knowledge, {
    ...how,
    version,
    signal: terminal.signal,
    onProgress,
  });
  terminal.progress('');
  return {
    report,
    from: 'bundle',
    facts: openStore(facts),
    sources: facts.sources,
    roots,
    lines: (path, span) => text.lines(path, span),
  };
}

function reportFile(input: string): string | undefined {
  if (statSync(input, { throwIfNoEntry: false })?.isDirectory()) {
    const inside = join(input, 'report.json');
    return existsSync(inside) && holdsReport(inside) ? inside : undefined;
  }
  return /\.json$/i.test(input) && existsSync(input) ? input : undefined;
}

/** A bundle may hold a file of that name. */
const holdsReport = (file: string): boolean => readFileSync(file, 'utf8').slice(0, 200).includes('"drydock.report/');

function openReport(file: string): Omit<SideParts, 'which'> {
  try {
    const report = readReport(readFileSync(file, 'utf8'));
    const saved = join(dirname(file), 'facts.sqlite');
    if (!existsSync(saved)) return { report, from: 'report' };
    return { report, from: 'saved facts', facts: openSavedFacts(saved) };
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function exitCodeOf(diff: Diff, failOn: number): ExitCode {
  const { before, after, findings } = diff;
  const isOther =
    before.cluster?.id !== undefined && after.cluster?.id !== undefined && before.cluster.id !== after.cluster.id;
  if (before.gaps > 0 || after.gaps > 0 || isOther) return 3;
  return findings.new.some(({ severity }) => severities.indexOf(severity) >= failOn) ? 1 : 0;
}

function formatOf(word: string): DiffFormat {
  const format = diffFormats.find((each) => each === word);
  if (!format) throw new UsageError(`--format ${word}: choose of ${diffFormats.join(', ')}`);
  return format;
}

function readFailOn(word: string): number {
  const names: readonly string[] = [...severities, 'none'];
  const rank = names.indexOf(word);
  if (rank < 0) throw new UsageError(`--fail-on ${word}: choose critical, error, warning, info or none`);
  return rank;
}

const mostJobs = 64;

function readJobs(text: string | undefined): number {
  if (text === undefined) return Math.min(mostJobs, Math.max(1, availableParallelism()));
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > mostJobs)
    throw new UsageError(`--jobs ${text}: say a whole number from 1 to ${mostJobs}`);
  return jobs;
}
