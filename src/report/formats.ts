// The formats a report can be written in, each a pure function of the report.

import type { Format } from './format-names.ts';
import { sealed } from './leak-gate.ts';
import { renderComment } from './render-comment.ts';
import { renderCsv } from './render-csv.ts';
import { renderHtml } from './render-html.ts';
import { renderJunit } from './render-junit.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderSarif } from './render-sarif.ts';
import type { Report } from './report.ts';
import { renderJson } from './report-json.ts';

export { type Format, formats, reportFiles } from './format-names.ts';

const renderers: Readonly<Record<Format, (report: Report) => string>> = {
  html: (report: Report) => renderHtml(report),
  md: (report: Report) => renderMarkdown(report),
  summary: (report: Report) => renderComment(report),
  json: (report: Report) => renderJson(report),
  sarif: (report: Report) => renderSarif(report),
  junit: (report: Report) => renderJunit(report),
  csv: (report: Report) => renderCsv(report),
};

export const renderReport = (report: Report, format: Format): string => sealed(renderers[format](report));
