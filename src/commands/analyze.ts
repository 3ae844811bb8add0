// `drydock analyze`: bundles in, a report for each out.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stemOf } from '../batch/folder-names.ts';
import { mixedReport } from '../batch/refuse-mixed.ts';
import { formats } from '../report/format-names.ts';
import type { Report } from '../report/report.ts';
import { problemText } from '../rules/rule.ts';
import { addProfile, enterStage, now, ofProcess, startProfile, takeProfile } from '../workers/profile.ts';
import { asCase, expand } from './analyze-inputs.ts';
import { startThreads } from './early-threads.ts';
import { formatOf, nameOf, type Plan, reportNames } from './plan.ts';
import { readJobs } from './read-jobs.ts';
import { readLimits } from './read-limits.ts';
import { readRedact, redactOptions, redactUsage } from './redact-words.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

const severities = ['info', 'warning', 'error', 'critical'] as const;
const usage = `drydock analyze INPUT... [-o DIR]

  INPUT is a folder, an archive of any supported kind, or a glob of them. Several, or a folder of nothing but
  archives: a batch, with one report each and an index. A batch that was stopped goes on when it is started again.
  - is standard input: a tar, packed or not, as it arrives (ssh host cat bundle.tar.gz | drydock analyze -). A named
  pipe is read the same way. The report is in standard-input, or has the name of the pipe.

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

  --profile               say at the end where the time went, on standard error; the report is the same to the byte
  --quiet, --verbose, --no-color`;

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
      profile: { type: 'boolean', default: false },
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
  const knowledgeFor = async () => (await import('./load-for.ts')).loadFor(values, plan);
  if (values['batch-child']) return await (await import('./batch-child.ts')).batchChild(plan, knowledgeFor, terminal);
  const asked = await expand(positionals, values);
  if (values.queue !== undefined && values.case !== undefined)
    throw new UsageError('--case makes one bundle of all inputs, and --queue shares many out: leave one of them out');
  if ((asked.isBatch || values.queue !== undefined) && values.case === undefined) {
    if (values.profile) throw new UsageError('--profile is for one bundle: give one input, or --case');
    const { batchCommand } = await import('./batch.ts');
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
        async filesDigest() {
          const { digestOfFiles } = await import('./deciding-files.ts');
          return digestOfFiles(await knowledgeFor(), plan.redact);
        },
      },
      terminal,
    );
  }
  refuseBatchFlags(values);
  if (values.profile) {
    await startProfile();
    addProfile(new Map([['start', now()]]));
  }
  const input = asCase(asked.inputs, values.case);
  const folder = join(plan.output, stemOf(nameOf(input)));
  const mixed = mixedReport(folder, plan.redact !== undefined, reportNames(plan));
  if (mixed !== undefined) throw new UsageError(mixed);
  startThreads(plan.limits);
  const { analyzeOne, tryReportFolder } = await import('./analyze-one.ts');
  // Told at once, not after an hour's work: nothing can be written there.
  await tryReportFolder(folder, plan);
  enterStage('load');
  const knowledge = await knowledgeFor();
  for (const problem of knowledge.problems) terminal.warn(problemText(problem));
  const { report } = await analyzeOne(input, folder, knowledge, plan, terminal);
  if (values.profile)
    (await import('./profile-table.ts')).profileTable(takeProfile(), ofProcess()).forEach(terminal.warn);
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
