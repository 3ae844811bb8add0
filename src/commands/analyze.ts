// `drydock analyze`: bundles in, a report for each out.

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import fastGlob from 'fast-glob';
import { archivesIn } from '../batch/archives-in.ts';
import { serveBatch } from '../batch/child-side.ts';
import { stemOf } from '../batch/folder-names.ts';
import type { Done } from '../batch/messages.ts';
import type { Limits } from '../bundle/limits.ts';
import type { Case } from '../bundle/read-case.ts';
import { saveFacts } from '../facts/database.ts';
import { factTypes } from '../facts/parsers.ts';
import { openStore } from '../facts/seal-store.ts';
import { type AnalyzeOptions, analyze } from '../pipeline.ts';
import { citedSources, textsOf } from '../report/evidence/cited-sources.ts';
import { packEvidence, packName } from '../report/evidence/pack-evidence.ts';
import { type Format, formats, renderReport, reportFiles } from '../report/formats.ts';
import { redactRun } from '../report/redact/redact-run.ts';
import { mapName, type RedactionMap } from '../report/redact/redaction-map.ts';
import { redactFacts } from '../report/redact-facts.ts';
import { indexEntry } from '../report/render-index.ts';
import { renderSummary } from '../report/render-summary.ts';
import type { Report } from '../report/report.ts';
import { type Content, refuseLink, tryFolder, writeReport } from '../report/write-report.ts';
import { type Knowledge, loadKnowledge } from '../rules/knowledge.ts';
import { problemText } from '../rules/rule.ts';
import { batchCommand } from './batch.ts';
import { progressLine } from './progress-line.ts';
import { readJobs } from './read-jobs.ts';
import { readLimits } from './read-limits.ts';
import { mapFor, type RedactPlan, readRedact, redactOptions, redactUsage } from './redact-words.ts';
import { formatOf } from './render.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';
import { version } from './version.ts';

const severities = ['info', 'warning', 'error', 'critical'] as const;
const usage = `drydock analyze INPUT... [-o DIR]

  INPUT is a folder, an archive of any supported kind, or a glob of them. Several, or a folder of nothing but
  archives: a batch, with one report each and an index. A batch that was stopped goes on when it is started again.

  --case NAME             read all inputs as one: one report, which holds what the cluster was asked
                          against what its nodes did (a must-gather and the sosreports of its nodes)
  -o, --output DIR        where reports go (out/reports)
  --format LIST           of ${formats.join(', ')} (html,md,json);
                          md writes report.summary.md too, one comment for a ticket
  --rules DIR             more rules, repeatable
  --pack NAME             only the rules of this pack, repeatable
  --no-builtin-rules      only the rules of --rules
  --settings FILE         other values for the thresholds of rules/settings.yaml
  --fail-on SEVERITY      exit code 1 from this severity on: critical, error, warning, info or none (none)
  --jobs N                worker threads (number of cores)
  --limit NAME=VALUE      another value for a limit, repeatable; \`drydock doctor\` lists them with what they bound,
                          e.g. --limit entries=1000000 --limit expanded=40GiB --limit archive-time=30m
  --evidence              also write evidence.tar.gz: the reports and the files they cite, small enough to attach
${redactUsage}
  --save-facts            also write facts.sqlite, for \`drydock facts\` and \`drydock query\`

  of a batch:
  --dry-run               say what would be done, and write nothing
  --since WHEN            only inputs that changed since: a day (2026-11-20), a time, or how long ago (36h, 2d)
  --retry-failed          try those again that failed before
  --watch                 INPUT is an inbox: each archive is taken when it has arrived, until Ctrl-C
  --memory-budget SIZE    of all processes together, e.g. 8GiB (seven tenths of what there is)
  --shard I/N             only the inputs that fall to part I (from 0) of N; each part has an output folder of its own
  --queue URL             have it done by \`drydock worker\`s: redis://[user:password@]host:port, or rediss://…
  --no-wait               end when all is in the queue; the same command later takes up what came of it

  --quiet, --verbose, --no-color`;

interface Plan {
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

export async function analyzeCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    allowPositionals: true,
    tokens: true,
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
      evidence: { type: 'boolean', default: false },
      ...redactOptions,
      'dry-run': { type: 'boolean', default: false },
      since: { type: 'string' },
      'retry-failed': { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
      'memory-budget': { type: 'string' },
      queue: { type: 'string' },
      'no-wait': { type: 'boolean', default: false },
      shard: { type: 'string' },
      'batch-child': { type: 'boolean', default: false },
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
  if (positionals.length === 0 && !values['batch-child']) throw new UsageError(`analyze needs an input\n\n${usage}`);
  const plan: Plan = {
    output: values.output,
    formats: values.format.split(',').map((word) => formatOf(word.trim())),
    jobs: readJobs(values.jobs),
    limits: readLimits(values.limit),
    failOn: readFailOn(values['fail-on']),
    saveFacts: values['save-facts'],
    evidence: values.evidence,
    redact: readRedact(values),
    quiet: values.quiet,
    verbose: values.verbose,
  };
  if (plan.redact && plan.saveFacts)
    throw new UsageError('--save-facts writes every name as it was read: leave it out, or --redact');
  const knowledgeFor = () => loadFor(values, plan);
  if (values['batch-child']) return await batchChild(plan, knowledgeFor, terminal);
  const asked = await expand(positionals, values);
  if (values.queue !== undefined && values.case !== undefined)
    throw new UsageError('--case makes one bundle of all inputs, and --queue shares many out: leave one of them out');
  if ((asked.isBatch || values.queue !== undefined) && values.case === undefined) {
    return await batchCommand(
      {
        flags: values,
        inputs: asked.inputs,
        output: plan.output,
        reportNames: reportNames(plan),
        words: tokens.flatMap((token) =>
          token.kind === 'option' && !parentFlags.includes(token.name)
            ? [token.value === undefined ? `--${token.name}` : `--${token.name}=${token.value}`]
            : [],
        ),
        jobs: plan.jobs,
        limits: plan.limits,
        failOn: (severity) => severities.indexOf(severity) >= plan.failOn,
        quiet: plan.quiet,
        hidesNames: plan.redact !== undefined,
        rulesDigest: () => knowledgeFor().digest,
      },
      terminal,
    );
  }
  refuseBatchFlags(values);
  const input = asCase(asked.inputs, values.case);
  const folder = join(plan.output, stemOf(nameOf(input)));
  // Told at once, not after an hour's work: nothing can be written there.
  await tryReportFolder(folder, plan);
  const knowledge = knowledgeFor();
  for (const problem of knowledge.problems) terminal.warn(problemText(problem));
  const { report } = await analyzeOne(input, folder, knowledge, plan, terminal);
  return exitCodeOf(report, plan.failOn);
}

/** What the parent of a batch heeds itself, and what decides nothing about a report. */
const parentFlags: readonly string[] = [
  ...['output', 'jobs', 'fail-on', 'quiet', 'verbose', 'no-color', 'dry-run', 'since', 'retry-failed', 'watch'],
  ...['memory-budget', 'queue', 'no-wait', 'shard'],
];

function refuseBatchFlags(values: Readonly<Record<string, unknown>>): void {
  const flag = ['dry-run', 'since', 'retry-failed', 'watch', 'memory-budget', 'no-wait', 'shard'].find(
    (name) => values[name],
  );
  if (flag !== undefined)
    throw new UsageError(`--${flag} is for a batch: give several inputs, a glob, or a folder of archives`);
}

interface KnowledgeWords {
  readonly 'no-builtin-rules': boolean;
  readonly rules: readonly string[];
  readonly pack: readonly string[];
  readonly settings?: string | undefined;
}

function loadFor(values: KnowledgeWords, plan: Plan): Knowledge {
  const knowledge = loadKnowledge({
    builtin: !values['no-builtin-rules'],
    ruleDirs: values.rules,
    packs: values.pack,
    settingsFile: values.settings,
    everything: plan.saveFacts,
  });
  for (const pack of values.pack) {
    if (!knowledge.rules.some((rule) => rule.pack === pack))
      throw new UsageError(`--pack ${pack}: no pack of this name has a rule; \`drydock rules list\` names them`);
  }
  if (knowledge.rules.length > 0) return knowledge;
  const problems = knowledge.problems.map((problem) => `${problemText(problem)}\n`).join('');
  throw new UsageError(
    `${problems}no rule is left to run: mend the rule files named above, or drop --no-builtin-rules`,
  );
}

/** One of the processes of a batch; its output folder is the one folder into which it may write. */
async function batchChild(plan: Plan, knowledgeFor: () => Knowledge, terminal: Terminal): Promise<ExitCode> {
  const parent = terminal.kin?.parent;
  if (!parent) throw new UsageError('--batch-child is for the program itself');
  const { signal } = terminal;
  let knowledge: Knowledge;
  try {
    knowledge = knowledgeFor();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    parent.send({ told: 'refused', message: error.message });
    return 2;
  }
  const served = serveBatch(parent, {
    scratch: plan.output,
    signal,
    rules: new Map(knowledge.rules.map((rule) => [rule.id, rule])),
    async analyze({ input, folder, standing, jobs }, onProgress) {
      const own = { ...plan, jobs, quiet: true };
      const { report, written } = await analyzeOne(
        input,
        join(plan.output, folder),
        knowledge,
        own,
        terminal,
        onProgress,
        standing,
      );
      const [first] = report.bundle.inputs;
      const done: Omit<Done, 'told'> = { written, entry: indexEntry(report, folder, firstOf(written)) };
      return first ? { ...done, sha256: first.sha256 } : done;
    },
  });
  parent.send({ told: 'ready', rulesDigest: knowledge.digest, warnings: knowledge.problems.map(problemText) });
  await served;
  return 0;
}

async function analyzeOne(
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

/** What a reader opens first, of the files of a report. */
const firstOf = (names: readonly string[]): string =>
  ['report.html', 'report.md'].find((name) => names.includes(name)) ?? names[0] ?? '';

const factsName = 'facts.sqlite';

async function tryReportFolder(folder: string, plan: Plan): Promise<void> {
  refuseLink(folder);
  await tryFolder(folder, reportNames(plan));
}

const reportNames = ({ formats, saveFacts, evidence, redact }: Plan): string[] => [
  ...reportFiles(formats).map(({ name }) => name),
  ...(saveFacts ? [factsName] : []),
  ...(evidence ? [packName] : []),
  ...(redact ? [mapName] : []),
];

/** A glob becomes its matches, sorted; a name that exists is taken as it is, whatever characters it holds. */
async function expand(
  inputs: readonly string[],
  { watch, case: name }: { readonly watch: boolean; readonly case?: string | undefined },
): Promise<{ readonly inputs: readonly string[]; readonly isBatch: boolean }> {
  const found: string[] = [];
  let isBatch = watch || inputs.length > 1;
  for (const input of inputs) {
    const isName = existsSync(input) || !fastGlob.isDynamicPattern(input);
    const archives = isName && !watch && name === undefined ? archivesIn(input) : undefined;
    const matches =
      archives ?? (isName ? [input] : await fastGlob(input, { onlyFiles: false, followSymbolicLinks: false }));
    if (matches.length === 0) throw new UsageError(`${input}: nothing matches`);
    isBatch ||= archives !== undefined || !isName;
    found.push(...matches.sort());
  }
  return { inputs: [...new Set(found)], isBatch };
}

/** With a name all inputs are one, and the name is that of its folder. */
function asCase(inputs: readonly string[], name: string | undefined): string | Case {
  if (name === undefined) return inputs[0] ?? '';
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u.test(name) || name.length > mostNameLength)
    throw new UsageError(
      `--case ${name}: say a name for the folder of the report, of letters, digits, dots, blanks, - and _`,
    );
  return { name, inputs };
}

const mostNameLength = 100;

const nameOf = (input: string | Case): string => (typeof input === 'string' ? input : input.name);

function exitCodeOf(report: Report, failOn: number): ExitCode {
  if (report.coverage.gaps.length > 0) return 3;
  return report.findings.some(({ severity }) => severities.indexOf(severity) >= failOn) ? 1 : 0;
}

function readFailOn(word: string): number {
  const names: readonly string[] = [...severities, 'none'];
  const rank = names.indexOf(word);
  if (rank < 0) throw new UsageError(`--fail-on ${word}: choose critical, error, warning, info or none`);
  return rank;
}
