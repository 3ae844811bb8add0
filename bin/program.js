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
  return isNewer(join(home, 'src'), builtMillis) || isNewer(join(home, 'package-lock.json'), builtMillis)
    ? source
    : built;
}

function isNewer(path, millis) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (stats.mtimeMs > millis) return true;
  return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), millis));
}
