import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { renderHtml } from '../../src/report/render-html.ts';
import { indexEntry, renderIndex } from '../../src/report/render-index.ts';
import { inlineHtml, isSafeLink, runbookHtml } from '../../src/report/runbook-html.ts';
import { templateText } from '../../src/report/templates.ts';
import { healthyReport, hostileTexts, sampleReport } from './sample-report.ts';

const html = renderHtml(sampleReport);
const healthy = renderHtml(healthyReport);

const tagsOf = (page: string) =>
  [...page.matchAll(/<([a-z][a-z0-9]*)([^>]*)>/g)].map((tag) => ({ name: tag[1], attributes: tag[2] ?? '' }));
const body = (page: string) => page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<script>[\s\S]*?<\/script>/, '');

test('the policy of the page names the exact style and script, and comes first', () => {
  const hash = (element: string) => {
    const text = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(html)?.[1] ?? '';
    return `sha256-${createHash('sha256').update(text).digest('base64')}`;
  };
  const head = html.slice(html.indexOf('<head>') + 6).trimStart();
  assert.ok(head.startsWith('<meta http-equiv="Content-Security-Policy"'));
  assert.ok(head.slice(0, 1000).includes(`script-src '${hash('script')}'`));
  assert.ok(head.slice(0, 1000).includes(`style-src '${hash('style')}'`));
  assert.not.ok(head.slice(0, 1000).includes('unsafe'));
});

test('nothing on the page is loaded from anywhere', () => {
  for (const page of [html, healthy]) {
    const elements = tagsOf(body(page));
    for (const { name, attributes } of elements) {
      assert.not.ok(['img', 'iframe', 'object', 'embed', 'base', 'audio', 'video'].includes(name ?? ''), name);
      assert.not.match(attributes, /\s(?:src|srcset|poster|ping|style|on\w+)=/);
      for (const [, url] of attributes.matchAll(/\shref="([^"]*)"/g)) {
        assert.match(url ?? '', /^(?:#|https:\/\/|data:image\/svg)/, attributes);
      }
    }
    assert.not.match(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '', /url\(|@import/);
  }
});

test('no text of a bundle becomes an element', () => {
  const expected = new Set(tagsOf(body(healthy)).map((tag) => tag.name));
  for (const name of [
    'article',
    'details',
    'h4',
    'h5',
    'form',
    'label',
    'input',
    'fieldset',
    'legend',
    'select',
    'option',
    'output',
    'figure',
    'figcaption',
    'pre',
    'ol',
    'time',
    'table',
    'em',
    'strong',
    'text',
    'g',
  ])
    expected.add(name);
  assert.equal(
    tagsOf(body(html)).filter((tag) => !expected.has(tag.name)),
    [],
  );
  assert.is(html.match(/<script/g)?.length, 1);
  assert.not.ok(html.includes('<script>alert'));
  for (const text of hostileTexts) assert.not.ok(/[<>]/.test(text) && body(html).includes(text), text);
});

test('text in braces stays text', () => {
  assert.ok(html.includes('{{constructor.constructor}} {{{x}}}'));
});

test('control and bidi characters are shown, not sent', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.not.match(html, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u202a-\u202e\u2066-\u2069]/);
  assert.ok(html.includes('\\x1b]8;;'));
  assert.ok(html.includes('\\u{202e}'));
});

test('every element that is opened is closed', () => {
  const open: string[] = [];
  for (const [, slash, name, whole] of body(html).matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
    if (['meta', 'link', 'input', 'br', 'hr'].includes(name ?? '') || whole) continue;
    if (slash) assert.is(open.pop(), name);
    else open.push(name ?? '');
  }
  assert.equal(open, []);
});

test('headings follow one another without a step left out', () => {
  for (const page of [html, healthy]) {
    const levels = [...body(page).matchAll(/<h([1-6])/g)].map((heading) => Number(heading[1]));
    assert.is(levels[0], 1);
    levels.forEach((level, at) => {
      assert.ok(at === 0 || level <= (levels[at - 1] ?? 0) + 1, `h${level} after h${levels[at - 1]}`);
    });
  }
});

test('ids are unique, and every link inside the page leads somewhere', () => {
  const ids = [...body(html).matchAll(/\sid="([^"]*)"/g)].map((id) => id[1]);
  assert.is(new Set(ids).size, ids.length);
  const links = [...body(html).matchAll(/href="#([^"]*)"/g)].map(([, target = '']) => target);
  // `#pack=dns` is a choice of the filters.
  const places = links.filter((target) => !/^\w+&#x3D;/.test(target));
  for (const target of places) assert.ok(ids.includes(target), target);
});

test('200 equal findings are one entry: some in full, the others in a table', () => {
  assert.is(html.match(/id="r-warning-unset-memory-limit"/g)?.length, 1);
  assert.ok(html.includes('<summary>190 further subjects</summary>'));
  assert.is(html.match(/<tr class="subject"/g)?.length, 190);
});

test('evidence shows its place and the real line numbers', () => {
  assert.match(html, /<span class="base">pricing-0\.yaml<\/span><\/span><span class="span">:61-67<\/span>/);
  assert.match(html, /<span class="number">61<\/span><span class="text"> {4}- name: server\n<\/span>/);
});

test('a span without kept text says so, a long one says where it ends', () => {
  assert.ok(html.includes('The text of these lines was not kept.'));
  assert.ok(html.includes('31 further lines up to 90'));
});

test('thousands of gaps are shown as a hundred and a number', () => {
  assert.ok(html.includes('140 more, all in report.json.'));
  assert.ok(html.includes('771 more, all in report.json.'));
});

test('a healthy bundle says what was not looked at', () => {
  assert.ok(healthy.includes('Nothing wrong in what 14 rules looked at'));
  assert.ok(healthy.includes('5 rules could not be decided because the bundle lacks the files'));
});

test('a bundle about which nothing was decided does not look healthy', () => {
  const outcomes = healthyReport.outcomes.map((outcome) => ({ ...outcome, verdict: 'no-data' as const }));
  const page = renderHtml({ ...healthyReport, outcomes });
  assert.ok(page.includes('Nothing could be decided about this bundle'));
  assert.not.ok(page.includes('v-fine"'));
});

test('the same report gives the same page', () => {
  assert.is(renderHtml(sampleReport), html);
  assert.is(renderHtml(JSON.parse(JSON.stringify(sampleReport))), html);
});

test('links of rule texts lead to the web or into the page, nowhere else', () => {
  const forms = [
    'javascript:alert(1)',
    'JaVaScRiPt:x',
    'data:text/html,x',
    '//evil.example',
    'ms-msdt:/id',
    'file:///etc/passwd',
    'https:///x',
    'smb://x',
    ' javascript:x',
    '\tjavascript:x',
    'vbscript:x',
  ];
  for (const url of forms) assert.not.ok(isSafeLink(url), url);
  assert.ok(isSafeLink('https://example.com/a?b#c') && isSafeLink('http://example.com') && isSafeLink('#top'));
});

test('Markdown of a rule gives no image, no HTML, no heading and no style attribute', () => {
  const text =
    '# h\n\n![t](http://evil/x.png) <b>x</b>\n\n|a|\n|:-:|\n|1|\n\n[y](javascript:x) [z](https://example.com/)';
  const out = runbookHtml(text, ['example.com']);
  assert.not.match(out, /<img|<b>|<h1|style=|href="javascript/);
  assert.ok(out.includes('<a href="https://example.com/" rel="noopener noreferrer">z</a>'));
});

test('a rule links only to the hosts of its references', () => {
  const text = '[a](https://good.example/) [b](https://evil.example/) <https://evil.example/> [c](#top)';
  const out = runbookHtml(text, ['good.example']);
  assert.equal(
    [...out.matchAll(/href="([^"]*)"/g)].map(([, url]) => url),
    ['https://good.example/', '#top'],
  );
});

test('a character reference in a rule text brings no control character', () => {
  assert.not.match(runbookHtml('a &#27;]0;x &#x9b; &#x202e; &#13;'), /[^\n -~\ufffd]/);
  assert.is(runbookHtml('a&#x202e;b'), '<p>a\\u{202e}b</p>');
});

test('backticks in a message become code, inside them nothing is markup', () => {
  assert.is(inlineHtml('`<b>` & "x"'), '<code>&lt;b&gt;</code> &amp; &quot;x&quot;');
});

test('templates hold no unescaped value and no style or event attribute', () => {
  const folder = new URL('../../templates/', import.meta.url);
  const names = [
    ...readdirSync(folder),
    ...readdirSync(new URL('partials/', folder)).map((name) => `partials/${name}`),
  ];
  for (const name of names.filter((file) => file.endsWith('.html.hbs') || file.startsWith('partials/'))) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    assert.not.match(text, /\{\{\{|\{\{&|\sstyle=|\son\w+=|=\{\{/, name);
  }
  assert.not.ok(templateText('page.js report.js timeline.js index.js').includes('</script'));
  assert.not.ok(templateText('report.css').includes('</style'));
});

test('every pair of colours can be read: 4.5 to 1 in light and dark', () => {
  const css = templateText('report.css');
  const light = /:root \{([\s\S]*?)\}/.exec(css)?.[1] ?? '';
  const dark = /prefers-color-scheme: dark\) \{\s*:root \{([\s\S]*?)\}/.exec(css)?.[1] ?? '';
  const pairs = [
    ...['ink', 'soft', 'link', 'critical', 'error', 'warning', 'info', 'fine', 'unknown'].flatMap((text) => [
      [text, 'card'],
      [text, 'paper'],
    ]),
    ...['critical', 'error', 'warning', 'info', 'fine', 'unknown'].flatMap((name) => [
      [name, `${name}-wash`],
      ['ink', `${name}-wash`],
    ]),
    ['ink', 'well'],
    ['soft', 'well'],
    ['deep-ink', 'deep'],
    ['deep-soft', 'deep'],
  ] as const;
  for (const scheme of [light, dark]) {
    const colours = new Map(
      [...scheme.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((colour) => [colour[1], colour[2] ?? '']),
    );
    for (const [text, ground] of pairs) {
      const ratio = contrast(colours.get(text) ?? '', colours.get(ground) ?? '');
      assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  }
});

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test('the index puts the worst bundle first and names what has no report', () => {
  const entries = [indexEntry(healthyReport, 'a b/healthy'), indexEntry(sampleReport, 'sample')];
  const failures = [{ name: '<b>x.tar', reason: 'not an archive' }];
  const { html: page, markdown, json } = renderIndex(entries, failures);
  assert.ok(page.indexOf('sample/report.html') < page.indexOf('a%20b/healthy/report.html'));
  assert.ok(page.includes('&lt;b&gt;x.tar') && !page.includes('<b>x'));
  assert.ok(markdown.includes('- `<b>x.tar` not an archive'));
  assert.is(JSON.parse(json).bundles[0].name, sampleReport.bundle.name);
  assert.is(renderIndex([...entries].reverse(), failures).html, page);
});

test.run();
