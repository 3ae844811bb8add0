// `drydock render`: a saved report in another format.

import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { formats, renderReport } from '../report/formats.ts';
import { redactRun } from '../report/redact/redact-run.ts';
import { mapName } from '../report/redact/redaction-map.ts';
import { readReport } from '../report/report-json.ts';
import { writeReport } from '../report/write-report.ts';
import { formatOf } from './plan.ts';
import { mapFor, readRedact, redactOptions, redactUsage } from './redact-words.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

const usage = `drydock render REPORT.json --format ${formats.join('|')} [-o FILE]

  summary is one comment for a ticket, under 8,000 characters; md is the whole report.
  sarif is for viewers and trackers that know findings of other tools, junit for build servers
  (a test case for each rule), csv for spreadsheets (a row for each finding).
  Without -o the text goes to standard output.

${redactUsage}`;

export async function renderCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'md' },
      output: { type: 'string', short: 'o' },
      ...redactOptions,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const [file] = positionals;
  if (!file) throw new UsageError(`render needs a report.json\n\n${usage}`);
  const format = formatOf(values.format);
  const report = openReport(file);
  const redact = readRedact(values);
  if (redact && !redact.map && values.output === undefined)
    throw new UsageError(
      '--redact needs a place for its map: say -o FILE, or --redact-key FILE to use one that is there',
    );
  const folder = values.output === undefined ? '' : dirname(values.output);
  const redacted = redact && redactRun({ map: mapFor(redact, folder), keywords: redact.keywords, report });
  const text = redacted ? redacted.render(format) : renderReport(report, format);
  // The lines of a table end in CR LF, which would be made visible; its cells are already.
  if (values.output === undefined) terminal.say(text.replace(/\n$/, ''), format === 'csv' ? 'painted' : undefined);
  else await writeReport(folder, { [fileName(values.output)]: text, ...(redacted && { [mapName]: redacted.map() }) });
  return 0;
}

function fileName(output: string): string {
  const name = basename(output);
  if (name === '' || /[/\\]$/.test(output)) throw new UsageError(`-o ${output}: say the name of a file`);
  return name;
}

function openReport(file: string) {
  const text = readFileSync(file, 'utf8');
  try {
    return readReport(text);
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
