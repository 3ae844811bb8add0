// Lets the threads of programs that run in this process, from their sources, run what was built of the same sources:
// they start in a quarter of the time. Import it first.

import { existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import threads, { Worker, type WorkerOptions } from 'node:worker_threads';
import { program } from '../program.ts';

/** The file of a source in `dist`, if it has one of its own there. */
function builtOf(url: string): string | undefined {
  const built = url.replace(/\/src\/\w+\/([a-z-]+)\.ts$/, '/dist/$1.js');
  return built !== url && existsSync(new URL(built)) ? built : undefined;
}

if (program.endsWith('/dist/cli.js')) {
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options: WorkerOptions = {}) {
      const { module, ...rest } = (options.workerData ?? {}) as { readonly module?: string };
      const builtModule = module === undefined ? undefined : builtOf(module);
      const builtThread = builtModule === undefined ? undefined : builtOf(String(file));
      if (builtThread === undefined) super(file, options);
      else super(new URL(builtThread), { ...options, workerData: { ...rest, module: builtModule } });
    }
  };
  syncBuiltinESMExports();
}
