// Complaints about the outputs for other programs: SARIF by its schemas, JUnit as XML, CSV cell by cell.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { renderReport } from '../../src/report/formats.ts';
import type { Report } from '../../src/report/report.ts';
import { isFormula, readCsv } from '../report/read-csv.ts';
import { readPage } from '../report/read-page.ts';
import { sarifSchema } from '../report/sarif-schema.ts';
import { steeringIn } from './rendered.ts';

const ajv = new Ajv2020.default({ strict: true, allErrors: true });
addFormats.default(ajv);
/** Ours is stricter where readers of SARIF are. */
const fits = ajv.compile(sarifSchema);
const publishedFile = createRequire(import.meta.url).resolve('schemastore/schemas/json/sarif-2.1.0.json');
// One of its patterns is none with the flag `u`.
const lenient = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(lenient);
/** SARIF 2.1.0 as it is published. */
const fitsPublished = lenient.compile(JSON.parse(readFileSync(publishedFile, 'utf8')) as object);

export function checkSarif(sarif: string): string[] {
  const log: unknown = JSON.parse(sarif);
  const complaints = [...steeringIn('sarif', sarif), ...steeringIn('a string of sarif', stringsOf(log).join('\n'))];
  if (!fits(log)) complaints.push(`SARIF breaks its schema: ${JSON.stringify(fits.errors?.slice(0, 3))}`);
  if (!fitsPublished(log)) complaints.push(`SARIF is none: ${JSON.stringify(fitsPublished.errors?.slice(0, 3))}`);
  const messages = stringsOf(log, 'message').filter((text) => /\]\(/.test(text));
  if (messages.length > 0) complaints.push(`a link in a message: ${messages[0]}`);
  return complaints;
}

export function checkJunit(xml: string): string[] {
  const complaints = steeringIn('junit', xml);
  const forbidden = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(xml);
  if (forbidden) complaints.push(`junit holds U+${forbidden[0].codePointAt(0)?.toString(16)}`);
  try {
    readPage(xml.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, ''));
  } catch (error) {
    complaints.push(`no XML: ${String(error)}`);
  }
  return complaints;
}

export function checkCsv(csv: string): string[] {
  const complaints = steeringIn('csv', csv.replaceAll('\r\n', '\n'));
  const rows = readCsv(csv);
  if (rows.some((row) => row.length !== rows[0]?.length)) complaints.push('rows of different length');
  const formula = rows.flat().find(isFormula);
  if (formula !== undefined) complaints.push(`a formula: ${formula.slice(0, 100)}`);
  return complaints;
}

/** Complaints about all three, as they are written. */
export const checkExports = (report: Report): string[] => [
  ...checkSarif(renderReport(report, 'sarif')),
  ...checkJunit(renderReport(report, 'junit')),
  ...checkCsv(renderReport(report, 'csv')),
];

function stringsOf(value: unknown, under?: string, key?: string): string[] {
  if (typeof value === 'string') return under === undefined || key === under ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => stringsOf(each, under, key === under ? key : name));
}
