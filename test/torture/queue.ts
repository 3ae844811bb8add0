// A batch over a real queue, with two workers of which one is killed mid-way: all done, none twice, the bytes of the
// batch on one machine, and nothing left over.
//
//   node test/torture/queue.ts [ARCHIVES]

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal } from '../../src/batch/journal.ts';
import { begin, reportsIn, until } from '../queue/processes.ts';
import { startServer } from '../queue/server.ts';
import { smallArchives } from './batch-archives.ts';
import { newScratch, type Result, tellScore } from './kit.ts';

const doneIn = (told: string): string[] => [...told.matchAll(/^.*\/queued\/(b\d+)$/gm)].map(([, name = '']) => name);

function differing(folder: string): string[] {
  const [found, wanted] = [reportsIn(join(folder, 'queued')), reportsIn(join(folder, 'local'))];
  const names = [...new Set([...Object.keys(found), ...Object.keys(wanted)])].filter(
    (name) => found[name] !== wanted[name],
  );
  const [rows, others] = ['queued', 'local'].map((name) =>
    readJournal(join(folder, name)).map((row) => JSON.stringify(row)),
  );
  return [...names, ...(rows ?? []).filter((row) => !others?.includes(row))];
}

export async function queueKills({ archives }: { readonly archives: number }): Promise<Result[]> {
  const folder = newScratch();
  smallArchives(folder, archives);
  const server = await startServer();
  try {
    const words = ['--no-builtin-rules', '--rules', join(folder, 'rules'), '--format', 'md,json'];
    const analyze = (out: string, ...more: readonly string[]) =>
      begin(['analyze', join(folder, 'in'), '-o', join(folder, out), ...words, ...more]);
    const local = await analyze('local').ended;
    const worker = () => begin(['worker', '--queue', server.url, '-o', folder, '--jobs', '1']);
    const [victim, other] = [worker(), worker()];
    const batch = analyze('queued', '--queue', server.url);
    await until('a quarter of it is done', () => doneIn(victim.out() + other.out()).length >= archives / 4);
    victim.child.kill('SIGKILL');
    const killed = await victim.ended;
    const { code, out, err } = await batch.ended;
    other.child.kill('SIGTERM');
    const rest = await other.ended;

    const before = doneIn(killed.out);
    const all = [...before, ...doneIn(rest.out)];
    // told, and then killed before the queue heard of it
    const twice = all.filter((name, index) => all.indexOf(name) !== index && name !== before.at(-1));
    const faults = differing(folder);
    const told = `exit ${code}: ${err} ${out.slice(-300)}`;
    return [
      { id: `${archives} archives on one machine`, ok: local.code === 0, told: local.err },
      { id: 'over the queue all are done', ok: code === 0 && new Set(all).size === archives - 1, told },
      { id: `both had a share, ${before.length} by the one that was killed`, ok: before.length > 0, told: killed.err },
      { id: 'none is done twice', ok: twice.length === 0, told: twice.join(' ') },
      { id: 'the same bytes, and nothing left over', ok: faults.length === 0, told: faults.slice(0, 5).join(', ') },
      { id: 'the other worker ends in good order', ok: rest.code === 143, told: `${rest.code}: ${rest.err}` },
    ];
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [, , archives = '200'] = process.argv;
  const began = performance.now();
  const results = await queueKills({ archives: Number(archives) });
  console.log(results.map(({ id }) => id).join('; '), `(${((performance.now() - began) / 1000).toFixed(0)} s)`);
  process.exitCode = tellScore('Queue', results) ? 0 : 1;
}
