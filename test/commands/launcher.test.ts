// The launcher: the right Node, no more rights than the command line asks for, and honest exit codes.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder } from './drydock.ts';

const home = new URL('../..', import.meta.url).pathname;
const sample = join(home, 'samples', 'healthy');

/** A home of its own for the launcher, in which the program is the given text. */
function homeWith(program: string): string {
  const folder = newFolder();
  mkdirSync(join(folder, 'src'));
  cpSync(join(home, 'bin'), join(folder, 'bin'), { recursive: true });
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'src', 'cli.ts'), program);
  return folder;
}

function launch(from: string, words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const run = spawnSync(process.execPath, [join(from, 'bin', 'drydock.js'), ...words], {
    cwd: from,
    encoding: 'utf8',
    // the runner of the tests asks for colours
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: '1', ...env },
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** Tries each and prints what came of it. */
const attempts = (tries: string): string => `
import fs from 'node:fs';
const outcomes: Record<string, string> = {};
const attempt = async (name: string, work: () => unknown): Promise<void> => {
  try { await work(); outcomes[name] = 'done'; } catch (error) { outcomes[name] = String((error as any).cause?.code ?? (error as any).code); }
};
const settled = (emitter: any, event: string) => new Promise((resolve, reject) => emitter.on('error', reject).on(event, resolve));
${tries}
console.log(JSON.stringify(outcomes));
process.exit();
`;

test('what V8 compiled of the program when it was built is read, and nothing is added to it', () => {
  const folder = homeWith(`
import { getCompileCacheDir } from 'node:module';
const { NODE_COMPILE_CACHE, NODE_COMPILE_CACHE_READONLY } = process.env;
console.log(JSON.stringify([NODE_COMPILE_CACHE, NODE_COMPILE_CACHE_READONLY, getCompileCacheDir()]));
`);
  const compiled = join(folder, 'dist', 'compiled');
  const { out } = launch(folder, ['rules', 'list']);
  assert.equal(JSON.parse(out), [compiled, '1', null], 'nothing was built here');
  assert.not.ok(existsSync(compiled));
  rmSync(folder, { recursive: true });
});

test('inside there is no network, no child process, no add-on, no WASI and no inspector', () => {
  const folder = homeWith(
    attempts(`
const net = await import('node:net');
await attempt('connect', () => settled(net.connect(9, '127.0.0.1'), 'connect'));
await attempt('listen', () => settled(net.createServer().listen(0), 'listening'));
await attempt('local socket', () => settled(net.connect('/tmp/no-such-socket'), 'connect'));
await attempt('fetch', () => fetch('http://127.0.0.1:8080/'));
await attempt('name', async () => (await import('node:dns/promises')).lookup('example.com'));
await attempt('datagram', async () => {
  const socket = (await import('node:dgram')).createSocket('udp4');
  await new Promise((resolve, reject) => socket.on('error', reject).send('x', 9, '127.0.0.1', (error) => (error ? reject(error) : resolve(0))));
});
await attempt('child process', async () => (await import('node:child_process')).execFileSync('true'));
await attempt('WASI', async () => new (await import('node:wasi')).WASI({ version: 'preview1' }));
await attempt('inspector', async () => (await import('node:inspector')).open(0));
await attempt('worker', async () => {
  const { Worker } = await import('node:worker_threads');
  const source = "require('node:net').connect(9, '127.0.0.1').on('error', (e) => require('node:worker_threads').parentPort.postMessage(e.code))";
  outcomes['connect from a worker'] = String(await settled(new Worker(source, { eval: true }), 'message'));
});
await attempt('add-on', () => process.dlopen({ exports: {} }, '/tmp/no-such.node'));
`),
  );
  const { out, err, code } = launch(folder, ['analyze', 'x', '-o', 'out']);
  assert.is(code, 0, err);
  const { 'add-on': addOn, worker, ...others } = JSON.parse(out) as Record<string, string>;
  assert.is(addOn, 'ERR_DLOPEN_DISABLED');
  assert.is(worker, 'done');
  assert.equal([...new Set(Object.values(others))], ['ERR_ACCESS_DENIED'], out);
  assert.is(Object.keys(others).length, 10);
  rmSync(folder, { recursive: true });
});

const writing: Readonly<Record<string, readonly [words: readonly string[], inside: string, outside: string]>> = {
  'analyze without -o': [['analyze', 'x'], 'out/reports/x/report.md', 'out/other'],
  'analyze -o': [['analyze', 'x', '-o', 'a/b'], 'a/b/report.md', 'a/other'],
  'analyze --output=': [['analyze', '--output=a', 'x'], 'a/report.md', 'ab'],
  'a batch after --': [['analyze', '-o', 'a', '--', '-o', 'b'], 'a/index.md', 'b/index.md'],
  'render -o': [['render', 'r.json', '-o', 'a/page.html'], 'a/page.html', 'page.html'],
  'rules new': [['rules', 'new', 'p/r', '--rules', 'own'], 'own/p/r.yaml', 'rules/p/r.yaml'],
  'rules docs': [['rules', 'docs'], 'rules/INDEX.md', 'INDEX.md'],
  'facts -o': [['facts', 'x', '-o', 'json'], '', 'json/x'],
  'query -o': [['query', 'x', 'SELECT 1', '-o', 'json'], '', 'json/x'],
  doctor: [['doctor'], '', 'out/reports/x'],
};
for (const [name, [words, inside, outside]] of Object.entries(writing)) {
  test(`${name}: writing is allowed where the command line says, and nowhere else`, () => {
    const put = (path: string) =>
      `() => { fs.mkdirSync(${JSON.stringify(join(path, '..'))}, { recursive: true }); fs.writeFileSync(${JSON.stringify(path)}, ''); }`;
    const folder = homeWith(
      attempts(`
${inside === '' ? '' : `await attempt('inside', ${put(inside)});`}
await attempt('outside', ${put(outside)});
await attempt('above', ${put('../drydock-outside')});
await attempt('read', () => fs.readFileSync('/etc/hostname'));
`),
    );
    const { out, err } = launch(folder, words);
    const { inside: within, ...others } = JSON.parse(out || '{}') as Record<string, string>;
    assert.is(within, inside === '' ? undefined : 'done', err);
    assert.is(others.outside, 'ERR_ACCESS_DENIED');
    assert.is(others.above, 'ERR_ACCESS_DENIED');
    assert.is(others.read, existsSync('/etc/hostname') ? 'done' : 'ENOENT');
    rmSync(folder, { recursive: true });
  });
}

test('only a batch may start processes, for it opens no bundle itself', () => {
  const folder = homeWith("console.log(process.permission.has('child'));");
  for (const name of ['archives/a.tgz', 'archives/b.tar.xz', 'bundle/a.tgz', 'bundle/b.log']) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
  for (const [words, may] of [
    [['analyze', 'bundle'], false],
    [['analyze', 'none', '--format', 'md', '--limit', 'entries=1', '--redact-key', 'file', '-o', 'out'], false],
    [['analyze', 'a', 'b', '--case', 'c'], false],
    [['trace', 'a', 'b'], false],
    [['analyze', 'a', 'b'], true],
    [['analyze', 'bundle/*', '-o', 'out'], true],
    [['analyze', '--watch', 'bundle'], true],
    [['analyze', 'archives'], true],
  ] as const) {
    const { out, err } = launch(folder, words);
    assert.is(out, `${may}\n`, `${words.join(' ')} ${err}`);
    assert.is(err, '');
  }
  rmSync(folder, { recursive: true });
});

test('only what is given a queue may reach a network, and it opens no bundle itself', () => {
  const folder = homeWith("console.log(process.permission.has('net'), process.permission.has('child'));");
  const queue = 'redis://localhost';
  for (const [words, may] of [
    [['analyze', 'bundle', '--queue', queue], true],
    [['analyze', 'a', 'b', `--queue=${queue}`, '-o', 'out'], true],
    [['worker', '--queue', queue, '-o', 'out'], true],
    [['worker', '-o', 'out'], false],
    [['analyze', 'a', '--', '--queue', queue], false],
    [['analyze', 'a', 'b', '--case', 'c', '--queue', queue], false],
    [['trace', 'a', '--queue', queue], false],
    [['query', 'a', '--queue', queue], false],
  ] as const) {
    const { out, err } = launch(folder, words);
    const [net, child] = out.trim().split(' ');
    assert.is(net, `${may}`, `${words.join(' ')} ${err}`);
    if (may) assert.is(child, 'true');
    assert.is(err, '');
  }
  rmSync(folder, { recursive: true });
});

test('the launcher knows which flags of analyze take a value', () => {
  const launcher = readFileSync(join(home, 'bin', 'drydock.js'), 'utf8');
  const [, known = ''] = /const valueFlags =\s+'([^']+)'/.exec(launcher) ?? [];
  const texts = ['analyze', 'redact-words'].map((name) => readFileSync(join(home, `src/commands/${name}.ts`), 'utf8'));
  const flags = [...texts.join('').matchAll(/'?([a-z-]+)'?: \{ type: 'string'/g)].map(([, name]) => name ?? '');
  assert.ok(flags.length > 8);
  assert.equal([...known.split(' '), 'output', 'rules'].sort(), flags.sort());
});

test('exit code, input and output pass through', () => {
  const folder = homeWith(`
let text = '';
for await (const part of process.stdin) text += part;
process.stdout.write(text.toUpperCase());
process.stderr.write(process.argv.slice(2).join('|'));
process.exitCode = 3;
`);
  const run = spawnSync(process.execPath, [join(folder, 'bin', 'drydock.js'), 'doctor', '--x', 'a b'], {
    input: 'hello',
    encoding: 'utf8',
  });
  assert.equal([run.status, run.stdout, run.stderr], [3, 'HELLO', 'doctor|--x|a b']);
  rmSync(folder, { recursive: true });
});

test('a program that is ended from outside: exit 2, why, and what to do', () => {
  for (const [program, said] of [
    ["process.kill(process.pid, 'SIGKILL');", /for want of memory \(SIGKILL\).*--jobs 1/],
    ["process.kill(process.pid, 'SIGABRT');", /ran out of memory.*\(SIGABRT\).*--jobs 1/],
    ['process.exit(137);', /for want of memory \(SIGKILL\)/],
    ["process.kill(process.pid, 'SIGSEGV');", /\(SIGSEGV\)/],
  ] as const) {
    const folder = homeWith(`${program}\nawait new Promise((done) => setTimeout(done, 5000));`);
    const { code, err } = launch(folder, ['doctor']);
    assert.is(code, 2, program);
    assert.match(err, said);
    rmSync(folder, { recursive: true });
  }
});

test('a signal is passed on, and its number is the exit code, even of a program that does not heed it', async () => {
  const heeding = "process.on('SIGTERM', () => process.exit(143)); process.on('SIGHUP', () => process.exit(129));";
  for (const [program, signal, expected] of [
    [heeding, 'SIGTERM', 143],
    [heeding, 'SIGHUP', 'SIGHUP'], // 129 in a shell
    ['', 'SIGINT', 130],
    ["process.on('SIGINT', () => undefined);", 'SIGINT', 130],
  ] as const) {
    const folder = homeWith(`${program}\nconsole.log('ready');\nsetTimeout(() => undefined, 30_000);`);
    const child = spawn(process.execPath, [join(folder, 'bin', 'drydock.js'), 'doctor'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.once('data', () => child.kill(signal));
    const ended = await new Promise((resolve) => child.on('exit', (code, by) => resolve(by ?? code)));
    assert.is(ended, expected, `${signal} ${program}`);
    rmSync(folder, { recursive: true });
  }
});

test('NODE_OPTIONS is noted and changes nothing', () => {
  const folder = homeWith('console.log(process.env.NODE_OPTIONS, process.execArgv.includes("--permission"));');
  const { out, err } = launch(folder, ['doctor'], { NODE_OPTIONS: '--no-warnings' });
  assert.is(out, 'undefined true\n');
  assert.match(err, /NODE_OPTIONS is set \("--no-warnings"\)/);
  rmSync(folder, { recursive: true });
});

test('an output folder with a star is refused', () => {
  const { code, err } = launch(home, ['analyze', 'x', '-o', '/tmp/a*']);
  assert.is(code, 2);
  assert.match(err, /'\*' in the name/);
});

test('under the permission model a run writes the same bytes as without', () => {
  const folder = newFolder();
  const words = (name: string) => ['analyze', sample, '--save-facts', '--quiet', '-o', join(folder, name)];
  const inside = launch(home, words('inside'));
  assert.equal(inside, { code: 0, out: '', err: '' });
  const plain = spawnSync(process.execPath, [join(home, 'src', 'cli.ts'), ...words('plain')], { encoding: 'utf8' });
  assert.is(plain.status, 0, plain.stderr);
  for (const name of ['report.html', 'report.md', 'report.json', 'facts.sqlite']) {
    const [a, b] = ['inside', 'plain'].map((run) => readFileSync(join(folder, run, 'healthy', name)));
    assert.ok(a?.equals(b ?? Buffer.alloc(0)), name);
  }
  for (const [read, code] of [
    [['facts', join(folder, 'inside', 'healthy'), 'Pod'], 0],
    [['query', join(folder, 'inside', 'healthy'), 'SELECT count(*) FROM Pod'], 0],
    [
      [
        'render',
        join(folder, 'inside', 'healthy', 'report.json'),
        '-o',
        join(folder, 'again.html'),
        '--format',
        'html',
      ],
      0,
    ],
    [['rules', 'new', 'own/rule', '--rules', join(folder, 'rules')], 0],
    [['rules', 'docs', '--rules', join(folder, 'rules'), '--no-builtin-rules'], 0],
  ] as const) {
    const ran = launch(home, read);
    assert.is(ran.code, code, `${read.join(' ')}\n${ran.out}${ran.err}`);
  }
  for (const path of ['again.html', 'rules/own/rule.yaml', 'rules/INDEX.md'])
    assert.ok(existsSync(join(folder, path)), path);
  rmSync(folder, { recursive: true });
});

test.run();
