import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { keySpan, readDocuments, spanOf } from '../../../src/facts/text/documents.ts';

const values = (text: string): unknown[] => readDocuments(text).documents.map(({ value }) => value);
const told = (text: string): unknown[] => readDocuments(text).problems.map(({ code, span }) => [code, span]);

const pod = `{
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {
        "managedFields": [{"manager": "kubelet"}],
        "name": "checkout-0"
    },
    "spec": {
        "containers": [
            {"name": "api"},
            {
                "name": "proxy"
            }
        ]
    }
}
`;

test('an object over several lines has the lines of everything', () => {
  const [document] = readDocuments(pod).documents;
  const value = document!.value as { metadata: object; spec: { containers: object[] } };
  assert.equal(value.metadata, { name: 'checkout-0' });
  assert.equal(document!.span, [1, 16]);
  assert.equal(keySpan(value, 'spec'), [8, 15]);
  assert.equal(keySpan(value.metadata, 'name'), [6, 6]);
  assert.equal(spanOf(value.spec.containers), [9, 14]);
  assert.equal(spanOf(value.spec.containers[1]!), [11, 13]);
  assert.equal(keySpan(value.spec.containers, '0'), [10, 10]);
});

test('values are those of JSON.parse', () => {
  const text = '[null, true, false, 0, -1.5e3, "a\\n\\u00e9\\ud83d\\ude00\\/", "", {}, [], {"a": {"b": []}}]';
  assert.equal(values(text), [JSON.parse(text)]);
});

test('a number that a double cannot hold stays text', () => {
  assert.equal(values('{"a": 12345678901234567890, "b": 1e9999, "c": -0, "d": 9007199254740993}'), [
    { a: '12345678901234567890', b: '1e9999', c: 0, d: '9007199254740993' },
  ]);
});

test('objects may follow one another, each on its line or over several', () => {
  assert.equal(values('{"a":1}\n{"a":2}\n\n{\n "a":3}{"a":4}'), [{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }]);
  assert.equal(
    readDocuments('{"a":1}\n{\n"a":2}\n').documents.map(({ span }) => span),
    [
      [1, 1],
      [2, 3],
    ],
  );
});

test('records before a cut one are used', () => {
  assert.equal(values('{"a":1}\n{"a":2}\n{"a":'), [{ a: 1 }, { a: 2 }]);
  assert.equal(told('{"a":1}\n{"a":2}\n{"a":'), [['FILE_TRUNCATED', [3, 3]]]);
});

test('a list that was cut keeps its whole elements', () => {
  const text = '{"apiVersion": "v1", "items": [\n{"name": "a"},\n{"name": "b"},\n{"name": "c';
  const { documents } = readDocuments(text);
  assert.equal(documents[0]!.value, { apiVersion: 'v1', items: [{ name: 'a' }, { name: 'b' }] });
  assert.equal(keySpan((documents[0]!.value as { items: object }).items, '1'), [3, 3]);
  assert.equal(told(text), [['FILE_TRUNCATED', [4, 4]]]);
});

test('a cut object is left out', () => {
  for (const end of ['{"a": {"b": 1', '{"a": tr', '{"a": "x', '{"a": "x\\', '{', '{"a"', '{"a": 1,']) {
    assert.equal(values(end), [], end);
    assert.equal(told(end), [['FILE_TRUNCATED', [1, 1]]], end);
  }
});

test('a broken record costs only itself', () => {
  assert.equal(values('{"a":1}\n{"a":NaN}\n{"a":3}\n'), [{ a: 1 }, { a: 3 }]);
  assert.equal(told('{"a":1}\n{"a":NaN}\n{"a":3}\n'), [['YAML_SYNTAX', [2, 2]]]);
});

test('lines between objects are told of, logs that a dump puts there are not', () => {
  const dump =
    '{"a":1}\n==== START logs for container x of pod y/z ====\n{"level":"info"}\nhello\n==== END logs for container x of pod y/z ====\n{"a":2}\n';
  assert.equal(values(dump), [{ a: 1 }, { a: 2 }]);
  assert.equal(told(dump), []);
  assert.equal(readDocuments(dump).documents[1]!.span, [6, 6]);
  assert.equal(told('{"a":1}\nerror: timed out\n'), [['YAML_FOREIGN_TEXT', [2, 2]]]);
  assert.equal(told('{"a":1}]\n'), [['YAML_FOREIGN_TEXT', [1, 1]]]);
});

test('of two equal keys the last wins, and the first is told of', () => {
  assert.equal(values('{"a":1,"a":2}'), [{ a: 2 }]);
  assert.equal(told('{"a":1,"a":2}'), [['YAML_DUP_KEY', [1, 1]]]);
});

test('brackets that are YAML and not JSON are read as YAML', () => {
  assert.equal(values('{kind: Pod, metadata: {name: x}}\n'), [{ kind: 'Pod', metadata: { name: 'x' } }]);
  assert.equal(values('[a, b]\n'), [['a', 'b']]);
  assert.equal(told('{"a": 1,}\n'), [['YAML_SYNTAX', [1, 1]]]);
});

test('a text that is only a JSON word is a document', () => {
  assert.equal(values('"local"'), ['local']);
});

test.run();
