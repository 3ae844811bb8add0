// Holds the house to its own rules: each failure is a sentence with its remedy.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const root = new URL('..', import.meta.url).pathname;
const filesUnder = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The flow: a folder may import itself and what stands left of it. */
const flow = [
  'workers',
  'bundle',
  'facts',
  'models',
  'rules',
  'findings',
  'report',
  'diff',
  'pipeline',
  'batch',
  'queue',
  'commands',
  'cli',
];
const stageOf = (file: string): string =>
  file
    .replace(/^src\//, '')
    .replace(/\.ts$/, '')
    .split('/')[0] ?? '';
/** A model is pure arithmetic: facts may use it as well as rules. */
const alsoAllowed: Readonly<Record<string, readonly string[]>> = { facts: ['models'] };

const sources = filesUnder('src', /\.ts$/);
const imports = sources.flatMap((file) =>
  [...text(file).matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'|\bimport\('([^']+)'\)/gms)].map((match) => ({
    file,
    from: match[1] ?? match[2] ?? '',
  })),
);

function complain(sentences: readonly string[]): void {
  assert.is(sentences.join('\n'), '');
}

test('imports point back along the flow', () => {
  complain(
    imports.flatMap(({ file, from }) => {
      if (!from.startsWith('.')) return [];
      const target = stageOf(new URL(from, `file:///${file}`).pathname.slice(1));
      const stage = stageOf(file);
      if (flow.indexOf(target) <= flow.indexOf(stage) || alsoAllowed[stage]?.includes(target)) return [];
      return [`${file} imports ${from}: ${stage} may not use ${target}; move what both need to the earlier folder.`];
    }),
  );
});

test('every folder of src has its place in the flow', () => {
  complain(
    [...new Set(sources.map(stageOf))]
      .filter((stage) => !flow.includes(stage))
      .map((stage) => `src/${stage} is not in the flow: give it a place in test/house.test.ts, or move its files.`),
  );
});

test('only cli.ts touches process and console', () => {
  complain(
    sources
      .filter((file) => file !== 'src/cli.ts' && /(?<![\w.'`-])(?:process|console)\.\w/.test(code(file)))
      .map((file) => `${file} uses process or console: take what it needs as a parameter, cli.ts hands it in.`),
  );
});

test('only src/bundle opens archives', () => {
  const openers = /^(tar-stream|yauzl|seek-bzip|xz-decompress)$/;
  complain(
    imports
      .filter(({ file, from }) => openers.test(from) && !file.startsWith('src/bundle/'))
      .map(({ file, from }) => `${file} imports ${from}: archives are opened in src/bundle alone.`),
  );
});

test('one file knows CEL and one knows Handlebars', () => {
  for (const name of ['@marcbachmann/cel-js', 'handlebars']) {
    const users = [...new Set(imports.filter(({ from }) => from === name).map(({ file }) => file))];
    if (users.length > 1) complain([`${users.join(' and ')} import ${name}: let one of them wrap it for the others.`]);
  }
});

/** Node's doors to the network, to other programs, and to code that is not in the repository. */
const network = 'dgram dns http http2 https inspector net tls'.split(' ');
/** Packages that open connections. */
const networkPackages = 'bullmq ioredis redis pg undici ws axios got'.split(' ');
const foreignCode = 'child_process cluster ffi module repl vm wasi'.split(' ');
const ways: Readonly<Record<string, RegExp>> = {
  'calls fetch': /(?<![\w.])fetch\(|globalThis\.fetch/,
  'opens a connection': /\b(?:WebSocket|EventSource|XMLHttpRequest)\b/,
  'makes code of a text': /(?<![\w.])eval\(|\bnew Function\b|(?<![\w.])Function\(/,
  'asks for a module by another way':
    /\b(?:getBuiltinModule|_linkedBinding|dlopen)\b|process\.binding|(?<![\w.])require\(/,
  'imports what it names only when it runs': /(?<![\w.])import\((?!'')/,
};
/** Reviewed: each file with what it alone may do, and why that is no way out. */
const reviewed: Readonly<Record<string, readonly string[]>> = {
  // the modules it loads are named by the pools in src
  'src/workers/thread.ts': ['imports what it names only when it runs'],
  // starts Node on src/cli.ts, and finds that Node
  'bin/drydock.js': ['child_process', 'module'],
  // starts this program anew for each bundle of a batch, with fewer rights than its own
  'src/batch/child-process.ts': ['child_process'],
  // talks with the server named by --queue; the launcher gives the right to it for such a command line alone, and
  // never to a process that opens a bundle
  'src/queue/redis.ts': ['bullmq'],
};

function doorsIn(source: string): string[] {
  const modules = source.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'(?:node:)?([a-z0-9_]+)(?:\/[^']*)?'/g);
  return [
    ...[...modules]
      .map((match) => match[1] ?? '')
      .filter((name) => [...network, ...networkPackages, ...foreignCode].includes(name)),
    ...Object.keys(ways).filter((name) => ways[name]?.test(withoutProse(source))),
  ];
}

test('nothing reaches the network, starts a program, or runs code from elsewhere', () => {
  complain(
    [...sources, ...filesUnder('bin', /\.m?js$/)].flatMap((file) =>
      doorsIn(text(file))
        .filter((what) => !reviewed[file]?.includes(what))
        .map((what) => `${file}: ${what}. Drydock makes no network call and runs nothing but itself; take it out.`),
    ),
  );
});

test('a package that opens connections is loaded when it is asked for, and no sooner', () => {
  complain(
    sources.flatMap((file) =>
      [...text(file).matchAll(/^(?:import|export)(?! type)\b[^;]*?'([^']+)';/gm)]
        .filter(([, from = '']) => networkPackages.includes(from))
        .map(([, from]) => `${file} imports ${from} at once: load it in the function that needs it.`),
    ),
  );
});

test('every such door is seen, and prose about it is none', () => {
  const doors = [
    "import { connect } from 'node:net';",
    "import 'https';",
    "import { Queue } from 'bullmq';",
    "const { default: Redis } = await import('ioredis');",
    "const { Agent } = await import('node:http');",
    "import {\n  lookup,\n} from 'node:dns/promises';",
    "import { execFile } from 'node:child_process';",
    "const vm = require('vm');",
    'await fetch(address)',
    'new WebSocket(address)',
    'eval(text)',
    'new Function(text)',
    'await import(name)',
    "process.binding('tcp_wrap')",
  ];
  for (const line of doors) assert.ok(doorsIn(line).length > 0, line);
  const prose = [
    '// fetch( and eval( are words',
    "const label = 'node:net fetch(';",
    "import { prefetch } from './net.ts';",
  ];
  for (const line of prose) assert.equal(doorsIn(line), [], line);
});

test('what is allowed to one file is still done there', () => {
  for (const [file, allowed] of Object.entries(reviewed)) {
    for (const what of allowed) {
      const isDone =
        ways[what]?.test(code(file)) ??
        (text(file).includes(`'node:${what}'`) || text(file).includes(`import('${what}')`));
      assert.ok(isDone, `${file} no longer does this: ${what}. Take it out of the reviewed list.`);
    }
  }
});

test('parsers do not know each other', () => {
  const isParser = (file: string): boolean => /export const \w+(: Parser)? = parser\(/.test(text(file));
  complain(
    imports.flatMap(({ file, from }) => {
      if (!file.startsWith('src/facts/parsers/') || file.endsWith('/index.ts') || !from.startsWith('.')) return [];
      const target = new URL(from, `file:///${file}`).pathname.slice(1);
      if (!isParser(file) || !target.startsWith('src/facts/parsers/') || !isParser(target)) return [];
      return [`${file} imports the parser ${target}: move the shared shape to a file of its own.`];
    }),
  );
});

test('a file opens with one sentence that says what it is for', () => {
  complain(
    sources
      .filter((file) => !/^(#!.*\n)?\/\/ \S/.test(text(file)))
      .map((file) => `${file} does not open with a sentence: write what it is for in its first line.`),
  );
});

test('every test file runs its tests', () => {
  complain(
    filesUnder('test', /\.test\.ts$/)
      .filter((file) => !/\.run\(\)/.test(text(file)))
      .map((file) => `${file} never calls .run(): it would pass by doing nothing.`),
  );
});

test('every rule has its test beside it', () => {
  const rules = filesUnder('rules', /\.yaml$/).filter(
    (file) => file.split('/').length === 3 && !file.startsWith('rules/sources/'),
  );
  const names = new Set(rules);
  complain(
    rules
      .filter((file) => !file.endsWith('.test.yaml') && !names.has(file.replace(/\.yaml$/, '.test.yaml')))
      .map(
        (file) =>
          `${file} has no test: write ${file.replace(/\.yaml$/, '.test.yaml')} with a failing and a passing case.`,
      ),
  );
});

test('every setting is used by a rule', () => {
  const rules = filesUnder('rules', /\.yaml$/).filter((file) => file.split('/').length === 3);
  const texts = rules.map(text).join('\n');
  complain(
    [...text('rules/settings.yaml').matchAll(/^([a-z]\w*):/gm)]
      .map((match) => match[1] ?? '')
      .filter((name) => !texts.includes(`settings.${name}`))
      .map((name) => `The setting ${name} is used by no rule: take it out of rules/settings.yaml.`),
  );
});

test('templates never print a text of the bundle unescaped', () => {
  complain(
    filesUnder('templates', /\.hbs$/)
      .filter((file) => /\{\{\{(?!\s*(style|script|body)\b)|\{\{&/.test(text(file)))
      .map((file) => `${file} has an unescaped expression: use {{…}}.`),
  );
});

test('production packages: few, no native add-on, no install script', () => {
  const { dependencies } = JSON.parse(text('package.json')) as { dependencies: Record<string, string> };
  const lock = JSON.parse(text('package-lock.json')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; hasInstallScript?: boolean; resolved?: string }>;
  };
  assert.ok(Object.keys(dependencies).length <= 25, 'more than 25 production packages');
  const production = Object.entries(lock.packages).filter(([name, { dev }]) => name !== '' && !dev);
  complain(
    production
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([name]) => `${name} runs an install script: choose another package.`),
  );
  complain(
    production
      .map(([name]) => name)
      .filter((name) => !/node_modules\/(node-(bin-)?(linux|darwin|win))/.test(name))
      .flatMap((name) => nativeFiles(name).map((file) => `${file} is native: choose another package than ${name}.`)),
  );
  // msgpackr would take a native add-on with an install script; what lies in its place has no code
  const taken = Object.keys(lock.packages).filter((name) => /msgpackr-extract/.test(name));
  assert.equal(taken, ['node_modules/msgpackr-extract']);
  assert.is(lock.packages['node_modules/msgpackr-extract']?.resolved, 'build/no-native');
  assert.equal(filesUnder('build/no-native', /./), ['build/no-native/package.json']);
  const decisions = text('DECISIONS.md');
  complain(
    Object.keys(dependencies)
      .filter((name) => !decisions.includes(`\`${name}\``))
      .map((name) => `DECISIONS.md says nothing of ${name}: write why it is here and what else was weighed.`),
  );
});

function nativeFiles(name: string): string[] {
  try {
    return filesUnder(name, /\.(node|bare)$/);
  } catch {
    return []; // A package for another platform is not installed.
  }
}

/** The file without its comments and strings, so that words in prose do not count. */
const code = (file: string): string => withoutProse(text(file));
function withoutProse(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''");
}

test.run();
