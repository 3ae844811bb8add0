// Writes `dist/`: the program as few files of plain JavaScript, with its templates as code, and with what V8 made of it.

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';
import { compiledIn } from '../bin/program.js';
import { templatesAsCode } from '../src/report/templates.ts';

const home = fileURLToPath(new URL('..', import.meta.url));
/** Who may start what another built: the first user of most systems, and that of our container. */
const otherUsers = [1000, 10001];
/** The inside of a thread, and what threads are told to run. */
const threads = ['src/workers/thread.ts', 'src/facts/parse-task.ts', 'src/report/report-task.ts'];
/** Holds what a thread and its task measure together: there may be but one of it. */
const shared = 'src/workers/profile.ts';

/**
 * All files of `dist` lie side by side. A module that asks where it lies means its source; one that names another module
 * for a thread means the file that was made of it.
 */
const places: Plugin = {
  name: 'places',
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const own = relative(home, path).replaceAll('\\', '/');
      const contents = source
        .replace(/new URL\('\.[\w./-]*\/([a-z-]+)\.ts', import\.meta\.url\)/g, "new URL('./$1.js', import.meta.url)")
        .replace(/import\.meta\.url(?=\))(?<!\.js', import\.meta\.url)/g, `new URL('../${own}', import.meta.url)`);
      return { contents, loader: 'ts', resolveDir: dirname(path) };
    });
  },
};

const templates: Plugin = {
  name: 'templates',
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]built-templates\.ts$/ }, () => ({ contents: templatesAsCode(), loader: 'js' }));
  },
};

const oneProfile: Plugin = {
  name: 'one profile',
  setup(bundler) {
    bundler.onResolve({ filter: /\/profile\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './profile.js', external: true },
    );
  },
};

const esbuild = await import('esbuild').catch(() => undefined);
if (esbuild === undefined) {
  console.log('Without packages for development nothing is built: the program runs from its sources.');
  process.exit();
}
rmSync(`${home}dist`, { recursive: true, force: true });
const options: BuildOptions = {
  absWorkingDir: home,
  outdir: 'dist',
  entryNames: '[name]',
  chunkNames: 'part-[hash]',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node26',
  minifySyntax: true,
  minifyWhitespace: true,
  // An optional package: whoever works without a queue need not have it.
  external: ['bullmq'],
  // Templates are code already: the half that makes code of them is not needed.
  alias: { handlebars: 'handlebars/runtime.js' },
  legalComments: 'linked',
  logLevel: 'warning',
  // Packages in CommonJS ask for modules of Node by `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
  plugins: [templates, places],
};
await esbuild.build({ ...options, entryPoints: ['src/cli.ts'], splitting: true });
// Files that the program does not use too: V8 keeps of each file what one of its users needed.
await esbuild.build({ ...options, entryPoints: [...threads, shared], plugins: [oneProfile, templates, places] });
keepCompiled();

/** A run of the program leaves behind what V8 compiled for it: it is right for this text and this version of Node alone. */
function keepCompiled(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'drydock-build-'));
  const samples = ['healthy', 'cgroup-drift'].map((name) => join(home, 'samples', name));
  const words = ['analyze', ...samples, '--case', 'build', '-o', scratch, '--quiet'];
  const compiled = compiledIn(home);
  const folder = compiled.NODE_COMPILE_CACHE;
  const env = { ...process.env, ...compiled, NODE_COMPILE_CACHE_READONLY: '0' };
  spawnSync(process.execPath, [join(home, 'dist', 'cli.js'), ...words], { env });
  rmSync(scratch, { recursive: true });
  if (!existsSync(folder) || process.getuid === undefined) return;
  for (const version of readdirSync(folder)) {
    // Node keeps the files to their owner, and asks for a folder with the number of the user at its end.
    for (const name of readdirSync(join(folder, version))) chmodSync(join(folder, version, name), 0o644);
    for (const user of new Set([process.getuid(), ...otherUsers]))
      symlinkSync(version, join(folder, `${version}-${user}`));
  }
}
