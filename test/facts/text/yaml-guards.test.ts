// Guards of the YAML readers that stand behind others.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocument } from 'yaml';
import { readDocuments } from '../../../src/facts/text/documents.ts';

test('of two equal keys in unusual YAML the last wins, and the first is told of', () => {
  const { documents, problems } = readDocuments('x: &x {a: 1}\ny: *x\ny: 2\n');
  assert.equal(documents[0]?.value, { x: { a: 1 }, y: 2 });
  assert.equal(
    problems.map(({ code, span }) => [code, span]),
    [['YAML_DUP_KEY', [3, 3]]],
  );
});

test('a carriage return behind an indicator is a blank, as `yaml` takes it', () => {
  const values = (text: string) => readDocuments(text).documents.map(({ value }) => value);
  for (const text of ['a: :\rb\n', 'a:\r\rb\n', 'a: {b:\rc}\n', 'a:\n- -\rb\n', 'a: b\n  c:\rd\n']) {
    const document = parseDocument(text);
    assert.equal(values(text), document.errors.length > 0 ? [] : [document.toJS()], text);
  }
});

test.run();
