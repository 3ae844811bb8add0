// The digest that tells a batch whether its reports would come out the same: every file that decides counts.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { digestOfFiles } from '../../src/commands/deciding-files.ts';
import type { RedactPlan } from '../../src/commands/redact-words.ts';
import { readMap } from '../../src/report/redact/redaction-map.ts';
import { newFolder, write } from './drydock.ts';

const files = {
  'src/cli.ts': 'a',
  'src/report/page.ts': 'b',
  'templates/report.html.hbs': 'c',
  'templates/partials/head.hbs': 'd',
  'rules/sources/sosreport.yaml': 'e',
};
const digest = (changes: Readonly<Record<string, string>> = {}, redact?: RedactPlan, rules = 'sha256:1') =>
  digestOfFiles({ digest: rules }, redact, write(newFolder(), { ...files, ...changes }));

test('the same files give the same digest, wherever the program lies', () => {
  assert.is(digest(), digest());
});

for (const name of Object.keys(files)) {
  test(`${name}: with other content all is done again`, () => {
    assert.is.not(digest({ [name]: 'other' }), digest());
  });
}

test('a file that came counts, and so do the rules in use', () => {
  assert.is.not(digest({ 'rules/sources/new.yaml': '' }), digest());
  assert.is.not(digest({}, undefined, 'sha256:2'), digest());
});

test('the content of the key and of the keywords counts, and each is told from the other', () => {
  const secret = 'a secret of sixteen letters';
  const [one, other] = [readMap(secret), readMap(`${secret}!`)];
  const learned = { ...one, entries: [{ kind: 'host', original: 'pier-9', pseudonym: 'host-bcdf' } as const] };
  const all = [
    digest(),
    digest({}, { keywords: ['acme'] }),
    digest({}, { keywords: ['acme', 'pier'] }),
    digest({}, { keywords: ['acme'], map: one }),
    digest({}, { keywords: ['acme'], map: other }),
    digest({}, { keywords: ['acme'], map: learned }),
  ];
  assert.is(new Set(all).size, all.length);
});

test.run();
