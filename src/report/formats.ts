// The formats a report can be written in, each a pure function of the report.

import { sealed } from './leak-gate.ts';
import { renderComment } from './render-comment.ts';
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
  summary: (report: Report) => renderComment(report),
  json: (report: Report) => renderJson(report),
  sarif: (report: Report) => renderSarif(report),
  junit: (report: Report) => renderJunit(report),
  csv: (report: Report) => renderCsv(report),
} as const;

export type Format = keyof typeof renderers;
export const formats = Object.keys(renderers) as readonly Format[];

export const renderReport = (report: Report, format: Format): string => sealed(renderers[format](report));

/** Names by which programs know them: build servers look for `.xml`, trackers and editors for `.md`. */
const endings: Partial<Readonly<Record<Format, string>>> = { summary: 'summary.md', junit: 'junit.xml' };

/** The file of each format, each once; with `md` comes the comment for the ticket. */
export function reportFiles(asked: readonly Format[]): readonly { readonly name: string; readonly format: Format }[] {
  const all = asked.flatMap((format): Format[] => (format === 'md' ? ['md', 'summary'] : [format]));
  return [...new Set(all)].map((format) => ({ name: `report.${endings[format] ?? format}`, format }));
}
