// A rule as SARIF describes it. What a report says of a rule in full, it says with its findings; of the others, the title.

import { ruleMarkdown } from './markdown-text.ts';
import type { ReportFinding, ReportOutcome } from './report.ts';
import { hostsOf } from './runbook-html.ts';
import { levelOf, plain } from './sarif-text.ts';

export function sarifRule({ rule, title, pack, verdict, examined }: ReportOutcome, head?: ReportFinding): object {
  const short = { text: plain(title) };
  const properties = { pack, verdict, examined };
  if (!head) return { id: rule, name: rule, shortDescription: short, properties: { tags: [pack], ...properties } };
  const hosts = hostsOf(head.references);
  const prose = (text: string | undefined) => (text ? ruleMarkdown(text, hosts) : '');
  const full = [head.meaning, head.impact].map(prose).filter(Boolean).join('\n\n');
  return {
    id: rule,
    name: rule,
    shortDescription: short,
    fullDescription: { text: full || short.text },
    help: helpOf(head, prose),
    // The findings are in order of severity, so the first has the worst.
    defaultConfiguration: { level: levelOf(head.severity) },
    properties: {
      tags: [...new Set([head.pack, ...head.catalog])],
      catalog: head.catalog,
      severity: head.severity,
      status: head.status,
      ...properties,
      references: head.references,
    },
  };
}

function helpOf(head: ReportFinding, prose: (text: string | undefined) => string): object {
  const sections = [
    ['What it means', prose(head.meaning)],
    ['What it leads to', prose(head.impact)],
    ['How to be sure', prose(head.diagnosis)],
    ['What to do', prose(head.remediation)],
    ['When this is no trouble', head.falsePositives.map((text) => `- ${prose(text)}`).join('\n')],
  ].filter(([, text]) => text !== '');
  const shown = (mark: string) =>
    sections.map(([heading, text]) => `${mark}${heading}${mark}\n\n${text}`).join('\n\n') || plain(head.title);
  return { text: shown(''), markdown: shown('**') };
}
