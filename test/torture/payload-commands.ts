// Hostile texts through the command line: messages, progress, tables and lists may show them, and never obey them.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../program.ts';
import { hostileBundle, writeHostilePack, writeRefusedPack } from './hostile-bundle.ts';
import { drydock, type Result } from './kit.ts';
import { checkHtml, checkMarkdown, shown, steeringIn } from './rendered.ts';

/** The commands as they are typed, over one bundle with all texts: nothing steers the terminal, no line is forged. */
/** Dozens of bundles in one run, on a machine that may have other things to do. */
const timeoutMillis = 600_000;

export async function terminalResults(scratch: string, texts: readonly string[]): Promise<Result[]> {
  const rules = join(scratch, 'rules-all');
  writeHostilePack(rules, texts);
  writeRefusedPack(rules, texts);
  const inputs = join(scratch, 'inputs');
  mkdirSync(inputs);
  const bundle = join(inputs, 'all.tar');
  writeFileSync(bundle, hostileBundle(texts));
  // Names of inputs are names of folders, of lines of progress and of messages too.
  for (const [at, text] of texts.entries()) {
    const name = `${at} ${text.replace(/[/\0]/g, '_')}`;
    writeFileSync(join(inputs, `${name}.tar`), at % 2 ? hostileBundle([text]) : 'no archive');
  }
  const out = join(scratch, 'out');
  const own = ['--no-builtin-rules', '--rules', rules];
  const runs: readonly (readonly string[])[] = [
    ['analyze', join(inputs, '*'), '-o', out, '--save-facts', ...own],
    ['analyze', join(inputs, `28 ${texts[28]}.tar`), '-o', out, ...own],
    ['render', join(out, 'all', 'report.json'), '--format', 'md'],
    ['render', join(out, 'all', 'report.json'), '--format', 'json'],
    ['render', join(out, 'all', 'report.json'), '--format', 'html'],
    ['render', join(out, 'all', 'report.json'), '--format', 'sarif'],
    ['render', join(out, 'all', 'report.json'), '--format', 'junit'],
    ...['table', 'json', 'yaml'].flatMap((form) => [
      ...['Pod', 'Container', 'Event', 'KubernetesNode', 'ConfigMap'].map((type) => [
        'facts',
        out.concat('/all'),
        type,
        '-o',
        form,
      ]),
      ['query', join(out, 'all'), 'SELECT * FROM Pod', '-o', form],
      ['query', join(out, 'all'), "SELECT char(27) || ']0;pwn' || char(155) AS x", '-o', form],
    ]),
    ['facts', bundle, 'Pod'],
    ['rules', 'list', ...own],
    ['rules', 'lint', ...own],
    ...texts.flatMap((_, at) =>
      at % 9 === 1
        ? [
            ['rules', 'show', `rule-pack-${at}`, ...own],
            ['rules', 'explain', `rule-pack-${at}`, ...own],
          ]
        : [],
    ),
    ['facts', join(inputs, `30 ${texts[30]?.replaceAll('/', '_')}.tar`)],
    ['analyze', `nothing ${texts[28]} here`],
    ['analyze', bundle, '--format', texts[28] ?? ''],
    [texts[30] ?? ''],
  ];
  const results: Result[] = [];
  for (const words of runs) {
    const { code, out: said, err } = await drydock(words, { timeoutMillis });
    const complaints = [...steeringIn('stdout', said), ...steeringIn('stderr', err)];
    if (/^=1\+1|^\|-\|/m.test(err)) complaints.push('a line of stderr is forged');
    if (/\n {4}at /.test(err)) complaints.push(`a stack: ${err.slice(0, 300)}`);
    if (code === null) complaints.push('killed');
    results.push({
      id: `E00 ${shown(words.slice(0, 3).join(' ')).slice(-60)}`,
      ok: complaints.length === 0,
      told: complaints.join('; '),
    });
  }
  const seen = onTerminal(['analyze', join(inputs, '*'), '-o', out, ...own]);
  const steered = steeringIn('terminal', seen.replaceAll('\r\x1b[2K', '\n').replaceAll('\r\n', '\n'), true);
  const told = seen.includes('\r\x1b[2K') && seen.includes('\x1b[31m') ? steered.join('; ') : 'no colours, no progress';
  results.push({ id: 'E00 on a terminal', ok: told === '', told });
  for (const file of ['index.html', 'index.md', 'index.json']) {
    const text = readFileSync(join(out, file), 'utf8');
    const complaints = [...steeringIn(file, text)];
    if (file.endsWith('html')) complaints.push(...checkHtml(text).complaints);
    if (file.endsWith('md')) complaints.push(...checkMarkdown(text).complaints);
    results.push({ id: `E00 ${file}`, ok: complaints.length === 0, told: complaints.join('; ') });
  }
  return results;
}

/** What a person sees who runs it in a terminal, progress lines and colours included. */
function onTerminal(words: readonly string[]): string {
  const line = [process.execPath, program, ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const { NO_COLOR: _, ...env } = process.env;
  return spawnSync('script', ['-qec', line, '/dev/null'], { env, encoding: 'utf8', maxBuffer: 1e8 }).stdout;
}
