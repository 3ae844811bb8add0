// What a bundle, a rule file or a command line says is shown on the terminal, and never obeyed by it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inFolder } from '../bundle/archives.ts';
import { writeRefusedPack } from '../torture/hostile-bundle.ts';
import { drydock } from '../torture/kit.ts';
import { steeringIn } from '../torture/rendered.ts';

const words = '\u001b]0;pwn\u0007\u009b31m\u202eevil';

test('words of the command line come back visible', async () => {
  for (const line of [
    [words],
    ['analyze', `no ${words}`],
    ['facts', `no ${words}`],
    ['analyze', '.', '--format', words],
  ]) {
    const { code, out, err } = await drydock(line);
    assert.equal([...steeringIn('stdout', out), ...steeringIn('stderr', err)], []);
    assert.ok(err.includes('\\x1b]0;pwn\\x07'), err);
    assert.is(code, 2);
  }
});

test('the message on a rule file quotes it in one line', async () => {
  await inFolder(async (folder) => {
    writeRefusedPack(folder, [`${words}\nFAKE: all is well`]);
    const { out, err } = await drydock(['rules', 'lint', '--no-builtin-rules', '--rules', folder]);
    assert.equal([...steeringIn('stdout', out), ...steeringIn('stderr', err)], []);
    assert.not.match(out + err, /^FAKE/m);
    assert.ok((out + err).includes('FAKE'));
  });
});

test('a fact is shown visible in every form, and not as a command in the log of a build server', async () => {
  await inFolder(async (folder) => {
    mkdirSync(join(folder, 'namespaces', 'all', 'core'), { recursive: true });
    const name = JSON.stringify(words).replace('\u202e', '\\u202e').replace('\u009b', '\\u009b');
    writeFileSync(
      join(folder, 'namespaces', 'all', 'core', 'pods.yaml'),
      `apiVersion: v1\nkind: Pod\nmetadata:\n  namespace: '::error::x'\n  name: ${name}\n`,
    );
    for (const form of ['table', 'json', 'yaml']) {
      const { out, err } = await drydock(['facts', folder, 'Pod', '-o', form], { env: { CI: 'true' } });
      assert.equal([...steeringIn('stdout', out), ...steeringIn('stderr', err)], []);
      assert.ok(out.includes('pwn'), out);
      assert.not.match(out, /^\s*::/m);
    }
  });
});

test.run();
