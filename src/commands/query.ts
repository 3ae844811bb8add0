// `drydock query`: one SELECT over saved facts, as a table, JSON or CSV-like rows.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { queryFacts } from '../facts/database.ts';
import { printRows } from './rows.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

const usage = `drydock query FACTS 'SELECT …' [-o table|json|yaml]

  FACTS is a facts.sqlite of \`analyze --save-facts\`, or the report folder it lies in.
  Each fact type is a view with a column a field, and path, first, last:

  drydock query out/reports/b 'SELECT namespace, name, phase FROM Pod WHERE phase <> "Running"'`;

export function queryCommand(words: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { output: { type: 'string', short: 'o', default: 'table' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const [facts, statement] = positionals;
  if (!facts || !statement) throw new UsageError(`query needs the saved facts and a statement\n\n${usage}`);
  terminal.say(printRows(queryFacts(factsFile(facts), statement), values.output, terminal.columns));
  return 0;
}

/** A report folder stands for the `facts.sqlite` in it. */
export function factsFile(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'facts.sqlite') : path;
}
