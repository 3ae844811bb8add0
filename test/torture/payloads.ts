// Hostile texts through every place a bundle can hold text, into every output: E00, E01, A21–A27 and K08 of security.md.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { analyze } from '../../src/pipeline.ts';
import { redactText } from '../../src/report/redact-secrets.ts';
import { renderComment } from '../../src/report/render-comment.ts';
import { renderHtml } from '../../src/report/render-html.ts';
import { indexEntry, renderIndex } from '../../src/report/render-index.ts';
import { renderMarkdown } from '../../src/report/render-markdown.ts';
import { renderSummary } from '../../src/report/render-summary.ts';
import type { Report } from '../../src/report/report.ts';
import { renderJson } from '../../src/report/report-json.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';
import { openInBrowser } from './browser.ts';
import { hostileBundle, pathOf, sinks, writeHostilePack } from './hostile-bundle.ts';
import { drydock, newScratch, type Result, tellScore, unpacked } from './kit.ts';
import { terminalResults } from './payload-commands.ts';
import { articleOf, bare, checkHtml, checkMarkdown, shown, steeringIn } from './rendered.ts';
import { checkExports } from './rendered-exports.ts';

interface Rendered {
  readonly report: Report;
  readonly html: string;
  readonly indexHtml: string;
  readonly markdown: string;
  readonly indexMarkdown: string;
  readonly json: string;
  /** Complaints about SARIF, JUnit and CSV. */
  readonly exports: readonly string[];
}

export async function payloads(folder: string): Promise<Result[]> {
  const generated = unpacked(folder, 'generated');
  const texts = JSON.parse(readFileSync(join(generated, 'report', 'payloads.json'), 'utf8')) as string[];
  const scratch = newScratch();
  const pages: string[] = [];
  const results: Result[] = [];
  for (const [at, text] of texts.entries()) {
    const hostile = await renderEverything(scratch, [text]);
    const harmless = await renderEverything(scratch, [harmlessFor(text)]);
    results.push(...sinkResults(`E00.${at}`, text, hostile), sameShape(`E00.${at}`, hostile, harmless));
    pages.push(writePage(scratch, `e00-${at}`, hostile.html), writePage(scratch, `e00-${at}-index`, hostile.indexHtml));
  }
  results.push(...(await terminalResults(scratch, texts)));
  results.push(await annotationsOfOnePod(join(generated, 'report', 'pod-annotations.yaml'), scratch));
  for (const id of ['A21-bidi', 'A25-ansi-name', 'A26-html-name', 'A27-newline-name'])
    results.push(await hostileName(id, join(generated, 'archive', 'tar', `${id}.tar`), scratch));

  const vectors = vectorsOf(unpacked(folder, 'third-party'));
  for (const [name, all] of Object.entries(vectors)) {
    for (let first = 0; first < all.length; first += 100) {
      const batch = all.slice(first, first + 100);
      const rendered = await renderEverything(scratch, batch);
      results.push(...batchResults(`K08 ${name} ${first}`, batch, rendered));
      pages.push(writePage(scratch, `k08-${name}-${first}`, rendered.html));
    }
  }
  results.push(...(await openInBrowser(pages)));
  return results;
}

/** Of the same form: blanks, line ends and backticks stay, all else becomes a letter. */
const harmlessFor = (text: string) =>
  text.replace(/[^`\s/]/gu, (_, offset: number) => String.fromCharCode(97 + (offset % 26)));

/** Subjects, messages and titles are one line; of a very long one, a page shows the beginning. */
const flat = (text: string) =>
  text
    .replace(/\s*[\r\n]\s*/g, ' ')
    .trim()
    .slice(0, 450);

let runs = 0;
async function renderEverything(scratch: string, texts: readonly string[]): Promise<Rendered> {
  runs += 1;
  const rules = join(scratch, `rules-${runs}`);
  const bundle = join(scratch, `bundle-${runs}.tar`);
  writeHostilePack(
    rules,
    texts.map(() => 'Something is said'),
  );
  writeFileSync(bundle, hostileBundle(texts));
  const knowledge = loadKnowledge({ builtin: false, ruleDirs: [rules], packs: [] });
  const analysed = await analyze(bundle, knowledge, { limits: defaultLimits, jobs: 1, version: '1' });
  const report = spoken(analysed.report, texts);
  const said = texts.join(' ');
  const named = {
    ...report,
    bundle: { ...report.bundle, name: said, kinds: [said], cluster: { id: said, version: said } },
  };
  const index = renderIndex([indexEntry(named, 'a')], [{ name: said, reason: said }]);
  return {
    report,
    html: renderHtml(named),
    indexHtml: index.html,
    markdown: renderMarkdown(named),
    indexMarkdown: index.markdown,
    json: renderJson(report) + index.json,
    exports: checkExports(named),
  };
}

/** Most of these texts are refused in a rule file; should one come through all the same, the pages hold it. */
function spoken(report: Report, texts: readonly string[]): Report {
  const ofRule = (rule: string) => texts[Number(/^rule-pack-(\d+)$/.exec(rule)?.[1] ?? Number.NaN)];
  return {
    ...report,
    findings: report.findings.map((finding) => {
      const text = ofRule(finding.rule);
      if (text === undefined) return finding;
      const runbook = { meaning: text, impact: text, diagnosis: text, remediation: text, falsePositives: [text] };
      return { ...finding, title: text, ...runbook };
    }),
    outcomes: report.outcomes.map((outcome) => ({ ...outcome, title: ofRule(outcome.rule) ?? outcome.title })),
  };
}

function writePage(scratch: string, name: string, html: string): string {
  const path = join(scratch, `${name}.html`);
  writeFileSync(path, html);
  return path;
}

/** One result for each sink: the text is there, as text, in every output, and nothing else came of it. */
function sinkResults(id: string, text: string, rendered: Rendered): Result[] {
  const { report } = rendered;
  const html = checkHtml(rendered.html);
  const index = checkHtml(rendered.indexHtml);
  const markdown = checkMarkdown(rendered.markdown);
  const indexMarkdown = checkMarkdown(rendered.indexMarkdown);
  const everywhere = [
    ...html.complaints,
    ...index.complaints,
    ...markdown.complaints,
    ...indexMarkdown.complaints,
    ...commentComplaints(report),
    ...steeringIn('json', rendered.json),
    ...rendered.exports,
    ...steeringIn('summary', renderSummary(report, { color: false })),
    ...steeringIn('painted summary', renderSummary(report, { color: true }), true),
  ];
  const said = shown(redactText(flat(text)));
  return sinks.map((sink) => {
    const article = articleOf(html.page, sink === 'rule-pack' ? 'rule-pack-0' : sink);
    const complaints = [...everywhere];
    const expect = (where: string, inside: string, wanted: string) => {
      if (wanted !== '' && !inside.includes(wanted)) complaints.push(`${where} lacks ${JSON.stringify(wanted)}`);
    };
    if (sink === 'rule-pack') expect('heading', article.all, shown(flat(text)));
    else if (sink === 'file-path') expect('place', article.of('path'), shown(redactText(pathOf(text))));
    else {
      // A text of several lines in a log is several lines.
      for (const part of sink === 'log-line' ? text.split('\n') : [text]) {
        expect('subject', article.of('who'), shown(redactText(flat(part))));
        expect(
          'message',
          article.of(sink === 'log-line' && text.includes('\n') ? 'what' : 'message'),
          shown(redactText(flat(part))),
        );
      }
      for (const line of sink === 'log-line' ? text.split('\n') : [])
        expect('evidence', article.of('text'), shown(redactText(line)));
      if (sink !== 'log-line' && shown(text) === bare(text) && !/["\\\n]|data:/.test(text))
        expect('evidence', article.of('text'), bare(text));
    }
    expect(
      'markdown',
      markdown.text,
      sink === 'file-path' ? shown(redactText(pathOf(text))) : sink === 'rule-pack' ? shown(flat(text)) : said,
    );
    return {
      id: `${id} ${sink}`,
      ok: complaints.length === 0,
      told: `${JSON.stringify(text)}: ${complaints.join('; ')}`,
    };
  });
}

const commentComplaints = (report: Report) => checkMarkdown(renderComment(report)).complaints;

function sameShape(id: string, hostile: Rendered, harmless: Rendered): Result {
  const differing = [
    checkHtml(hostile.html).tree === checkHtml(harmless.html).tree ? '' : 'report.html',
    checkHtml(hostile.indexHtml).tree === checkHtml(harmless.indexHtml).tree ? '' : 'index.html',
    checkMarkdown(hostile.markdown).tree === checkMarkdown(harmless.markdown).tree ? '' : 'report.md',
    checkMarkdown(hostile.indexMarkdown).tree === checkMarkdown(harmless.indexMarkdown).tree ? '' : 'index.md',
  ].filter(Boolean);
  return {
    id: `${id} shape`,
    ok: differing.length === 0,
    told: `another element tree than a harmless word gives: ${differing}`,
  };
}

function batchResults(id: string, texts: readonly string[], rendered: Rendered): Result[] {
  const html = checkHtml(rendered.html);
  const markdown = checkMarkdown(rendered.markdown);
  const complaints = [
    ...html.complaints,
    ...markdown.complaints,
    ...steeringIn('json', rendered.json),
    ...rendered.exports,
  ];
  for (const sink of ['pod-name', 'annotation', 'label', 'env-value', 'event-message', 'node-name']) {
    const { all } = articleOf(html.page, sink);
    for (const text of texts) {
      const wanted = shown(redactText(flat(text)));
      if (wanted !== '' && !all.includes(wanted))
        complaints.push(`${sink} lacks ${JSON.stringify(text).slice(0, 200)}`);
    }
  }
  return [
    { id, ok: complaints.length === 0, told: `${complaints.length} complaints: ${complaints.slice(0, 5).join('; ')}` },
  ];
}

/** E01: all texts as annotations of one Pod in one file. */
async function annotationsOfOnePod(manifest: string, scratch: string): Promise<Result> {
  const folder = join(scratch, 'e01');
  mkdirSync(folder);
  writeFileSync(join(folder, 'pod-annotations.yaml'), readFileSync(manifest));
  const rules = join(scratch, 'e01-rules');
  writeHostilePack(rules, []);
  const out = join(scratch, 'e01-out');
  const {
    code,
    out: said,
    err,
  } = await drydock(['analyze', folder, '-o', out, '--no-builtin-rules', '--rules', rules]);
  const facts = await drydock(['facts', folder, 'Pod', '-o', 'json']);
  const pods = JSON.parse(facts.out) as { annotations: Record<string, string> }[];
  const complaints = [...steeringIn('stdout', said), ...steeringIn('stderr', err), ...steeringIn('facts', facts.out)];
  if (code !== 0) complaints.push(`exit ${code}`);
  if (pods.length !== 1 || Object.keys(pods[0]?.annotations ?? {}).length !== 46)
    complaints.push(`${pods.length} objects, ${Object.keys(pods[0]?.annotations ?? {}).length} annotations`);
  return { id: 'E01', ok: complaints.length === 0, told: complaints.join('; ') };
}

/** A21, A25–A27: the name of a file is shown, and only shown. */
async function hostileName(id: string, archive: string, scratch: string): Promise<Result> {
  const out = join(scratch, id);
  const { code, out: said, err } = await drydock(['analyze', archive, '-o', out]);
  const html = readFileSync(join(out, id, 'report.html'), 'utf8');
  const markdown = readFileSync(join(out, id, 'report.md'), 'utf8');
  const complaints = [
    ...steeringIn('stdout', said),
    ...steeringIn('stderr', err),
    ...checkHtml(html).complaints,
    ...checkMarkdown(markdown).complaints,
    ...steeringIn('json', readFileSync(join(out, id, 'report.json'), 'utf8')),
  ];
  if (code !== 0) complaints.push(`exit ${code}`);
  return { id, ok: complaints.length === 0, told: complaints.join('; ') };
}

/** Texts of other projects that were made to break out of where they stand. */
function vectorsOf(thirdParty: string): Record<string, string[]> {
  const read = (path: string) => readFileSync(join(thirdParty, path), 'utf8');
  const dompurify = [...read('dompurify/expect.mjs').matchAll(/"payload": ("(?:[^"\\]|\\.)*")/g)];
  const whole = (text: string) => text.toWellFormed() !== '' && !/^\s*$/.test(text);
  const all: Record<string, string[]> = {
    h5sc: read('h5sc/vectors.txt').split(/(?=<div id="\d+">)/),
    dompurify: dompurify.map(([, literal = '""']) => JSON.parse(literal) as string),
    blns: JSON.parse(read('blns/blns.json')) as string[],
    csv: read('csv-injection/Intruder/csv-payload.txt').split('\n'),
  };
  return Object.fromEntries(Object.entries(all).map(([name, texts]) => [name, texts.filter(whole)]));
}

if (import.meta.main) {
  process.exitCode = tellScore('Payloads', await payloads(process.argv[2] ?? '')) ? 0 : 1;
}
