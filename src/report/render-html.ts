// The report as one HTML file: no network, no scripts needed, and a policy that lets nothing else in.

import { htmlView } from './html-view.ts';
import type { Report } from './report.ts';
import { template } from './templates.ts';

export function renderHtml(report: Report): string {
  return template('report.html.hbs')(htmlView(report));
}
