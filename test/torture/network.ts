// No network: not one internet socket while it works, and the same bytes where there is no network at all.
//
//   node test/torture/network.ts [CORPUS]

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { program } from '../program.ts';
import { filesUnder, newScratch, type Result, tellScore } from './kit.ts';

const home = new URL('../..', import.meta.url).pathname;
const bundle = 'hotsos-kubernetes.tar.xz';

/** Without the machine's tools for it a part cannot be run; that is told, and is no success. */
const has = (...command: readonly string[]): boolean =>
  spawnSync(command[0] ?? '', command.slice(1), { stdio: 'ignore' }).status === 0;

function inputsIn(folder: string): string[] {
  const samples = readdirSync(join(home, 'samples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(home, 'samples', name));
  const real = join(folder, bundle);
  return existsSync(real) ? [...samples, real] : samples;
}

const programs = { 'the program': program, 'the launcher': join(home, 'bin/drydock.js') } as const;
interface Ran {
  readonly out: string;
  readonly status: number | null;
}
/** Every other call runs on unwatched. */
const strace = ['strace', '-f', '--seccomp-bpf', '-qq', '-e', 'trace=network'];

export function network(folder: string): Promise<Result[]> {
  const scratch = newScratch();
  const inputs = inputsIn(folder);
  const results: Result[] = [];
  if (inputs.length > 0 && !existsSync(join(folder, bundle))) console.log(`No ${bundle} here: samples only.`);
  const words = (out: string) => ['analyze', ...inputs, '--save-facts', '--quiet', '-o', out];
  // proxies and certificates of the surroundings are no reason to ask anybody
  const env = {
    ...process.env,
    HTTP_PROXY: 'http://127.0.0.1:1',
    HTTPS_PROXY: 'http://127.0.0.1:1',
    NODE_EXTRA_CA_CERTS: '/none',
  };
  const run = (command: readonly string[]) =>
    spawnSync(command[0] ?? '', command.slice(1), { encoding: 'utf8', env, cwd: scratch, maxBuffer: 1 << 28 });

  const runPlain = (out: string): Ran => ({ out, status: run([process.execPath, program, ...words(out)]).status });
  let withNetwork: Ran | undefined;
  if (has('strace', '-V')) {
    for (const [name, file] of Object.entries(programs)) {
      const log = join(scratch, 'strace');
      const out = join(scratch, name);
      const traced = run([...strace, '-o', log, process.execPath, file, ...words(out)]);
      withNetwork ??= { out, status: traced.status };
      const calls = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => /AF_INET|AF_NETLINK|AF_PACKET/.test(line));
      const ok = calls.length === 0 && (traced.status === 0 || traced.status === 3);
      results.push({
        id: `${name} under strace`,
        ok,
        told: `exit ${traced.status}, ${calls.length} calls: ${calls.slice(0, 3).join(' ')} ${traced.stderr}`,
      });
    }
    // strace sees what it is to see
    const log = join(scratch, 'strace');
    const connects = "require('node:net').connect(9, '127.0.0.1').on('error', () => undefined)";
    run([...strace, '-o', log, process.execPath, '-e', connects]);
    const seen = readFileSync(log, 'utf8').includes('AF_INET');
    results.push({ id: 'strace sees a connection that is made', ok: seen, told: 'it saw none' });
  } else console.log('No strace here: that part was not run.');

  if (has('unshare', '-rn', 'true')) {
    const { out, status } = withNetwork ?? runPlain(join(scratch, 'with'));
    const expected = filesUnder(out);
    for (const [name, file] of Object.entries(programs)) {
      const bare = join(scratch, `without-${name}`);
      mkdirSync(bare);
      const without = run(['unshare', '-rn', process.execPath, file, ...words(bare)]);
      const found = filesUnder(bare);
      const differing = [...expected.keys()].filter(
        (file) => !found.get(file)?.equals(expected.get(file) ?? Buffer.of()),
      );
      results.push({
        id: `${name} without a network`,
        ok: without.status === status && differing.length === 0 && found.size === expected.size,
        told: `exit ${without.status} and ${status}, ${found.size} files, differing: ${differing.join(' ')} ${without.stderr}`,
      });
      rmSync(bare, { recursive: true });
    }
    const interfaces = execFileSync('unshare', ['-rn', 'cat', '/proc/net/dev'], { encoding: 'utf8' });
    const bare = !/^\s*(?:eth|en|wl)/m.test(interfaces);
    results.push({ id: 'there is no network there', ok: bare, told: interfaces });
  } else console.log('No network namespace to be had here (unshare -rn): that part was not run.');
  return Promise.resolve(results);
}

if (import.meta.main) {
  process.exitCode = tellScore('No network', await network(resolve(process.argv[2] ?? '../shared/corpus'))) ? 0 : 1;
}
