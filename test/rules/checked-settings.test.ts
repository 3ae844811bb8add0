// Settings kept as checked are the same as settings read anew, and nothing is kept that does not fit any more.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkedSettingsJson, checkedSettingsName, keptSettings } from '../../src/rules/checked-settings.ts';
import { loadSettings } from '../../src/rules/settings.ts';

const file = new URL('../../rules/settings.yaml', import.meta.url).pathname;
const text = readFileSync(file, 'utf8');
const { settings } = loadSettings(file);

let folder = '';
test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-test-'));
});
test.after.each(() => rmSync(folder, { recursive: true }));

function keep(json: string): string {
  const path = join(folder, checkedSettingsName);
  writeFileSync(path, json);
  return path;
}

test('settings that are kept are those that the file gives', () => {
  const checked = keep(checkedSettingsJson(settings, text));
  assert.equal(keptSettings(checked, text), settings);
  assert.equal(loadSettings(file, undefined, checked), loadSettings(file));
});

test('of another text, cut off or absent, nothing is kept', () => {
  const json = checkedSettingsJson(settings, text);
  assert.is(keptSettings(keep(json), `${text}\n`), undefined);
  assert.is(keptSettings(keep(json.slice(0, -20)), text), undefined);
  assert.is(keptSettings(join(folder, 'absent.json'), text), undefined);
});

test.run();
