// Looks at reports of hostile archives: sums, schema, and that no name or content of the archive steers or marks up anything.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { buildReport } from '../../src/report/build-report.ts';
import { type Format, formats, renderReport } from '../../src/report/formats.ts';
import { renderSummary } from '../../src/report/render-summary.ts';
import type { Report, RuleText } from '../../src/report/report.ts';
import type { Everything } from './kit.ts';

const schema = JSON.parse(readFileSync(new URL('../../src/report/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020.default({ strict: true, allErrors: true }).compile(schema);
// C0 but tab and newline, DEL, C1
const steering = /(?![\t\n])\p{Cc}/u;
const passwd = /\broot:[^\n]*:0:0:/;

/** The reports that the program wrote: all of them, whole, or none. */
export function faultsOfReport(
  output: string,
  expected: boolean,
): { readonly faults: string[]; readonly report?: Report } {
  const files = existsSync(output) ? readdirSync(output, { recursive: true, encoding: 'utf8' }) : [];
  const written = files.filter((file) => file.includes('/')).sort();
  const names = written.map((file) => file.replace(/^.*\//, ''));
  if (!expected) return { faults: written.length > 0 ? [`wrote ${written.join(', ')}`] : [] };
  if (names.join() !== 'report.html,report.json,report.md,report.summary.md')
    return { faults: [`wrote ${names.join() || 'nothing'}`] };
  const faults: string[] = [];
  let report: Report | undefined;
  for (const file of written) {
    const text = readFileSync(join(output, file), 'utf8');
    if (steering.test(text)) faults.push(`a control character in ${file}`);
    if (passwd.test(text)) faults.push(`content of /etc/passwd in ${file}`);
    if (file.endsWith('.json')) report = JSON.parse(text) as Report;
  }
  if (!report) return { faults };
  if (!validate(report)) faults.push(`report.json breaks its schema: ${JSON.stringify(validate.errors?.slice(0, 2))}`);
  const { entries, analysed, empty, notRelevant, gap } = report.coverage;
  if (entries !== analysed + empty + notRelevant + gap) faults.push('the sums of the coverage do not add up');
  return { faults, report };
}

const words: RuleText = {
  title: 'A file was read',
  catalog: [],
  pack: 'torture',
  status: 'experimental',
  falsePositives: [],
  references: [],
};
/** Of more files the report is the same over and over. */
const mostFindings = 20;

/** A report in which each path of the archive is a subject, a piece of evidence and a gap, in every form it can take. */
export function faultsOfRendering({ files, intake, coverage }: Everything): string[] {
  const paths = [...files.keys()].slice(0, mostFindings);
  const gaps = [
    ...coverage.gaps.slice(0, mostFindings),
    ...paths.map((path) => ({ code: 'FILE_NUL', path, detail: path }) as const),
  ];
  const [first, ...others] = paths.map((path) => ({
    rule: 'file-seen',
    severity: 'error' as const,
    subject: path,
    message: path,
    objects: [{ kind: 'Pod', name: path }],
    evidence: [{ path, span: [1, 1] as const, binding: 'file' }] as const,
    times: [],
  }));
  const report = buildReport({
    tool: { name: 'drydock', version: '0', rulesDigest: 'sha256:0' },
    bundle: { name: intake.name, kinds: [], nodes: [], inputs: intake.inputs },
    rules: new Map([['file-seen', words]]),
    outcomes: first
      ? [
          {
            rule: 'file-seen',
            verdict: 'fail',
            examined: paths.length,
            missing: [],
            errors: [],
            findings: [first, ...others],
          },
        ]
      : [],
    coverage: { ...coverage, gaps },
    linesOf: (path) => [path, (files.get(path) ?? '').toString().slice(0, 200).split('\n')[0] ?? ''],
    hints: () => [],
  });
  const texts = new Map<string, string>(
    // The lines of a table end in CR LF.
    formats.map((format: Format) => [format, renderReport(report, format).replaceAll('\r\n', '\n')]),
  );
  texts.set('terminal', renderSummary(report, { color: false }));
  const faults: string[] = [];
  for (const [format, text] of texts) {
    if (steering.test(text)) faults.push(`a control character in the ${format} report`);
    if (format !== 'json' && /[\u202a-\u202e\u2066-\u2069]/.test(text))
      faults.push(`bidi control in the ${format} report`);
  }
  const html = texts.get('html') ?? '';
  // the page has no images of its own, and no handlers
  if (/<img\b|<[a-z][^<>]*\son\w+\s*=/i.test(html)) faults.push('markup of the input in the HTML report');
  if (paths.some((path) => path.includes('<')) && !html.includes('&lt;'))
    faults.push('the HTML report shows no escaped name');
  return faults;
}
