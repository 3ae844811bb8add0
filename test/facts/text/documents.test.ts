import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { keySpan, readDocuments, spanOf } from '../../../src/facts/text/documents.ts';

const values = (text: string): unknown[] => readDocuments(text).documents.map(({ value }) => value);
const codes = (text: string): string[] => readDocuments(text).problems.map(({ code }) => code);
const at = (value: unknown, ...path: (string | number)[]): object =>
  path.reduce((inner, key) => (inner as Record<string | number, unknown>)[key], value) as object;

const pods = `---
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata:
    managedFields:
    - apiVersion: v1
      fieldsV1:
        f:metadata: {}
      manager: kubelet
    name: checkout-0
  spec:
    containers:
    - name: api
      resources:
        limits:
          cpu: "2"
          memory: 128Mi
      args: [a, "b"]
- apiVersion: v1
  kind: Pod
  metadata:
    name: checkout-1
kind: PodList
metadata:
  resourceVersion: "41990"
`;

test('a list of pods comes out as data, without managedFields', () => {
  const api = { name: 'api', resources: { limits: { cpu: '2', memory: '128Mi' } }, args: ['a', 'b'] };
  assert.equal(values(pods), [
    {
      apiVersion: 'v1',
      items: [
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'checkout-0' }, spec: { containers: [api] } },
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'checkout-1' } },
      ],
      kind: 'PodList',
      metadata: { resourceVersion: '41990' },
    },
  ]);
  assert.equal(codes(pods), []);
});

test('every mapping, list, key and element knows its lines', () => {
  const [document] = readDocuments(pods).documents;
  const { value, span } = document!;
  assert.equal(span, [2, 27]);
  assert.equal(spanOf(at(value, 'items')), [4, 24]);
  assert.equal(keySpan(at(value), 'items'), [3, 24]);
  assert.equal(spanOf(at(value, 'items', 0)), [4, 20]);
  assert.equal(keySpan(at(value, 'items'), '1'), [21, 24]);
  assert.equal(keySpan(at(value, 'items', 0, 'metadata'), 'name'), [12, 12]);
  const container = at(value, 'items', 0, 'spec', 'containers', 0);
  assert.equal(keySpan(container, 'resources'), [16, 19]);
  assert.equal(keySpan(at(container, 'resources', 'limits'), 'memory'), [19, 19]);
  assert.equal(spanOf(at(container, 'args')), [20, 20]);
  assert.is(keySpan(container, 'livenessProbe'), undefined);
  assert.is(keySpan(at(value, 'items'), '2'), undefined);
  assert.is(spanOf({}), undefined);
});

test('the place of a value is seen neither by JSON nor by a look at its keys', () => {
  const [value] = values('a: {b: [1]}\n');
  assert.is(JSON.stringify(value), '{"a":{"b":[1]}}');
  assert.equal(Object.keys(value as object), ['a']);
});

test('a mark of the byte order and line ends of Windows change nothing', () => {
  const text = '\ufeffapiVersion: v1\r\nkind: Pod\r\ndata:\r\n  a: |\r\n    x\r\n    y\r\n';
  assert.equal(values(text), [{ apiVersion: 'v1', kind: 'Pod', data: { a: 'x\ny\n' } }]);
});

test('an empty file, blank lines and comments are no documents and no problem', () => {
  for (const text of ['', '\n', '---\n', '# nothing\n', '---\n---\n', 'null\n', '%YAML 1.2\n---\n']) {
    assert.equal(readDocuments(text), { documents: [], problems: [] }, JSON.stringify(text));
  }
});

test('documents after one another keep their line numbers', () => {
  const { documents } = readDocuments('a: 1\n---\nb: 2\n--- # next\n\nc: 3\n...\n--- {d: 4}\n');
  assert.equal(
    documents.map(({ value, span }) => [value, span]),
    [
      [{ a: 1 }, [1, 1]],
      [{ b: 2 }, [3, 3]],
      [{ c: 3 }, [6, 6]],
      [{ d: 4 }, [8, 8]],
    ],
  );
});

test('a broken document costs only itself', () => {
  const { documents, problems } = readDocuments('kind: Pod\n---\nb: [\n---\nkind: Node\n');
  assert.equal(
    documents.map(({ value }) => value),
    [{ kind: 'Pod' }, { kind: 'Node' }],
  );
  assert.equal(
    problems.map(({ code, span }) => [code, span]),
    [['YAML_SYNTAX', [3, 3]]],
  );
});

test('a broken element of a list costs only itself, and those after it keep their lines', () => {
  const text = 'apiVersion: v1\nitems:\n- name: a\n- name: "b\n    x: "\n- name: &anchor c\n- name: d\nkind: List\n';
  const { documents, problems } = readDocuments(text);
  const { items } = documents[0]!.value as { items: object[] };
  assert.equal(items, [{ name: 'a' }, { name: 'b x: ' }, { name: 'c' }, { name: 'd' }]);
  assert.equal(problems, []);
  const broken = readDocuments(text.replace('x: "', 'x: " y'));
  assert.equal((broken.documents[0]!.value as { items: object[] }).items, [items[0], items[2], items[3]]);
  assert.equal(
    broken.problems.map(({ code, span }) => [code, span]),
    [['YAML_SYNTAX', [4, 5]]],
  );
  const list = (broken.documents[0]!.value as { items: object[] }).items;
  assert.equal(spanOf(list[1]!), [6, 6]);
  assert.equal(keySpan(list, '2'), [7, 7]);
});

test('an element may use an anchor of another one', () => {
  const text = 'kind: List\nitems:\n- a: &x [1]\n- a: *x\n';
  assert.equal(values(text), [{ kind: 'List', items: [{ a: [1] }, { a: [1] }] }]);
});

test('a list that was cut keeps its whole elements and loses the last', () => {
  const text = 'apiVersion: v1\nitems:\n- metadata:\n    name: p0\n- metadata:\n    na';
  const { documents, problems } = readDocuments(text);
  assert.equal(
    documents.map(({ value }) => value),
    [{ apiVersion: 'v1', items: [{ metadata: { name: 'p0' } }] }],
  );
  assert.equal(
    problems.map(({ code, span }) => [code, span]),
    [['YAML_TRUNCATED', [5, 6]]],
  );
});

test('a list that was cut at a line end is known by its missing kind', () => {
  for (const end of ['    name: p1\n', '    name: "p1', '    name: p1\n  spec:\n', '    name: p1\nki']) {
    const text = `apiVersion: v1\nitems:\n- metadata:\n    name: p0\n- metadata:\n${end}`;
    assert.equal(codes(text), ['YAML_TRUNCATED'], end);
    assert.equal(at(values(text)[0], 'items'), [{ metadata: { name: 'p0' } }], end);
  }
});

test('an object that was cut is left out', () => {
  const text = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations:\n    a: ';
  for (const end of ['"unterminated', '{b: ', 'x\n    b', 'x\n  la\n    ']) {
    assert.equal(codes(text + end), ['YAML_TRUNCATED'], end);
    assert.equal(values(text + end), [], end);
  }
});

test('an object of a server that ends without a line end is left out, as its last value may be half of one', () => {
  const text = 'kind: Pod\nmetadata:\n  uid: e0463287\nstatus:\n  phase: Runn';
  assert.equal(codes(text), ['YAML_TRUNCATED']);
  assert.equal(values(text), []);
  assert.equal(codes(`${text}ing\n`), []);
  assert.equal(codes('kind: Pod\nmetadata:\n  name: by-hand'), []);
});

test('an object of a server that ends behind a key is left out, as Go prints a value for each', () => {
  const text = 'kind: Pod\nmetadata:\n  uid: e0463287\nspec:\n  a: b\n  ';
  for (const end of ['containers:\n', 'containers:\n  -\n', 'script: |\n', 'message: >-\n\n']) {
    assert.equal(codes(text + end), ['YAML_TRUNCATED'], end);
    assert.equal(values(text + end), [], end);
  }
  for (const end of ['c: null\n', 'c: []\n', 'c: ""\n', 'script: |\n    key:\n', 'script: |\n    -\n', "c: 'a:'\n"]) {
    assert.equal(codes(text + end), [], end);
  }
});

test('messages of a command among the lines are told of and cost nothing', () => {
  const text = `apiVersion: v1
items:
- metadata: {name: a}
error: unable to retrieve the complete list of server APIs
couldn't get resource list for metrics.k8s.io/v1beta1
- metadata: {name: b}
kind: PodList
Error from server (Forbidden): pods is forbidden
`;
  const { documents, problems } = readDocuments(text);
  assert.equal(documents[0]!.value, {
    apiVersion: 'v1',
    items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }],
    kind: 'PodList',
  });
  assert.equal(
    problems.map(({ code, span }) => [code, span]),
    [
      ['YAML_FOREIGN_TEXT', [4, 5]],
      ['YAML_FOREIGN_TEXT', [8, 8]],
    ],
  );
});

test('warnings lose nothing and are no problem', () => {
  const text =
    'Warning: v1 ComponentStatus is deprecated in v1.19+\nkind: Pod\nW0510 15:04:05.000000 1 x.go:70] slow\n';
  assert.equal(readDocuments(text).problems, []);
  assert.equal(values(text), [{ kind: 'Pod' }]);
  assert.equal(values(`Warning: deprecated\n{"kind": "Pod"}\n`), [{ kind: 'Pod' }]);
  assert.equal(readDocuments('No resources found in default namespace.\n'), { documents: [], problems: [] });
});

test('a file that is only a message is a failed collection', () => {
  for (const text of [
    'Error from server (NotFound): the server could not find the requested resource\n',
    'error: the server doesn\'t have a resource type "machines"\n',
    'Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout\n',
    'some words\n',
  ]) {
    assert.equal(readDocuments(text), {
      documents: [],
      problems: [{ code: 'COLLECTION_ERROR', span: [1, 1], detail: text.trimEnd() }],
    });
  }
});

test('a key named error is data where the document is none of Kubernetes', () => {
  assert.equal(values('status: done\nerror: none\n'), [{ status: 'done', error: 'none' }]);
});

test('of two equal keys the last wins, and the first is told of', () => {
  const { documents, problems } = readDocuments('kind: Pod\nspec: {a: 1, a: 2}\nspec: {b: 1}\n');
  assert.equal(documents[0]!.value, { kind: 'Pod', spec: { b: 1 } });
  assert.equal(keySpan(documents[0]!.value as object, 'spec'), [3, 3]);
  assert.equal(
    problems.map(({ code, span }) => [code, span]),
    [
      ['YAML_DUP_KEY', [2, 2]],
      ['YAML_DUP_KEY', [3, 3]],
    ],
  );
});

test('keys that objects inherit are data like all others', () => {
  for (const text of [
    '__proto__: {polluted: 1}\nconstructor: {a: 1}\ntoString: x\n',
    '{"__proto__": {"polluted": 1}, "constructor": {"a": 1}, "toString": "x"}',
    'x: &x {a: 1}\n__proto__: {polluted: 1}\nconstructor: *x\ntoString: x\n',
  ]) {
    const value = values(text)[0] as Record<string, unknown>;
    assert.equal(Object.getOwnPropertyDescriptor(value, '__proto__')?.value, { polluted: 1 });
    assert.equal(value.constructor, { a: 1 });
    assert.is(Object.getPrototypeOf(value), Object.prototype);
    assert.is(({} as { polluted?: number }).polluted, undefined);
  }
});

test('nesting without end is refused', () => {
  assert.equal(codes('['.repeat(100_000)), ['YAML_DEPTH']);
  assert.equal(codes(`a: ${'{b: '.repeat(1000)}`), ['YAML_DEPTH']);
  assert.equal(codes(`${'- '.repeat(10_000)}x\n`), ['YAML_DEPTH']);
  assert.equal(codes(Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')), ['YAML_DEPTH']);
  assert.equal(codes(`x: &x 1\na: ${'['.repeat(300)}${']'.repeat(300)}\n`), ['YAML_DEPTH']);
  assert.equal(codes(`a: ${'['.repeat(190)}${']'.repeat(190)}\n`), []);
});

test('aliases stand for so many values and no more, and never for themselves', () => {
  const bomb = 'bcdefg'.split('').map((name, index) => {
    const inner = `*${'abcdefg'.charAt(index)}`;
    return `${name}: &${name} [${Array(9).fill(inner).join(',')}]\n`;
  });
  assert.equal(codes(`a: &a [x]\n${bomb.join('')}`), ['YAML_ALIAS_LIMIT']);
  assert.equal(codes('&a [*a]\n'), ['YAML_ALIAS_LIMIT']);
  const cheap = `a: &a x\nb: [${Array(5000).fill('*a').join(',')}]\n`;
  assert.equal(codes(cheap), []);
  assert.is((at(values(cheap)[0], 'b') as unknown[]).length, 5000);
});

test('a merge key merges an alias; without one it is a plain key, which Go prints unquoted', () => {
  assert.equal(values('d: &d {a: 1, b: 2}\nx:\n  <<: *d\n  b: 3\n'), [{ d: { a: 1, b: 2 }, x: { a: 1, b: 3 } }]);
  assert.equal(values('x:\n  <<: =\n'), [{ x: { '<<': '=' } }]);
});

test('unknown tags do nothing and are told of', () => {
  const text = 'x: !!python/object/apply:os.system ["touch x"]\ny: !!str 1\n';
  assert.equal(values(text), [{ x: ['touch x'], y: '1' }]);
  assert.equal(codes(text), ['YAML_TAG']);
});

test('a tab in the indentation is wrong', () => {
  assert.equal(codes('kind: Pod\nmetadata:\n\tname: x\n'), ['YAML_SYNTAX']);
});

test('unusual YAML that is very long is not read, rather than for minutes', () => {
  assert.equal(codes(`a: &x ${'y'.repeat(5 * 1024 * 1024)}\n`), ['YAML_SYNTAX']);
});

test('keys in keys in keys cost no more than their text, and depth is told the same whatever the stack has left', () => {
  const nested = (depth: number) => `a: ${'{'.repeat(depth)}${'}'.repeat(depth)}\n`;
  assert.equal(codes(nested(4)), []);
  assert.equal(codes(nested(40)), ['YAML_SYNTAX']);
  assert.equal(codes(nested(600)), ['YAML_DEPTH']);
  assert.equal(codes(`a: ${'{'.repeat(600)}\n`), ['YAML_DEPTH']);
});

test('no span goes past the last line, and blanks of any sort say nothing', () => {
  const { documents } = readDocuments('[{"a": 1}, {"b": [2');
  assert.equal(
    [documents[0]?.span, spanOf(documents[0]?.value as object)],
    [
      [1, 1],
      [1, 1],
    ],
  );
  const cut = readDocuments('{"items": [{"a": 1},\n{"b": [2').documents[0]?.value as { items: object };
  assert.equal(
    [keySpan(cut, 'items'), spanOf(cut.items), keySpan(cut.items, '0')],
    [
      [1, 2],
      [1, 2],
      [1, 1],
    ],
  );
  for (const blank of ['', ' ', '\r', '\r ', '\u2028', '\n\r']) assert.equal(readDocuments(blank).problems, [], blank);
});

test('a last line without a line end that belongs to nothing is told of', () => {
  assert.equal(codes('a: 1\nkind: x\nfoo bar: 1'), ['YAML_FOREIGN_TEXT']);
  assert.equal(codes('apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  uid: y\nspec'), ['YAML_TRUNCATED']);
});

test('an old line break in a folded scalar at the margin is read, not tripped over', () => {
  for (const text of ['>\n\u0085', '>\n\u2028x\n', "'\u2028  x'\n"]) assert.not.throws(() => readDocuments(text), text);
});

test.run();
