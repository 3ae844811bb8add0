// The same bundle gives the same bytes, whatever the machine's time zone, language, and number of worker threads.

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formats } from '../../src/report/formats.ts';
import { program } from '../program.ts';
import { filesIn, newFolder } from './drydock.ts';

const samples = new URL('../../samples/', import.meta.url).pathname;

function reports(sample: string, jobs: number, env: NodeJS.ProcessEnv): Record<string, string> {
  const folder = newFolder();
  const words = ['analyze', join(samples, sample), '-o', folder, '--format', formats.join(','), '--jobs', String(jobs)];
  const { status } = spawnSync(process.execPath, [program, ...words], {
    env: { ...process.env, FORCE_COLOR: undefined, ...env },
  });
  assert.ok(status === 0 || status === 3, `exit ${status}`);
  const files = filesIn(folder);
  rmSync(folder, { recursive: true });
  return files;
}

for (const sample of ['degraded-upgrade', 'cgroup-drift']) {
  test(`${sample}: every format is the same in Tokyo in Turkish with one thread and in New York in English with four`, () => {
    const tokyo = reports(sample, 1, { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
    const newYork = reports(sample, 4, { TZ: 'America/New_York', LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8' });
    assert.ok(Object.keys(tokyo).length >= formats.length);
    for (const [file, text] of Object.entries(tokyo)) assert.ok(newYork[file] === text, file);
    assert.equal(Object.keys(newYork), Object.keys(tokyo));
  });
}

test.run();
