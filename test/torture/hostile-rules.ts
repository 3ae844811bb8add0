// Hostile rules (cases F01 and F02, and what else a rule can try): refused at load by file, line and column, or ended within
// a budget, and in either case all other rules say what they would have said without it, byte for byte.

import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { createLineMatcher } from '../../src/facts/logs/line-matcher.ts';
import { analyze } from '../../src/pipeline.ts';
import type { Report } from '../../src/report/report.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';
import { inspectPattern } from '../../src/rules/patterns.ts';
import { drydock, newScratch, type Result, tellScore, unpacked } from './kit.ts';

const sample = new URL('../../samples/swap-on-node', import.meta.url).pathname;
const pack = 'hostile';
/** Of one rule over one file. */
const budgetMillis = 250;

type Keys = Readonly<Record<string, string>>;
const plain: Keys = {
  title: 'A rule that means no good',
  status: 'experimental',
  severity: 'info',
  given: '{ host: Hostname }',
  failsWhen: "'false'",
  subject: "'{{ host.name }}'",
  message: 'x',
  meaning: 'x',
  impact: 'x',
  diagnosis: 'x',
  remediation: 'x',
};

/** A rule file as text; values are YAML already. */
const ruleText = (id: string, keys: Keys): string =>
  Object.entries({ id, ...plain, ...keys })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
const quoted = (text: string): string => JSON.stringify(text);

function writeRules(scratch: string, name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, name);
  mkdirSync(join(folder, pack), { recursive: true });
  for (const [id, text] of Object.entries(files)) writeFileSync(join(folder, pack, `${id}.yaml`), text);
  return folder;
}

/** A text of 64 KiB on which a backtracking engine would be busy for years. */
const longText = `cel.bind(a, "${'a'.repeat(1024)}", cel.bind(b, ${Array(8).fill('a').join(' + ')}, ${Array(8).fill('b').join(' + ')})) + "!"`;

const blowUps: Readonly<Record<string, Keys>> = {
  'endless-loops': {
    failsWhen: `'lists.range(9999).all(a, lists.range(9999).all(b, lists.range(9999).all(c, a + b + c >= 0)))'`,
  },
  'swallowed-loops': {
    failsWhen: `'lists.range(9999).exists(a, lists.range(9999).exists(b, lists.range(9999).exists(c, a + b < 0))) || true'`,
  },
  'huge-lists': { failsWhen: `'lists.range(1000).map(a, lists.range(1000).map(b, lists.range(100000))).size() > 0'` },
  'quadratic-distinct': { failsWhen: `'lists.range(100000).map(a, [a]).distinct().size() < 0'` },
  'huge-text': {
    failsWhen: quoted(
      [...'bcdefgh'].reduce(
        (inner, name, at) =>
          `cel.bind(${name}, ${inner}, ${Array(10).fill(name).join('+')})${at === 6 ? '.size() < 0' : ''}`,
        '"0123456789"',
      ),
    ),
  },
  'deep-loops': {
    failsWhen: quoted([...'abcdefghij'].reduce((inner, name) => `[1,2,3].all(${name}, ${inner})`, 'true')),
  },
  'long-message': {
    failsWhen: "'true'",
    message: quoted('{{ lists.range(99999).map(a, string(a)) }} '.repeat(200)),
  },
  'catastrophic-match': { failsWhen: quoted(`cel.bind(t, ${longText}, t.matches("(a+)+$"))`) },
  'pattern-of-the-bundle': { failsWhen: quoted('host.name.matches("(" + host.name + "+)+$") && false') },
};

export async function hostileRules(folder: string): Promise<Result[]> {
  const scratch = newScratch();
  const generated = join(unpacked(folder, 'generated'), 'rules');
  const bundle = await hostileBundle(scratch);
  const before = await reportOf(bundle);
  const patterns = JSON.parse(readFileSync(join(generated, 'redos.json'), 'utf8')) as string[];
  const hostile = JSON.parse(readFileSync(join(generated, 'hostile-pack.json'), 'utf8')) as Record<string, unknown>;
  const results: Result[] = [];
  results.push(...(await hostilePatterns(patterns, scratch, bundle, before)));
  results.push(...(await hostilePack(hostile, scratch, bundle)));
  for (const [id, keys] of Object.entries(blowUps)) {
    const rules = writeRules(scratch, id, { [id]: ruleText(id, keys) });
    results.push(await unchangedBeside(id, rules, bundle, before));
  }
  return results;
}

/** The sample, and a kubelet log with lines that keep a backtracking engine busy. */
async function hostileBundle(scratch: string): Promise<string> {
  const bundle = join(scratch, basename(sample));
  cpSync(sample, bundle, { recursive: true });
  const log = join(
    bundle,
    'sosreport-worker-2-2025-03-04-qpdmxyz/sos_commands/kubernetes/journalctl_--no-pager_--unit_kubelet',
  );
  for (const unit of ['a', 'a,', 'xy', 'a b ', ' ']) {
    appendFileSync(log, `${`Mar 04 09:12:31 worker-2 kubelet[1234]: ${unit.repeat(60_000 / unit.length)}`}!\n`);
  }
  return bundle;
}

async function reportOf(bundle: string, rules?: string): Promise<Report> {
  const knowledge = loadKnowledge({ builtin: true, ruleDirs: rules === undefined ? [] : [rules], packs: [] });
  return (await analyze(bundle, knowledge, { limits: defaultLimits, jobs: 2, version: 'torture' })).report;
}

/** The report without what the hostile pack said and is said of it. */
function withoutPack(report: Report): string {
  const isOurs = ({ pack: name }: { readonly pack: string }) => name !== pack;
  const gaps = report.coverage.gaps.filter(({ path }) => !path.startsWith(`${pack}/`));
  return JSON.stringify({
    ...report,
    tool: { ...report.tool, rulesDigest: '' },
    findings: report.findings.filter(isOurs),
    outcomes: report.outcomes.filter(isOurs),
    coverage: { ...report.coverage, gaps },
  });
}

const gapsOfPack = ({ coverage }: Report) => coverage.gaps.filter(({ path }) => path.startsWith(`${pack}/`));

async function unchangedBeside(id: string, rules: string, bundle: string, before: Report): Promise<Result> {
  const started = performance.now();
  const report = await reportOf(bundle, rules);
  const outcome = report.outcomes.find(({ rule }) => rule === id);
  const gaps = gapsOfPack(report).map(({ code, path, detail }) => `${code} ${path} ${detail}`);
  const told = `${outcome?.verdict ?? 'refused'}, ${Math.round(performance.now() - started)} ms, ${gaps.join('; ')}`;
  if (withoutPack(report) !== withoutPack(before)) return { id, ok: false, told: `other outcomes changed: ${told}` };
  const isTold = gaps.length > 0 && gaps.every((gap) => gap.includes(`${pack}/${id}.yaml`));
  if (!outcome) return { id, ok: isTold, told };
  return { id, ok: outcome.verdict === 'error' ? isTold : gaps.length === 0, told };
}

/** F01: each pattern once in a log, once in an expression. */
async function hostilePatterns(
  patterns: readonly string[],
  scratch: string,
  bundle: string,
  before: Report,
): Promise<Result[]> {
  const inLogs = patterns.map((pattern, at) => {
    const given = `{ burst: { log: KubeletLog, pattern: ${quoted(pattern)} } }`;
    return [`log-${at}`, ruleText(`log-${at}`, { given, failsWhen: "'burst.count < 0'", subject: 'kubelet' })];
  });
  const inExpressions = patterns.map((pattern, at) => {
    const text = `cel.bind(t, ${longText}, t.matches(${quoted(pattern)}))`;
    return [`cel-${at}`, ruleText(`cel-${at}`, { failsWhen: quoted(text) })];
  });
  const rules = writeRules(scratch, 'f01', Object.fromEntries([...inLogs, ...inExpressions]) as Record<string, string>);
  const watched = await drydock(['analyze', bundle, '--rules', rules, '-o', join(scratch, 'out'), '--quiet']);
  const report = await reportOf(bundle, rules);
  const gaps = gapsOfPack(report);
  const refused = new Set(gaps.filter(({ code }) => code === 'RULE_REJECTED').map(({ path }) => path));
  const results: Result[] = [
    { id: 'F01', ok: watched.code === 3, told: `exit code ${watched.code}, ${refused.size} refused` },
    { id: 'F01 others', ok: withoutPack(report) === withoutPack(before), told: 'other outcomes changed' },
  ];
  for (const [at, pattern] of patterns.entries()) {
    const gap = gaps.find(({ path }) => path === `${pack}/log-${at}.yaml`);
    const shown = pattern.slice(0, 40);
    const isPlaced = gap?.code === 'RULE_REJECTED' && /^\d+:\d+: ./.test(gap.detail);
    const millis = gap ? 0 : scanMillis(pattern, bundle);
    results.push({
      id: `F01 log ${shown}`,
      ok: gap ? isPlaced : millis <= budgetMillis,
      told: gap?.detail ?? `${Math.round(millis)} ms of a processor`,
    });
    const inCel = report.outcomes.find(({ rule }) => rule === `cel-${at}`);
    const isRefused = refused.has(`${pack}/cel-${at}.yaml`);
    results.push({
      id: `F01 expression ${shown}`,
      ok: isRefused || inCel?.verdict === 'fail' || inCel?.verdict === 'pass',
      told: `${isRefused ? 'refused' : inCel?.verdict}: ${inCel?.errors.join()}`,
    });
  }
  return results;
}

/** Processor time that the pattern takes for all lines of the hostile log. */
function scanMillis(pattern: string, bundle: string): number {
  const log = join(
    bundle,
    'sosreport-worker-2-2025-03-04-qpdmxyz/sos_commands/kubernetes/journalctl_--no-pager_--unit_kubelet',
  );
  const { longestOnV8 } = inspectPattern(pattern);
  const matcher = createLineMatcher({ id: 'p', log: 'KubeletLog', pattern, longestOnV8 });
  const start = process.threadCpuUsage();
  for (const line of readFileSync(log, 'utf8').split('\n')) matcher.match(line);
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}

/** F02: the whole pack as one rule, and each trick alone. */
async function hostilePack(
  hostile: Readonly<Record<string, unknown>>,
  scratch: string,
  bundle: string,
): Promise<Result[]> {
  const pattern = `{ burst: { log: KubeletLog, pattern: ${quoted(String(hostile.regex))} } }`;
  const tricks: Readonly<Record<string, Keys>> = {
    id: { id: quoted(String(hostile.id)) },
    title: { title: quoted(String(hostile.title)) },
    regex: { given: pattern, subject: 'kubelet' },
    glob: { glob: quoted(String(hostile.glob)) },
    template: { message: quoted(String(hostile.template)) },
    ast: { message: JSON.stringify(hostile.templateAst) },
    'ast-key': { templateAst: JSON.stringify(hostile.templateAst) },
    proto: { __proto__key: '' },
  };
  const results: Result[] = [];
  const attempt = async (id: string, text: string): Promise<void> => {
    const rules = writeRules(scratch, `f02-${id}`, { [id]: text });
    const words = ['analyze', bundle, '--no-builtin-rules', '--rules', rules, '-o', join(scratch, `out-${id}`)];
    const { code, err } = await drydock(words);
    const named = new RegExp(`${id}\\.yaml:\\d+:\\d+: .`).test(err);
    const told = `exit code ${code}, ${err.split('\n')[0]}`;
    results.push({ id: `F02 ${id}`, ok: code === 2 && named && !('polluted' in {}), told });
  };
  for (const [id, keys] of Object.entries(tricks)) {
    const text = ruleText(id, keys).replace('__proto__key: \n', '__proto__: { polluted: 1 }\n');
    await attempt(id, text);
  }
  const all = Object.assign({}, ...Object.values(tricks), { failsWhen: quoted(String(hostile.cel)) }) as Keys;
  await attempt('whole-pack', ruleText('whole-pack', all).replace('__proto__key: \n', '__proto__: { polluted: 1 }\n'));
  // Its expression takes 54 steps: it is no blow-up, and is run.
  const rules = writeRules(scratch, 'f02-cel', { cel: ruleText('cel', { failsWhen: quoted(`!(${hostile.cel})`) }) });
  const { code } = await drydock(['analyze', bundle, '--no-builtin-rules', '--rules', rules, '-o', join(scratch, 'c')]);
  results.push({ id: 'F02 cel', ok: code === 0, told: `exit code ${code}` });
  return results;
}

if (import.meta.main) {
  const results = await hostileRules(process.argv[2] ?? '');
  if (process.argv.includes('--all')) for (const { id, ok, told } of results) console.log(ok ? 'ok' : 'NO', id, told);
  process.exitCode = tellScore('hostile rules', results) ? 0 : 1;
}
