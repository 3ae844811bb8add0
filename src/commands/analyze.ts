// `drydock analyze`: bundles in, a report for each out.

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fastGlob from 'fast-glob';
import type { Limits } from '../bundle/limits.ts';
import type { Case } from '../bundle/read-case.ts';
import { InputError } from '../bundle/read-input.ts';
import { saveFacts } from '../facts/database.ts';
import { factTypes } from '../facts/parsers.ts';
import { openStore } from '../facts/seal-store.ts';
import { analyze } from '../pipeline.ts';
import { type Format, formats, renderReport } from '../report/formats.ts';
import { redactFacts } from '../report/redact-facts.ts';
import { type IndexEntry, type IndexFailure, indexEntry, renderIndex } from '../report/render-index.ts';
import { renderSummary } from '../report/render-summary.ts';
import type { Report } from '../report/report.ts';
import { visibleLine } from '../report/visible.ts';
import { type Content, OutputError, refuseLink, tryFolder, writeReport } from '../report/write-report.ts';
import { type Knowledge, loadKnowledge } from '../rules/knowledge.ts';
import { problemText } from '../rules/rule.ts';
import { progressLine } from './progress-line.ts';
import { readLimits } from './read-limits.ts';
import { formatOf } from './render.ts';
import { type ExitCode, type Terminal, UsageError, worst } from './terminal.ts';
import { version } from './version.ts';

const severities = ['info', 'warning', 'error', 'critical'] as const;
const usage = `drydock analyze INPUT... [-o DIR]

  INPUT is a folder, an archive of any supported kind, or a glob of them. Several: one report each and an index.

  --case NAME             read all inputs as one: one report, which holds what the cluster was asked
                          against what its nodes did (a must-gather and the sosreports of its nodes)
  -o, --output DIR        where reports go (out/reports)
  --format LIST           of ${formats.join(', ')} (html,md,json)
  --rules DIR             more rules, repeatable
  --pack NAME             only the rules of this pack, repeatable
  --no-builtin-rules      only the rules of --rules
  --settings FILE         other values for the thresholds of rules/settings.yaml
  --fail-on SEVERITY      exit code 1 from this severity on: critical, error, warning, info or none (none)
  --jobs N                worker threads (number of cores)
  --limit NAME=VALUE      another value for a limit, repeatable; \`drydock doctor\` lists them with what they bound,
                          e.g. --limit entries=1000000 --limit expanded=40GiB --limit archive-time=30m
  --save-facts            also write facts.sqlite, for \`drydock facts\` and \`drydock query\`
  --quiet, --verbose, --no-color`;

interface Plan {
  readonly output: string;
  readonly formats: readonly Format[];
  readonly jobs: number;
  readonly limits: Limits;
  readonly failOn: number;
  readonly saveFacts: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export async function analyzeCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o', default: join('out', 'reports') },
      case: { type: 'string' },
      format: { type: 'string', default: 'html,md,json' },
      rules: { type: 'string', multiple: true, default: [] },
      pack: { type: 'string', multiple: true, default: [] },
      'no-builtin-rules': { type: 'boolean', default: false },
      settings: { type: 'string' },
      'fail-on': { type: 'string', default: 'none' },
      jobs: { type: 'string' },
      limit: { type: 'string', multiple: true, default: [] },
      'save-facts': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      'no-color': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  if (positionals.length === 0) throw new UsageError(`analyze needs an input\n\n${usage}`);
  const plan: Plan = {
    output: values.output,
    formats: values.format.split(',').map((word) => formatOf(word.trim())),
    jobs: readJobs(values.jobs),
    limits: readLimits(values.limit),
    failOn: readFailOn(values['fail-on']),
    saveFacts: values['save-facts'],
    quiet: values.quiet,
    verbose: values.verbose,
  };
  const inputs = asCase(await expand(positionals), values.case);
  const names = folderNames(inputs);
  // Told at once, not after an hour's work: nothing can be written there.
  if (inputs.length > 1) await tryFolder(plan.output, indexNames);
  else await tryReportFolder(join(plan.output, names[0] ?? ''), plan);
  const knowledge = loadKnowledge({
    builtin: !values['no-builtin-rules'],
    ruleDirs: values.rules,
    packs: values.pack,
    settingsFile: values.settings,
    everything: plan.saveFacts,
  });
  for (const problem of knowledge.problems) terminal.warn(problemText(problem));
  for (const pack of values.pack) {
    if (!knowledge.rules.some((rule) => rule.pack === pack))
      throw new UsageError(`--pack ${pack}: no pack of this name has a rule; \`drydock rules list\` names them`);
  }
  if (knowledge.rules.length === 0)
    throw new UsageError('no rule is left to run: mend the rule files named above, or drop --no-builtin-rules');

  const codes: ExitCode[] = [];
  const done: IndexEntry[] = [];
  const failed: IndexFailure[] = [];
  for (const [index, input] of inputs.entries()) {
    const folder = names[index] ?? '';
    try {
      const report = await analyzeOne(input, join(plan.output, folder), knowledge, plan, terminal);
      done.push(indexEntry(report, folder));
      codes.push(exitCodeOf(report, plan.failOn));
    } catch (error) {
      // One bundle that cannot be read, or has no place to go, costs nothing of the others.
      if (inputs.length === 1 || !(error instanceof InputError || error instanceof OutputError)) throw error;
      const advice = error instanceof InputError ? `\n  ${error.advice}` : '';
      terminal.warn(`drydock: ${visibleLine(error.message)}${advice}`);
      failed.push({ name: folder, reason: error.message });
      codes.push(2);
    }
  }
  if (inputs.length > 1) {
    const { html, markdown, json } = renderIndex(done, failed);
    const written = await writeReport(plan.output, { 'index.html': html, 'index.md': markdown, 'index.json': json });
    if (!plan.quiet) for (const path of written) terminal.say(`Index: ${path}`);
  }
  return worst(codes);
}

async function analyzeOne(
  input: string | Case,
  folder: string,
  knowledge: Knowledge,
  plan: Plan,
  terminal: Terminal,
): Promise<Report> {
  await tryReportFolder(folder, plan);
  const line = progressLine(nameOf(input), terminal);
  const { report, facts } = await analyze(input, knowledge, {
    limits: plan.limits,
    jobs: plan.jobs,
    version,
    signal: terminal.signal,
    onProgress: line,
  });
  terminal.progress('');
  const contents: Record<string, Content> = {};
  for (const format of plan.formats) contents[`report.${format}`] = renderReport(report, format);
  if (plan.saveFacts) contents[factsName] = (path) => saveFacts(path, redactFacts(openStore(facts)), factTypes);
  refuseLink(folder);
  const written = await writeReport(folder, contents);
  if (!plan.quiet) {
    terminal.say(renderSummary(report, { color: terminal.color }), 'painted');
    terminal.say('');
    for (const path of written) terminal.say(`Report: ${path}`);
  }
  return report;
}

const factsName = 'facts.sqlite';
const indexNames = ['index.html', 'index.md', 'index.json'];

async function tryReportFolder(folder: string, plan: Plan): Promise<void> {
  refuseLink(folder);
  const names = plan.formats.map((format) => `report.${format}`);
  await tryFolder(folder, plan.saveFacts ? [...names, factsName] : names);
}

/** A glob becomes its matches, sorted; a name that exists is taken as it is, whatever characters it holds. */
async function expand(inputs: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const input of inputs) {
    const isName = existsSync(input) || !fastGlob.isDynamicPattern(input);
    const matches = isName ? [input] : await fastGlob(input, { onlyFiles: false, followSymbolicLinks: false });
    if (matches.length === 0) throw new UsageError(`${input}: nothing matches`);
    found.push(...matches.sort());
  }
  return [...new Set(found)];
}

/** With a name all inputs are one, and the name is that of its folder. */
function asCase(inputs: readonly string[], name: string | undefined): readonly (string | Case)[] {
  if (name === undefined) return inputs;
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u.test(name) || name.length > mostNameLength)
    throw new UsageError(
      `--case ${name}: say a name for the folder of the report, of letters, digits, dots, blanks, - and _`,
    );
  return [{ name, inputs }];
}

const mostNameLength = 100;

const nameOf = (input: string | Case): string => (typeof input === 'string' ? input : input.name);

/** A folder for each report, named after its input; equal names get a number. */
function folderNames(inputs: readonly (string | Case)[]): string[] {
  const taken = new Set<string>();
  return inputs.map((input) => {
    const last =
      nameOf(input)
        .replace(/[/\\]+$/, '')
        .split(/[/\\]/)
        .at(-1) ?? '';
    const stem = last.replace(/(\.(tar|tgz|tbz2?|txz|tzst|gz|xz|bz2|zst|zip))+$/i, '');
    const name = /^\.*$/.test(stem) ? 'bundle' : stem;
    let folder = name;
    // Some file systems do not tell upper from lower case.
    for (let times = 2; taken.has(folder.toLowerCase()); times++) folder = `${name}-${times}`;
    taken.add(folder.toLowerCase());
    return folder;
  });
}

function exitCodeOf(report: Report, failOn: number): ExitCode {
  if (report.coverage.gaps.length > 0) return 3;
  return report.findings.some(({ severity }) => severities.indexOf(severity) >= failOn) ? 1 : 0;
}

/** Each thread may take the memory of one worker; past the cores it gains nothing. */
const mostJobs = 64;

function readJobs(text: string | undefined): number {
  if (text === undefined) return Math.min(mostJobs, Math.max(1, availableParallelism()));
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > mostJobs)
    throw new UsageError(`--jobs ${text}: say a whole number from 1 to ${mostJobs}`);
  return jobs;
}

function readFailOn(word: string): number {
  const names: readonly string[] = [...severities, 'none'];
  const rank = names.indexOf(word);
  if (rank < 0) throw new UsageError(`--fail-on ${word}: choose critical, error, warning, info or none`);
  return rank;
}
