// The two last guards of a process: it says so when it drains before its end, and a signal takes away what is half written.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder, write } from './drydock.ts';

const cli = new URL('../../src/cli.ts', import.meta.url).pathname;
const swaps = 'Filename\tType\tSize\tUsed\tPriority\n/dev/sda2 partition 1024 0 -2\n';
const rule = `id: swap-area
title: A swap area is in use
status: experimental
severity: info
tags: [swap]
given: { area: SwapArea }
failsWhen: area.sizeBytes > 0
subject: '{{ area.device }}'
message: It is.
meaning: It is.
impact: None.
diagnosis: None.
remediation: None.
`;

/** Runs over a folder of one file, with these lines before the program; when it says `ready` it gets the signal. */
function runAfter(patch: string, signal: NodeJS.Signals = 'SIGINT') {
  const folder = write(newFolder(), { 'bundle/proc/swaps': swaps, 'rules/torture/swap-area.yaml': rule });
  const output = join(folder, 'out');
  const module = `
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
${patch}
syncBuiltinESMExports();`;
  const words = [
    'analyze',
    join(folder, 'bundle'),
    '-o',
    output,
    '--no-builtin-rules',
    '--rules',
    join(folder, 'rules'),
  ];
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(module)}`, cli, ...words],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
    if (text.includes('ready')) child.kill(signal);
  });
  return new Promise<{ code: number | null; killedBy: string | null; err: string; isWritten: boolean }>((resolve) => {
    child.on('close', (code, killedBy) => resolve({ code, killedBy, err, isWritten: existsSync(output) }));
  });
}

test('a run that has nothing left to wait for before its end is no success', async () => {
  const { code, err, isWritten } = await runAfter('promises.stat = () => new Promise(() => undefined);');
  assert.is(code, 2, err);
  assert.match(err, 'ended before the work was done; no report was written');
  assert.not.ok(isWritten);
});

test('a signal in the midst of writing takes away what is half written', async () => {
  const { killedBy, err, isWritten } = await runAfter(`
const { open } = promises;
promises.open = async (path, ...words) => {
  const handle = await open(path, ...words);
  if (String(path).includes('report.json')) {
    handle.writeFile = () => { process._rawDebug('ready'); setInterval(() => undefined, 1000); return new Promise(() => undefined); };
  }
  return handle;
};`);
  assert.is(killedBy, 'SIGINT', err);
  assert.not.ok(isWritten);
});

test.run();
