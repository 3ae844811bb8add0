import MarkdownIt from 'markdown-it';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cell, code, fenced, ruleMarkdown, sentence } from '../../src/report/markdown-text.ts';
import { renderMarkdown } from '../../src/report/render-markdown.ts';
import { healthyReport, hostileTexts, sampleReport } from './sample-report.ts';

const text = renderMarkdown(sampleReport);
// What a tracker makes of it, in the most permissive setting.
const tracker = new MarkdownIt({ html: true, linkify: true });

test('it fits into a comment, and says what was left out', () => {
  assert.ok(text.length <= 8000, String(text.length));
  assert.ok(text.includes('are not spelled out here, for length'));
});

test('with more room everything is spelled out', () => {
  const whole = renderMarkdown(sampleReport, { maxLength: 100_000 });
  assert.not.ok(whole.includes('for length'));
  assert.ok(whole.includes('hostile-names'));
});

test('nothing of a bundle becomes HTML, a link, an image or a mention', () => {
  const html = tracker.render(renderMarkdown(sampleReport, { maxLength: 100_000 }));
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
  assert.ok(text.includes('  61 |     - name: server'));
});

test.run();
