// The formats a report can be written in, each a pure function of the report.

import { sealed } from './leak-gate.ts';
import { renderCsv } from './render-csv.ts';
import { renderHtml } from './render-html.ts';
import { renderJunit } from './render-junit.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderSarif } from './render-sarif.ts';
import type { Report } from './report.ts';
import { renderJson } from './report-json.ts';

const renderers = {
  html: (report: Report) => renderHtml(report),
  md: (report: Report) => renderMarkdown(report),
  json: (report: Report) => renderJson(report),
  sarif: (report: Report) => renderSarif(report),
  junit: (report: Report) => renderJunit(report),
  csv: (report: Report) => renderCsv(report),
} as const;

/** Also the ending of the file. */
export type Format = keyof typeof renderers;
export const formats = Object.keys(renderers) as readonly Format[];

export const renderReport = (report: Report, format: Format): string => sealed(renderers[format](report));
