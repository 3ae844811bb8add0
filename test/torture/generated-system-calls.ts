// Runs the program over hostile archives under strace: what it creates, opens and asks of the network, call by call.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../program.ts';
import type { Result } from './kit.ts';

/** Calls that put something into a file system, and the network. */
const watched =
  'network,openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mknod,mknodat,truncate,chmod,fchmodat,chown,fchownat,execve';
/** Calls that name a path and change what is there. */
const changes =
  /^(creat|mkdir|mkdirat|rename|renameat2?|link|linkat|symlink|symlinkat|mknod|mknodat|truncate|chmod|fchmodat|chown|fchownat)\(/;

/** One run over all of them: a batch, in which a bad archive costs the others nothing. */
export async function watchSystemCalls(paths: readonly string[], rules: string, home: string): Promise<Result> {
  const id = 'system calls';
  if (!hasStrace()) return { id, ok: true, told: 'strace is not here; the listings of folders stand alone' };
  const output = join(home, 'out');
  const log = join(home, 'calls');
  mkdirSync(home, { recursive: true });
  const command = [
    process.execPath,
    program,
    'analyze',
    ...paths,
    '-o',
    output,
    '--no-builtin-rules',
    '--rules',
    rules,
    '--quiet',
  ];
  const { status } = spawnSync(
    'strace',
    ['-f', '--seccomp-bpf', '-qq', '-e', `trace=${watched}`, '-o', log, ...command],
    {
      stdio: 'ignore',
      cwd: home,
      timeout: 240_000,
    },
  );
  const faults = status === 3 ? [] : [`exit ${status}, where 3 is the worst of these archives`];
  if (!existsSync(join(output, 'index.json'))) faults.push('no index of the batch was written');
  const calls = readFileSync(log, 'utf8').split('\n');
  if (!calls.some((line) => line.includes(output))) faults.push('strace saw nothing of what was written');
  for (const line of calls) {
    const call = line.replace(/^\d+ +/, '');
    // A batch and its children send over a pair of sockets that nobody else can have; any other is made by `socket`.
    if (/^(socket|connect|bind|listen|sendto|recvfrom|accept4?)\(/.test(call)) faults.push(`network: ${call}`);
    if (/^execve\(/.test(call) && !call.includes(process.execPath)) faults.push(`runs ${call}`);
    if (/"\/etc\/(passwd|shadow)"/.test(call)) faults.push(`reads ${call}`);
    const writes = /^open(at)?\(/.test(call) && /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(call);
    if (!writes && !changes.test(call)) continue;
    const names = [...call.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, name]) => name ?? '');
    const outside = names.filter((name) => !name.startsWith(output) && name !== '/dev/null');
    if (outside.length > 0) faults.push(`writes outside: ${call}`);
  }
  return { id, ok: faults.length === 0, told: faults.slice(0, 5).join('; ') };
}

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-f', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
