// `drydock query`: one SELECT over saved facts, or over all reports of a batch, as a table, JSON or YAML.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fleetTables, isFleet, queryFleet } from '../batch/fleet-database.ts';
import { queryFacts } from '../facts/database.ts';
import { counted } from '../report/wording.ts';
import { printRows } from './rows.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

const usage = `drydock query FACTS|REPORTS 'SELECT …' [--bundle NAME] [-o table|json|yaml]

  FACTS is a facts.sqlite of \`analyze --save-facts\`, or the report folder it lies in.
  Each fact type is a view with a column a field, and path, first, last:

  drydock query out/reports/b 'SELECT namespace, name, phase FROM Pod WHERE phase <> "Running"'

  REPORTS is the output folder of a batch. All its reports are tables, joined by folder:

${Object.entries(fleetTables)
  .map(([table, columns]) => `    ${table.padEnd(9)} ${wrapped(columns)}`)
  .join('\n')}

  and where bundles have a facts.sqlite, each fact type is a view over all of them, with folder before path.
  --bundle NAME asks one bundle alone, by its folder or name.

  Which clusters still have a critical finding, and since when:
  drydock query out/reports "SELECT cluster, version, min(gatheredAt) AS since, count(DISTINCT rule) AS rules
    FROM bundles JOIN findings USING (folder) WHERE severity = 'critical' GROUP BY cluster ORDER BY rules DESC"

  Rules that could not decide in most bundles, with what is missing: this is what to gather next time
  drydock query out/reports "SELECT missing, count(DISTINCT folder) AS bundles, count(DISTINCT rule) AS rules
    FROM outcomes WHERE verdict = 'no-data' GROUP BY missing ORDER BY bundles DESC LIMIT 20"

  Inputs without a report or with gaps, to be gathered or tried again:
  drydock query out/reports "SELECT input, state, reason, gaps FROM bundles WHERE state <> 'complete'"`;

/** Exit code 3 where some bundles lack what the statement asks about: that they have no rows is no answer. */
export function queryCommand(words: readonly string[], terminal: Terminal): ExitCode {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      bundle: { type: 'string' },
      output: { type: 'string', short: 'o', default: 'table' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const [from, statement] = positionals;
  if (!from || !statement) throw new UsageError(`query needs saved facts or reports, and a statement\n\n${usage}`);
  const isFolder = statSync(from, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder || !isFleet(from)) {
    if (values.bundle !== undefined)
      throw new UsageError(`--bundle is for the output folder of a batch; ${from} is none`);
    terminal.say(printRows(queryFacts(factsFile(from), statement), values.output, terminal.columns));
    return 0;
  }
  const { rows, lacking } = queryFleet({ output: from, statement, bundle: values.bundle });
  terminal.say(printRows(rows, values.output, terminal.columns));
  for (const { file, folders } of lacking)
    terminal.warn(
      `drydock: ${counted(folders.length, 'bundle')} without a ${file}, so nothing of them is in the answer: ${named(folders)}`,
    );
  return lacking.length > 0 ? 3 : 0;
}

const namedFolders = 5;

const named = (folders: readonly string[]): string =>
  folders.length > namedFolders
    ? `${folders.slice(0, namedFolders).join(', ')} and ${folders.length - namedFolders} more`
    : folders.join(', ');

function wrapped(columns: string): string {
  const lines = [''];
  for (const word of columns.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > 90) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join(`\n${' '.repeat(14)}`);
}

/** A report folder stands for the `facts.sqlite` in it. */
export function factsFile(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'facts.sqlite') : path;
}
