// `drydock worker`: takes bundles out of a queue and analyses them, until it is stopped.

import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addressOf } from '../queue/redis.ts';
import { work } from '../queue/work.ts';
import { visibleLine } from '../report/visible.ts';
import { mostChildrenFor, readBudget } from './read-budget.ts';
import { readJobs } from './read-jobs.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';
import { version } from './version.ts';

const usage = `drydock worker --queue redis://HOST:PORT [-o DIR]

  Analyses what \`drydock analyze --queue\` puts into the queue, until it is stopped. Any number of workers, on any
  number of machines that see inputs and output folders under the same paths. Stopped, it gives back what it has in
  hand; killed, another worker takes it over within some seconds. docs/scaling.md tells more.

  --queue URL             redis://[user:password@]host:port, or rediss:// with TLS: a Redis or Valkey server
  -o, --output DIR        output folders lie in it, or are it; nothing is written elsewhere (out/reports)
  --jobs N                worker threads of all its bundles together (number of cores)
  --memory-budget SIZE    of all its processes together, e.g. 8GiB (seven tenths of what there is)
  --quiet, --no-color`;

export async function workerCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      queue: { type: 'string' },
      output: { type: 'string', short: 'o', default: join('out', 'reports') },
      jobs: { type: 'string' },
      'memory-budget': { type: 'string' },
      quiet: { type: 'boolean', default: false },
      'no-color': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const { kin, signal, warn } = terminal;
  if (!kin) throw new Error('a worker needs a program that can be started again');
  if (values.queue === undefined) throw new UsageError(`worker needs --queue\n\n${usage}`);
  const root = resolve(values.output);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${root} is no folder on this machine: name the storage of the output folders with -o`);
  const { shown } = addressOf(values.queue);
  const jobs = readJobs(values.jobs);
  const budgetBytes = readBudget(values['memory-budget'], kin.memoryBytes);
  const children = mostChildrenFor(jobs, budgetBytes);
  const tell = (text: string): void => {
    if (!values.quiet) terminal.say(text);
  };
  await work({
    ...{ url: values.queue, root, version, name: randomUUID(), host: hostname(), nodePath: kin.nodePath },
    program: kin.program,
    ...{ children, jobs, budgetBytes, signal, warn },
    ready: () => tell(`Worker on ${hostname()}: ${children} bundles at once, from ${shown}, below ${root}`),
    over(job, result) {
      const name = visibleLine(job.bundle.path);
      tell('failed' in result ? `${name}: ${visibleLine(result.failed)}` : join(job.output, job.bundle.folder));
      if ('failed' in result && result.advice) warn(`  ${result.advice}`);
    },
  });
  return 0;
}
