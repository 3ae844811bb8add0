import MarkdownIt from 'markdown-it';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cell, code, fenced, ruleMarkdown, sentence } from '../../src/report/markdown-text.ts';
import { renderComment } from '../../src/report/render-comment.ts';
import { renderMarkdown } from '../../src/report/render-markdown.ts';
import { hostsOf } from '../../src/report/runbook-html.ts';
import { placed } from '../../src/report/wording.ts';
import { checkMarkdown } from '../torture/rendered.ts';
import { healthyReport, hostileTexts, sampleReport } from './sample-report.ts';

const text = renderMarkdown(sampleReport);
// What a tracker makes of it, in the most permissive setting.
const tracker = new MarkdownIt({ html: true, linkify: true });

test('nothing is lost: every subject, every place, every line and every runbook', () => {
  const shown = text.replace(/\s+/g, ' ');
  for (const { subject, message, evidence, remediation, references, objects } of sampleReport.findings) {
    assert.ok(shown.includes(code(subject).replace(/\s+/g, ' ')), subject);
    assert.ok(shown.includes(sentence(message).replace(/\s+/g, ' ')), message);
    for (const place of evidence) assert.ok(shown.includes(code(placed(place)).replace(/\s+/g, ' ')), place.path);
    if (remediation) assert.ok(text.includes(ruleMarkdown(remediation, hostsOf(references))), remediation);
    assert.ok(objects.length === 0 || shown.includes('speaks of '));
  }
  for (const { timeline, outcomes, coverage } of [sampleReport]) {
    for (const moment of timeline) assert.ok(shown.includes(code(placed(moment.evidence))), moment.text);
    for (const { rule } of outcomes) assert.ok(text.includes(`\`${rule}\``), rule);
    for (const name of new Set(coverage.gaps.map((gap) => gap.code))) assert.ok(text.includes(`\`${name}\` ×`), name);
  }
});

test('its sections are those of the page, in its order', () => {
  assert.equal(
    [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
    ['What is wrong', 'Packet paths', 'Timeline', 'What could not be decided', 'Coverage', 'Looked at and fine'],
  );
});

test('the same lines stand once', () => {
  const [head] = sampleReport.findings;
  const twice = { ...sampleReport, groups: [], findings: [head!, { ...head!, id: 'b', subject: 'other' }] };
  const markdown = renderMarkdown(twice);
  assert.is(markdown.split(head!.evidence[0]!.excerpt.split('\n')[0]!).length - 1, 1);
  assert.match(markdown, ', shown above\n');
});

test('a timeline of very many moments is bounded, and says so', () => {
  const [moment] = sampleReport.timeline;
  const timeline = Array.from({ length: 900 }, (_, at) => ({ ...moment!, text: `moment ${at}` }));
  const markdown = renderMarkdown({ ...sampleReport, timeline });
  const rows = markdown.match(/moment `?\d+`? \|/g)?.length ?? 0;
  assert.ok(rows > 0 && rows < 500, String(rows));
  assert.match(markdown, `${900 - rows} further ones of the same hours and kinds left out`);
});

test('nothing of a bundle becomes HTML, a link, an image or a mention', () => {
  const html = tracker.render(text);
  const outside = html.replace(/<code[^>]*>[\s\S]*?<\/code>/g, '');
  assert.not.match(outside, /<script|<img|<[^>]*onerror|javascript:|evil\.example|@everyone|user@host|#123/);
  for (const [, url] of html.matchAll(/<a href="([^"]*)"/g))
    assert.match(url ?? '', /^https:\/\/(?:etcd\.io|kubernetes\.io|example\.com)\//);
});

for (const hostile of hostileTexts) {
  test(`a hostile text stays text: ${JSON.stringify(hostile).slice(0, 30)}`, () => {
    for (const markdown of [sentence(hostile), code(hostile)]) {
      const html = tracker.render(`- x ${markdown}\n\n|a|\n|-|\n| ${cell(markdown)} |\n`);
      const outside = html.replace(/<code>[\s\S]*?<\/code>/g, '');
      assert.not.match(outside.replace(/<\/?(?:ul|li|table|thead|tbody|tr|th|td|p)>/g, ''), /[<@]|evil\.example/);
      assert.is(html.match(/<td>/g)?.length, 1);
    }
  });
}

test('plain words of a sentence stay plain', () => {
  assert.is(sentence('CPU 13 shares its core, 0.2 s (50 %).'), 'CPU 13 shares its core, 0.2 s (50 %).');
  assert.is(sentence('quota `cpu.max` of kube_system'), 'quota `cpu.max` of `kube_system`');
});

test('spans that touch become one, so that nothing between them gets out', () => {
  for (const text of ['`a``<b>`', 'x`y`<i>`', '//["\'`-->]]>]</div>', '`` ` <u> ` ``', 'a`b c`d`e<s>`']) {
    const html = tracker.render(`| ${cell(sentence(text))} |\n|--|\n`);
    assert.not.match(html, /<(?:b|i|u|s|\/div)>/, text);
  }
});

test('what trackers link by themselves is code', () => {
  const words = ['evil.com', 'www.evil', 'GH-12', '%3', ':tada', '::warning', 'abc1234', 'a@b.com', '#12'];
  for (const word of words) assert.is(sentence(`see (${word}).`), `see (\`${word}\`).`);
  assert.is(sentence('e.g. v1.27.4, 10.0.0.1 at 50 %'), 'e.g. v1.27.4, 10.0.0.1 at 50 %');
});

test('a fence is longer than any run of backticks inside', () => {
  assert.is(fenced(['a ```` b']), '`````text\na ```` b\n`````');
});

test('a rule text keeps its markup but loses HTML, images and strange links', () => {
  assert.is(
    ruleMarkdown('# a\n**b** `<c>` <d> ![e](http://f/) [g](javascript:h) [i](https://j.example/) @k', ['j.example']),
    '**a**\n**b** `<c>` \\<d> e (`http://f/`) g (`javascript:h`) [i](https://j.example/) `@`k',
  );
});

test('an escape in a rule text holds what it holds, and spans that touch let nothing out', () => {
  const texts = [
    '\\<b>',
    '\\\\<b>',
    '\\`<b>`',
    '`a`http://x`<b>',
    '`a`@`<b>`',
    '`a`\\x://`<b>',
    'y@x://`<b>`@`<i>',
    '``<b>`<i>``',
  ];
  for (const text of texts) {
    const { complaints, tree } = checkMarkdown(`- First: ${ruleMarkdown(text)}`);
    assert.equal([complaints, /<[bi]>/.test(tree)], [[], false], text);
  }
});

// What the wiki markup of Jira obeys in a text that is pasted as it is, whatever Markdown says of the backticks around it.
const wikiMacro = /(?<!\\)\{(?:code|noformat|quote|panel|color|html|include|iframe|anchor)[^{}\n]*\}/i;
const wikiImage = /![^\s!|]*:?\/\/[^!\n]*!/;
const wikiMention = /\[~[^\]]+\]/;
const wikiLink = /\[[^\]|\n]+\|\s*(?:\w+:|\/\/|www\.)[^\]\n]*\]/;

test('pasted into an editor for wiki markup, no macro, image, mention or disguised link of a bundle is obeyed', () => {
  const texts = [
    'x {code} y',
    '{noformat}',
    '\\{code:title=a|b}',
    '\\\\{code}',
    '{html}<script>alert(1)</script>{html}',
    '!http://evil.example/a.png!',
    '!//evil.example/a.png|width=1!',
    '[~admin]',
    '[click|http://evil.example]',
    '[a b| javascript:alert(1)]',
    '{panel:title=x}',
    '{COLOR:red}',
  ];
  const [head] = sampleReport.findings;
  for (const said of texts) {
    const evidence = [{ path: said, first: 1, last: 1, excerpt: said, binding: 'x' }];
    const finding = { ...head!, title: said, subject: said, message: said, evidence };
    const report = { ...sampleReport, findings: [finding], groups: [], bundle: { ...sampleReport.bundle, name: said } };
    for (const markdown of [renderMarkdown(report), renderComment(report)]) {
      for (const obeyed of [wikiMacro, wikiImage, wikiMention, wikiLink]) assert.not.match(markdown, obeyed, said);
    }
    assert.ok(
      [wikiMacro, wikiImage, wikiMention, wikiLink].some((obeyed) => obeyed.test(said.replace(/^\\+/, ''))),
      said,
    );
  }
});

test('what only looks like a macro stays as it is written', () => {
  for (const plain of ['{"cpu": 1}', '{job="x"}', '[a|b]', '--foo=[x|y]', 'a.tgz!proc/cmdline', '{{ .Name }}', '[^/]+'])
    assert.is(code(plain), `\`${plain}\``);
});

test('a fenced block of a rule text stays as it is, and is closed', () => {
  assert.is(ruleMarkdown('```sh\nif [ a < b ]\n```'), '```sh\nif [ a < b ]\n```');
  assert.is(ruleMarkdown('```sh\nopen'), '```sh\nopen\n```');
});

test('a healthy bundle says what could not be decided', () => {
  const healthy = renderMarkdown(healthyReport);
  assert.ok(healthy.includes('Nothing wrong was found.'));
  assert.ok(healthy.includes('## What could not be decided'));
});

test('evidence carries its line numbers', () => {
  assert.ok(text.includes('    61 |     - name: server'));
});

test('of many subjects the first have their lines, all have their places', () => {
  const [head] = sampleReport.findings;
  const findings = Array.from({ length: 14 }, (_, at) => {
    const evidence = [{ path: `pods-${at}.yaml`, first: 7, last: 7, excerpt: `line ${at}`, binding: 'pod' }];
    return { ...head!, id: String(at), subject: `pod-${at}`, evidence };
  });
  const markdown = renderMarkdown({ ...sampleReport, findings, groups: [] });
  assert.is(markdown.match(/^ {4}7 \| line \d+$/gm)?.length, 10);
  for (const { subject } of findings) assert.ok(markdown.includes(`**\`${subject}\`**`), subject);
  assert.ok(markdown.includes('And 4 further subjects, whose lines are in `report.json`:'));
  assert.ok(markdown.includes('- **`pod-13`** `pods-13.yaml:7`'));
});

test.run();
