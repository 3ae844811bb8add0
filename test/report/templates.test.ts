// Templates as the build makes code of them.

import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BuiltTemplates } from '../../src/report/built-templates.ts';
import { templatesAsCode, templateText } from '../../src/report/templates.ts';

const folder = new URL('../../templates/', import.meta.url);
const module = `data:text/javascript,${encodeURIComponent(templatesAsCode())}`;
const { builtTemplates } = (await import(module)) as { builtTemplates: BuiltTemplates };

test('every template is code, and every style sheet and script a text', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const ending = (pattern: RegExp) => files.filter((file) => pattern.test(file));
  assert.equal(Object.keys(builtTemplates.code).sort(), ending(/\.hbs$/));
  assert.equal(Object.keys(builtTemplates.texts).sort(), ending(/\.(css|js)$/));
  for (const [name, text] of Object.entries(builtTemplates.texts)) assert.is(text, templateText(name), name);
});

test('a value is escaped in a page, and placed as it is in Markdown', () => {
  const escapes = (name: string) =>
    String((builtTemplates.code[name] as { main: unknown }).main).includes('escapeExpression');
  assert.ok(escapes('index.html.hbs'));
  assert.not.ok(escapes('index.md.hbs'));
});

test.run();
