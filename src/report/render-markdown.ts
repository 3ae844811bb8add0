// The whole report as Markdown, for a file beside the ticket or a wiki page.

import { markdownView } from './markdown-view.ts';
import type { Report } from './report.ts';

export function renderMarkdown(report: Report): string {
  return tidy(markdownView(report).sections.join('\n\n'));
}

/** No more than one empty line between two; inside of a fence all stay. */
function tidy(text: string): string {
  let fence = '';
  let empty = 0;
  const kept = text.split('\n').filter((line) => {
    const mark = /^ *(`{3,})/.exec(line)?.[1] ?? '';
    if (fence === '') fence = mark;
    else if (mark === fence && line.trim() === mark) fence = '';
    empty = line === '' && fence === '' ? empty + 1 : 0;
    return empty < 2;
  });
  return `${kept.join('\n').trim()}\n`;
}
