// Writes `dist/`: the program as few files of plain JavaScript, which start in a quarter of the time of its sources.

import { readFileSync, rmSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const home = fileURLToPath(new URL('..', import.meta.url));
/** The program, the inside of a thread, and what threads are told to run. */
const entries = ['src/cli.ts', 'src/workers/thread.ts', 'src/facts/parse-task.ts', 'src/findings/evaluate-task.ts'];

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
        .replace(/new URL\('\.\/([a-z-]+)\.ts', import\.meta\.url\)/g, "new URL('./$1.js', import.meta.url)")
        .replace(/import\.meta\.url(?=\))(?<!\.js', import\.meta\.url)/g, `new URL('../${own}', import.meta.url)`);
      return { contents, loader: 'ts', resolveDir: dirname(path) };
    });
  },
};

const esbuild = await import('esbuild').catch(() => undefined);
if (esbuild === undefined) {
  console.log('Without packages for development nothing is built: the program runs from its sources.');
  process.exit();
}
rmSync(`${home}dist`, { recursive: true, force: true });
await esbuild.build({
  absWorkingDir: home,
  entryPoints: entries,
  outdir: 'dist',
  entryNames: '[name]',
  chunkNames: 'part-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node26',
  // An optional package: whoever works without a queue need not have it.
  external: ['bullmq'],
  legalComments: 'linked',
  logLevel: 'warning',
  // Packages in CommonJS ask for modules of Node by `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
  plugins: [places],
});
