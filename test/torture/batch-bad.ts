// A bomb, a hanging rule, a truncated, a hostile and a bad archive, and processes that break down, among good archives:
// the good ones' reports are unchanged, and each bad one is named.
//
//   node test/torture/batch-bad.ts

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { smallArchives, swapsOf, tarOf } from './batch-archives.ts';
import { drydock, newScratch, type Result, tellScore } from './kit.ts';

/** Costs nothing for the few swap areas of a good archive. */
const slowRule = `id: slow-rule
title: A rule that compares everything with everything
status: stable
severity: warning
tags: [swap]
given:
  area: SwapArea
  others: { fact: SwapArea, many: true }
failsWhen: others.exists(a, others.exists(b, others.exists(c, a.sizeBytes + b.sizeBytes + c.sizeBytes == -1)))
subject: swap area {{ area.device }}
message: Never said.
meaning: Nothing.
impact: None.
diagnosis: None.
remediation: None.
`;
const good = 6;
const swaps = 'sos/proc/swaps';

/** By file name. Of those that break their process down the file holds nothing but a bundle. */
const bad: Readonly<Record<string, Buffer>> = {
  'bomb.tar.gz': gzipSync(tarOf({ [swaps]: swapsOf(1), 'sos/var/log/messages': '\0'.repeat(200_000_000) })),
  'hanging-rule.tar.gz': gzipSync(tarOf({ [swaps]: swapsOf(3000) })),
  'truncated.tar.gz': gzipSync(tarOf({ [swaps]: swapsOf(9), 'sos/etc/hostname': 'w'.repeat(5000) })).subarray(0, 200),
  'hostile.tar.gz': gzipSync(tarOf({ [swaps]: swapsOf(1), '../../escaped': 'x', '/etc/escaped': 'x' })),
  'nothing.tar.gz': Buffer.from('no archive at all'),
  'aborts.tar.gz': gzipSync(tarOf({ [swaps]: swapsOf(1), 'sos/a': 'aborts' })),
  'hangs.tar.gz': gzipSync(tarOf({ [swaps]: swapsOf(1), 'sos/a': 'hangs' })),
  'eats.tar.gz': gzipSync(tarOf({ [swaps]: swapsOf(1), 'sos/a': 'eats' })),
};
/** Those without a report, and why. */
const without: Readonly<Record<string, RegExp>> = {
  nothing: /no archive/,
  aborts: /ended itself|out of memory/,
  hangs: /no sign of life.*child-silence/,
  eats: /more memory than one bundle may.*child-memory/,
};
const breakDown = `
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const { stat } = promises;
const kept = [];
if (process.argv.includes('--batch-child')) promises.stat = (path, ...words) => {
  const name = String(path);
  if (name.endsWith('aborts.tar.gz')) process.abort();
  while (name.endsWith('hangs.tar.gz'));
  if (name.endsWith('eats.tar.gz')) setInterval(() => kept.push(Buffer.alloc(64 * 1024 * 1024, 1)), 20);
  return name.endsWith('eats.tar.gz') ? new Promise(() => undefined) : stat(path, ...words);
};
syncBuiltinESMExports();`;

interface Index {
  readonly bundles: readonly { readonly name: string; readonly folder: string; readonly gaps: number }[];
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
}

export async function badBatch(): Promise<Result[]> {
  const folder = newScratch();
  smallArchives(folder, good);
  writeFileSync(join(folder, 'rules', 'own', 'slow-rule.yaml'), slowRule);
  const analyze = (out: string) =>
    drydock(
      [
        ...['analyze', join(folder, 'in'), '-o', join(folder, out), '--no-builtin-rules', '--quiet'],
        ...['--rules', join(folder, 'rules'), '--limit', 'rule-time=1s', '--limit', 'child-silence=10s'],
        ...['--limit', 'child-memory=1GiB', '--limit', 'file=16MiB'],
      ],
      {
        timeoutMillis: 600_000,
        env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(breakDown)}` },
      },
    );
  const alone = await analyze('alone');
  for (const [name, bytes] of Object.entries(bad)) writeFileSync(join(folder, 'in', name), bytes);
  const among = await analyze('among');
  const index = JSON.parse(readFileSync(join(folder, 'among', 'index.json'), 'utf8')) as Index;
  const results: Result[] = [
    { id: 'the good ones alone', ok: alone.code === 0, told: `exit ${alone.code}: ${alone.err}` },
    { id: 'among bad ones', ok: among.code === 3, told: `exit ${among.code ?? among.signal}: ${among.err}` },
    { id: 'nothing escaped', ok: !existsSync(join(folder, 'escaped')) && !existsSync('/etc/escaped'), told: 'a file' },
  ];
  for (const name of readdirSync(join(folder, 'alone')).filter((each) => /^b\d/.test(each))) {
    const changed = readdirSync(join(folder, 'alone', name)).filter((file) => {
      const [one, other] = ['alone', 'among'].map((out) => readFileSync(join(folder, out, name, file), 'utf8'));
      return one !== other;
    });
    results.push({ id: `${name} is unchanged`, ok: changed.length === 0, told: changed.join(', ') });
  }
  for (const file of Object.keys(bad)) {
    const name = file.replace('.tar.gz', '');
    const failure = index.failures.find((each) => each.name === name);
    const listed = index.bundles.find((each) => each.folder === name);
    const ok = without[name] ? without[name].test(failure?.reason ?? '') : (listed?.gaps ?? 0) > 0;
    results.push({ id: `${name} is named`, ok, told: JSON.stringify(failure ?? listed ?? 'not in the index') });
  }
  const left = readdirSync(join(folder, 'among')).filter((name) => name.endsWith('.tmp'));
  results.push({ id: 'no temporary files', ok: left.length === 0, told: left.join(', ') });
  return results;
}

if (import.meta.main) process.exitCode = tellScore('A batch with bad ones', await badBatch()) ? 0 : 1;
