// Layouts kept as checked are the same as layouts read anew, and nothing is kept that does not fit any more.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCatalogue, readLayouts } from '../../src/bundle/catalogue.ts';
import { checkedLayoutsJson, checkedLayoutsName, keptLayouts } from '../../src/bundle/checked-layouts.ts';

const builtin = new URL('../../rules/sources', import.meta.url).pathname;
const layouts = readLayouts([builtin]);
const json = checkedLayoutsJson(layouts, [builtin]);

let folder = '';
let file = '';
test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-test-'));
  file = join(folder, checkedLayoutsName);
});
test.after.each(() => rmSync(folder, { recursive: true }));

test('what is kept is what the files say: forms, expressions and logs', () => {
  writeFileSync(file, json);
  const kept = keptLayouts(file, [builtin]);
  assert.ok(kept);
  assert.is(checkedLayoutsJson(kept, [builtin]), json);
});

test('a path, and a content, mean the same by both', () => {
  writeFileSync(file, json);
  const anew = loadCatalogue([builtin]);
  const kept = loadCatalogue([builtin], file);
  const paths = [
    'must-gather/namespaces/shop/pods/web-0/web-0.yaml',
    'sosreport-w1/proc/sys/vm/swappiness',
    'sosreport-w1/sos_commands/networking/iptables_-vnxL',
    'no/layout/knows/this',
  ];
  for (const path of paths) assert.equal(kept.classify(path), anew.classify(path), path);
  assert.ok(paths.some((path) => kept.classify(path)));
  const head = new TextEncoder().encode('*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n');
  assert.ok(kept.sniff('rules.txt', head));
  assert.equal(kept.sniff('rules.txt', head), anew.sniff('rules.txt', head));
});

test('a changed file of layouts makes all of it void', () => {
  const copy = join(folder, 'sources');
  cpSync(builtin, copy, { recursive: true });
  writeFileSync(file, checkedLayoutsJson(readLayouts([copy]), [copy]));
  assert.ok(keptLayouts(file, [copy]));
  writeFileSync(join(copy, 'extra.yaml'), 'layout: extra\n');
  assert.is(keptLayouts(file, [copy]), undefined);
});

test('a file that is cut off, empty or of something else is as good as none', () => {
  for (const text of [json.slice(0, json.length / 2), '', 'null', '{"digest": 1}']) {
    writeFileSync(file, text);
    assert.is(keptLayouts(file, [builtin]), undefined, text.slice(0, 20));
  }
  rmSync(file);
  assert.is(keptLayouts(file, [builtin]), undefined);
});

test.run();
