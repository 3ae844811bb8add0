// Lets every file-system call of a small run fail, one at a time: no half report, no hang, and the path and error are told.
//
//   node test/torture/faults.ts [FOLDER] [CODE,CODE…]

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Terminal } from '../../src/commands/terminal.ts';
import type { Report } from '../../src/report/report.ts';
import { swapRule } from '../commands/swap-rule.ts';
import { growing, withFailure } from './failing-files.ts';
import { newScratch, type Result, tellScore } from './kit.ts';

// After the patch, so that whoever keeps a function of `fs` for itself keeps the patched one.
const { run } = await import('../../src/commands/run.ts');

export const errors = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'EROFS'] as const;
const hangMillis = 30_000;

const files = {
  'in/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition 1024 0 -2\n',
  'in/proc/uptime': '350735.47 234388.90\n',
  'in/etc/hostname': 'worker-1\n',
  'in/sos_logs/empty': '',
  'rules/own/swap-area.yaml': swapRule(),
};

interface Ran {
  readonly code: number | 'hang';
  readonly said: string;
}

async function drydock(words: readonly string[]): Promise<Ran> {
  const said: string[] = [];
  const terminal: Terminal = {
    say: () => undefined,
    warn: (text) => void said.push(text),
    progress: () => undefined,
    isTerminal: false,
    color: false,
    columns: 80,
    clock: () => 0,
    signal: new AbortController().signal,
  };
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<'hang'>((resolve) => {
    timer = setTimeout(() => resolve('hang'), hangMillis);
  });
  const code = await Promise.race([run(words, terminal), hang]);
  clearTimeout(timer);
  return { code, said: said.join('\n') };
}

const filesUnder = (folder: string): Map<string, Buffer> => {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    return new Map(
      names
        .filter((name) => statSync(join(folder, name)).isFile())
        .map((name) => [name, readFileSync(join(folder, name))]),
    );
  } catch {
    return new Map();
  }
};

/** What is wrong with this end of a run in which one call failed; nothing when all is as it should be. */
function faultsOf({ code, said }: Ran, error: string, found: Map<string, Buffer>, good: Map<string, Buffer>): string[] {
  const faults = [...found.keys()].filter((name) => name.endsWith('.tmp')).map((name) => `${name} is left over`);
  const same = (name: string) => good.get(name)?.equals(found.get(name) ?? Buffer.of()) ?? false;
  if (code === 'hang') faults.push('it hangs');
  if (/\n\s+at /.test(said)) faults.push(`a stack trace: ${said}`);
  if (code === 0 || code === 2) {
    for (const name of found.keys()) if (!same(name)) faults.push(`${name} is not whole`);
  }
  if (code === 0 && found.size !== good.size) faults.push('exit 0 and files are missing');
  if (code === 1) faults.push('exit 1');
  if (code === 2 && !(said.includes(error) && said.includes('/'))) faults.push(`no path and error in: ${said}`);
  if (code === 3) {
    const text = found.get('in/report.json')?.toString() ?? '{}';
    const { coverage } = JSON.parse(text) as Partial<Report>;
    const gaps = coverage?.gaps.map(({ detail }) => detail) ?? [];
    if (gaps.length === 0) faults.push('exit 3 without a gap');
    if (!`${gaps.join('\n')}\n${said}`.includes(error)) faults.push(`no gap names it: ${gaps.join('; ')}`);
    if (found.size !== good.size) faults.push('exit 3 and files are missing');
  }
  return faults;
}

export async function faults(_folder: string, codes: readonly string[] = errors): Promise<Result[]> {
  const scratch = newScratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), text);
  }
  execFileSync('tar', ['-czf', join(scratch, 'in.tar.gz'), '-C', scratch, 'in']);
  const results: Result[] = [];
  const out = join(scratch, 'out');
  for (const input of ['in', 'in.tar.gz']) {
    const words = ['analyze', join(scratch, input), '-o', out, '--jobs', '1', '--save-facts', '--quiet'];
    const rules = ['--no-builtin-rules', '--rules', join(scratch, 'rules')];
    const undisturbed = await drydock([...words, ...rules]);
    const good = filesUnder(out);
    results.push({
      id: `${input} undisturbed`,
      ok: undisturbed.code === 0 && good.size === 5,
      told: `exit ${undisturbed.code}, ${good.size} files\n${undisturbed.said}`,
    });
    for (const error of codes) {
      for (let n = 1, more = true; more; n++) {
        for (const forGood of [false, true]) {
          rmSync(out, { recursive: true, force: true });
          const { result, calls } = await withFailure({ n, code: error, forGood }, () => drydock([...words, ...rules]));
          more = calls.failed !== undefined;
          if (calls.failed === undefined) break;
          const told = faultsOf(result, error, filesUnder(out), good);
          const place = calls.failed.replaceAll(scratch, '…');
          const id = `${input}: call ${n} fails with ${error}${forGood ? ' for good' : ''}: ${place}`;
          results.push({ id, ok: told.length === 0, told: `exit ${result.code}: ${told.join('; ')}` });
          // a disk that is full for good makes a difference where something was to be written
          if (!growing.test(calls.failed)) break;
        }
      }
    }
  }
  return results;
}

if (import.meta.main) {
  const [, , folder = '', codes] = process.argv;
  process.exitCode = tellScore('Faults', await faults(folder, codes?.split(','))) ? 0 : 1;
}
