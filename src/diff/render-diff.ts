// A diff as pages: HTML for people, Markdown for a ticket, JSON for programs.

import { sealed } from '../report/leak-gate.ts';
import { template } from '../report/templates.ts';
import { visibleJson } from '../report/visible.ts';
import type { Diff } from './diff.ts';
import { diffView } from './html-view.ts';
import { diffMarkdown } from './markdown.ts';

export const diffFormats = ['html', 'md', 'json'] as const;
export type DiffFormat = (typeof diffFormats)[number];

const renderers: Readonly<Record<DiffFormat, (diff: Diff) => string>> = {
  html: (diff) => template('diff.html.hbs')(diffView(diff)),
  md: diffMarkdown,
  json: (diff) => visibleJson(`${JSON.stringify(diff, null, 1)}\n`),
};

export const renderDiff = (diff: Diff, format: DiffFormat): string => sealed(renderers[format](diff));
