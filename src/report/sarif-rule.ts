// A rule as SARIF describes it. What a report says of a rule in full, it says with its findings; of the others, the title.

import { ruleMarkdown } from './markdown-text.ts';
import type { ReportFinding, ReportOutcome } from './report.ts';
import { hostsOf } from './runbook-html.ts';
import { levelOf, plain } from './sarif-text.ts';
import { cutTo } from './visible.ts';

/** Trackers show no more of a description, and refuse rules without one. */
const longestDescription = 1000;
/** GitHub refuses a file in which a rule has more tags than twenty. */
const mostTags = 20;

export function sarifRule(outcome: ReportOutcome, head?: ReportFinding): object {
  const { rule, title, pack, verdict, examined } = outcome;
  const short = { text: cutTo(plain(title), longestDescription) || rule };
  const properties = { pack, verdict, examined };
  const severity = head?.severity ?? outcome.severity;
  // The findings are in order of severity, so the first has the worst.
  const level = severity === undefined ? {} : { defaultConfiguration: { level: levelOf(severity) } };
  if (!head) {
    return {
      id: rule,
      name: rule,
      shortDescription: short,
      fullDescription: short,
      help: short,
      ...level,
      properties: { tags: [pack], ...(severity === undefined ? {} : { severity }), ...properties },
    };
  }
  const hosts = hostsOf(head.references);
  const prose = (text: string | undefined) => (text ? ruleMarkdown(text, hosts) : '');
  const full = [head.meaning, head.impact].map(prose).filter(Boolean).join('\n\n');
  return {
    id: rule,
    name: rule,
    shortDescription: short,
    fullDescription: { text: cutTo(full, longestDescription) || short.text },
    help: helpOf(head, prose),
    ...level,
    properties: {
      tags: [...new Set([head.pack, ...head.catalog])].slice(0, mostTags),
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
