// Guards of the YAML readers that stand behind others.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readDocuments } from '../../../src/facts/text/documents.ts';

test('of two equal keys in unusual YAML the last wins, and the first is told of', () => {
  const { documents, problems } = readDocuments('x: &x {a: 1}\ny: *x\ny: 2\n');
  assert.equal(documents[0]?.value, { x: { a: 1 }, y: 2 });
  assert.equal(
    problems.map(({ code, span }) => [code, span]),
    [['YAML_DUP_KEY', [3, 3]]],
  );
});

test.run();
