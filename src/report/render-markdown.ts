// The report as Markdown for a ticket, under 8,000 characters unless told otherwise.

import { markdownView } from './markdown-view.ts';
import type { Report } from './report.ts';
import { markdownTemplate } from './templates.ts';

const defaultMarkdownLength = 8000;

/** What does not fit is left out from the end of the findings, and the text says so. */
export function renderMarkdown(report: Report, options: { readonly maxLength?: number } = {}): string {
  const maxLength = options.maxLength ?? defaultMarkdownLength;
  const template = markdownTemplate('report.md.hbs');
  const frame = template(markdownView(report, 0)).length;
  return tidy(template(markdownView(report, Math.max(0, maxLength - frame))));
}

const tidy = (text: string) => `${text.replace(/\n{3,}/g, '\n\n').trim()}\n`;
