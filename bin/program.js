// Which file is the program: the one made of the sources (`dist/`), as long as no source is newer than it.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** `home` is the folder of the package. A source that was changed, added or taken away makes `dist` old. */
export function programFile(home) {
  const source = join(home, 'src', 'cli.ts');
  const built = join(home, 'dist', 'cli.js');
  if (!existsSync(built)) return source;
  if (!existsSync(source)) return built;
  const builtMillis = statSync(built).mtimeMs;
  const sources = ['src', 'templates', 'package-lock.json'];
  return sources.some((name) => isNewer(join(home, name), builtMillis)) ? source : built;
}

/** What V8 compiled of `dist` when it was built lies there. Node takes a part of it for the very text it was made of alone. */
export const compiledIn = (home) => ({
  NODE_COMPILE_CACHE: join(home, 'dist', 'compiled'),
  NODE_COMPILE_CACHE_PORTABLE: '1',
  NODE_COMPILE_CACHE_READONLY: '1',
});

function isNewer(path, millis) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (stats.mtimeMs > millis) return true;
  return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), millis));
}
