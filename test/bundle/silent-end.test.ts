import { Writable } from 'node:stream';
import tarStream from 'tar-stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { file, read, refusal, tar } from './archives.ts';

test('a tar reader that takes everything and tells of no member is never success', async () => {
  const { extract } = tarStream;
  const silent = () => new Writable({ write: (_bytes, _encoding, done) => done() });
  Object.assign(tarStream, { extract: silent });
  try {
    const error = await refusal(read(tar(file('a.yaml'), file('b.yaml'))));
    assert.match(String(error), 'tar-stream ended 2 members before the archive did');
  } finally {
    Object.assign(tarStream, { extract });
  }
});

test.run();
