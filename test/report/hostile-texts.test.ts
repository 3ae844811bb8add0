// One report, said once in hostile words and once in harmless ones: the pages must be the same but for the words.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { htmlView } from '../../src/report/html-view.ts';
import { markdownView } from '../../src/report/markdown-view.ts';
import { renderComment } from '../../src/report/render-comment.ts';
import { renderHtml } from '../../src/report/render-html.ts';
import { indexEntry, renderIndex } from '../../src/report/render-index.ts';
import { renderMarkdown } from '../../src/report/render-markdown.ts';
import { renderSummary } from '../../src/report/render-summary.ts';
import type { Report } from '../../src/report/report.ts';
import { renderJson } from '../../src/report/report-json.ts';
import { visible, visibleJson, withoutCommands } from '../../src/report/visible.ts';
import { bare, checkHtml, checkMarkdown, shown, steeringIn } from '../torture/rendered.ts';
import { checkExports } from '../torture/rendered-exports.ts';
import { sayingTrace } from './path/sample-traces.ts';
import { textOf } from './read-page.ts';
import { healthyReport, hostileTexts } from './sample-report.ts';

const rule = { pack: 'p', catalog: [], status: 'stable', falsePositives: [], references: ['https://rules.example/a'] };

/** A report that says the text wherever a bundle, or a name in it, can say something. */
function saying(text: string): Report {
  const place = { path: text, first: 1, last: 1 };
  const [outcome] = healthyReport.outcomes;
  if (!outcome) throw new Error('the sample has no outcome');
  return {
    ...healthyReport,
    bundle: {
      name: text,
      kinds: [text],
      cluster: { id: text, version: text, platform: text },
      nodes: [text],
      inputs: [{ path: text, sha256: text, bytes: 1 }],
    },
    findings: ['one', 'two'].map((name) => ({
      ...rule,
      id: name.repeat(8),
      rule: name,
      severity: 'error',
      title: text,
      subject: text,
      message: text,
      objects: [{ kind: text, namespace: text, name: text, node: text }],
      evidence: [{ ...place, excerpt: text, binding: text }],
      meaning: 'm',
    })),
    outcomes: [
      { ...outcome, verdict: 'error', rule: text, title: text, pack: text, errors: [text] },
      {
        ...outcome,
        verdict: 'no-data',
        rule: text,
        title: text,
        missing: [text],
        hints: [{ missing: text, files: [text] }],
      },
      { ...outcome, verdict: 'pass', rule: text, title: text, pack: text },
    ],
    paths: [{ title: text, trace: sayingTrace(text), findings: ['one'.repeat(8)] }],
    timeline: [{ time: text, clock: 'c', subject: text, text, evidence: place }],
    coverage: {
      ...healthyReport.coverage,
      gaps: [{ code: 'YAML_SYNTAX', path: text, detail: text }],
      infos: [{ code: 'FILE_EMPTY', path: text, detail: text }],
    },
  };
}

// Lines, blanks and backticks give form; all else becomes a letter.
const harmless = (text: string) => text.replace(/[^`\s/]/gu, 'x');
const texts = [
  ...hostileTexts,
  '</textarea></title></style><script>alert(1)</script>',
  '<details open ontoggle=alert(1)>',
  '&lt;b&gt; &#x3c;i&#x3e;',
  '`</code><u>`` a ` <b>',
  '::warning file=x::injected',
  'https://evil.example www.evil.example evil.com @team #1 GH-1 !2 %3',
  '| a | b |',
  '\u001b[2J\u009b31m\u202eevil\u2066\u2028x\u0000',
];
for (const text of texts) {
  const report = saying(text);
  const name = JSON.stringify(visible(text)).slice(0, 40);

  test(`the page holds it as text: ${name}`, () => {
    const page = checkHtml(renderHtml(report));
    assert.equal(page.complaints, []);
    assert.ok(bare(textOf(page.page)).includes(shown(text)), textOf(page.page));
    assert.is(page.tree, checkHtml(renderHtml(saying(harmless(text)))).tree);
  });

  test(`the index and the Markdown hold it as text: ${name}`, () => {
    const of = (said: string) => renderIndex([indexEntry(saying(said), 'a')], [{ name: said, reason: said }]);
    const [index, other] = [of(text), of(harmless(text))];
    assert.is(checkHtml(index.html).tree, checkHtml(other.html).tree);
    assert.is(checkMarkdown(index.markdown).tree, checkMarkdown(other.markdown).tree);
    const markdown = renderMarkdown(report);
    const comment = checkMarkdown(renderComment(report));
    assert.is(comment.tree, checkMarkdown(renderComment(saying(harmless(text)))).tree);
    const checked = [checkHtml(index.html), checkMarkdown(index.markdown), checkMarkdown(markdown), comment];
    assert.equal(
      checked.flatMap(({ complaints }) => complaints),
      [],
    );
    assert.ok(checkMarkdown(markdown).text.includes(shown(text)));
  });

  test(`for other programs it is text, no link and no formula: ${name}`, () => {
    assert.equal(checkExports(report), []);
  });

  test(`no character of it steers a terminal: ${name}`, () => {
    assert.equal(steeringIn('json', renderJson(report)), []);
    assert.equal(steeringIn('summary', renderSummary(report, { color: false })), []);
    assert.equal(steeringIn('painted summary', renderSummary(report, { color: true }), true), []);
  });
}

test('a template gets plain values only, so that it can reach nothing else', () => {
  const strange = (value: unknown): unknown[] => {
    if (typeof value !== 'object' || value === null) return /function|symbol/.test(typeof value) ? [value] : [];
    const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
    return isPlain ? Object.values(value).flatMap(strange) : [value];
  };
  assert.equal(strange(htmlView(saying('x'))), []);
  assert.equal(strange(markdownView(saying('x'))), []);
  assert.ok(strange({ a: [new Map()] }).length === 1);
});

test('what is shown in the log of a build server stays JSON', () => {
  const words = { a: '##[error]x', b: '\\##vso[task]' };
  const json = visibleJson(JSON.stringify(words));
  assert.is(withoutCommands(json), json);
  assert.equal(JSON.parse(json), words);
});

test('in the log of a build server, a line of a bundle is no command', () => {
  assert.is(
    withoutCommands('a ::b\n  ::error::c\n##[group]d\n##vso[e]'),
    'a ::b\n  \\x3a:error::c\n#\\x23[group]d\n#\\x23vso[e]',
  );
});

test.run();
