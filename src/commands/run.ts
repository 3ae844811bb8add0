// Finds the command that was asked for and turns what goes wrong into a message and an exit code.

import { InputError } from '../bundle/cut.ts';
import { QueueError } from '../queue/queue-error.ts';
import { OutputError } from '../report/output-error.ts';
import { visibleLine } from '../report/visible.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';
import { version } from './version.ts';

type Command = (words: readonly string[], terminal: Terminal) => Promise<ExitCode> | ExitCode;

/** Each is loaded when it is asked for: `--version` needs none of them. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  analyze: async () => (await import('./analyze.ts')).analyzeCommand,
  worker: async () => (await import('./worker.ts')).workerCommand,
  trace: async () => (await import('./trace.ts')).traceCommand,
  index: async () => (await import('./index-batches.ts')).indexCommand,
  diff: async () => (await import('./diff.ts')).diffCommand,
  facts: async () => (await import('./facts.ts')).factsCommand,
  query: async () => (await import('./query.ts')).queryCommand,
  render: async () => (await import('./render.ts')).renderCommand,
  rules: async () => (await import('./rules.ts')).rulesCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
};

export const usage = `drydock ${version}: what is wrong in this bundle, how sure, which line says so, and what to do

  drydock analyze INPUT... [-o DIR]      read bundles (folders, archives, globs of them) and write a report for each
  drydock worker --queue redis://…       take bundles from a queue, with others on as many machines as there are
  drydock trace INPUT... --from A --to B where a connection goes, rule by rule, and why it fails
  drydock index REPORTS... [-o DIR]      one index over the output folders of several batches
  drydock diff BEFORE AFTER [-o DIR]     what is new, fixed and still failing, and what changed in objects and settings
  drydock facts INPUT [TYPE]             what was read: fact types, or the facts of one
  drydock query REPORTS 'SELECT …'       SQL over all reports of a batch, or over facts saved with --save-facts
  drydock render REPORT.json             a saved report in another format
  drydock rules list|show|explain|lint|test|new|docs
  drydock doctor                         versions, limits, what this installation can read

  drydock COMMAND --help tells more.`;

/** Runs one command line, without the program's own name. Never rejects. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === '--version' || name === '-V') return told(terminal, version);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return told(terminal, usage);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (!load) throw new UsageError(`no command '${name}'; there are: ${Object.keys(commands).join(', ')}`);
    const command = await load();
    return await command(rest, terminal);
  } catch (error) {
    // Whoever stopped it knows why it ends.
    if (terminal.signal.aborted) return 2;
    terminal.warn(`drydock: ${describe(error)}`);
    return 2;
  }
}

function told(terminal: Terminal, text: string): ExitCode {
  terminal.say(text);
  return 0;
}

/** What we expect to go wrong is a sentence; what we do not keeps its stack, so that it can be reported. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UsageError || error instanceof OutputError || error instanceof QueueError) return error.message;
  if (error instanceof InputError) return `${visibleLine(error.message)}\n  ${error.advice}`;
  if ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) return error.message;
  if ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) return error.message;
  return error.name === 'Error' ? error.message : `internal error, please report it: ${error.stack ?? error.message}`;
}
