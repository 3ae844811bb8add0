// K02 and K03: the YAML test suite, the inputs of js-yaml, and JSONTestSuite through our readers of documents.
//
//   node test/torture/suites.ts FOLDER     FOLDER holds third-party.tar.xz

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { decode } from '../../src/facts/text/decode.ts';
import { readDocuments } from '../../src/facts/text/documents.ts';
import { firstDifference, referenceValues } from '../facts/text/reference.ts';
import { cpuMillis } from './cpu-time.ts';
import { type Result, tellScore, unpacked } from './kit.ts';

/** Valid YAML that we read otherwise, and why. */
const readOtherwise: Readonly<Record<string, string>> = {
  '4MUZ/01': 'begins as JSON and is none: told of as broken JSON, as D28 wants it',
  '8UDB': 'begins as JSON and is none',
  C2DT: 'begins as JSON and is none',
  'js-yaml/samples-common/more-floats.yml': 'begins as JSON and is none',
  'js-yaml/issues/0475-case1.yml': 'aliases stand for more values than are read',
  'js-yaml/issues/0475-case2.yml': 'aliases stand for more values than are read',
  X38W: 'an alias as key of an anchor inside a key: our judge loses the anchor when it spells the key',
  'js-yaml/samples-common/construct-merge.yml':
    '`<<` merges an alias, as Go does it; our judge reads YAML 1.2, which has no merge',
};

/** What js-yaml refuses, and why we and `yaml` do not. */
const laxer: Readonly<Record<string, string>> = {
  'fetch-complex-value-bug.yml': 'good YAML 1.2',
  'no-block-mapping-end-2.yml': '`: baz` is a pair without a key',
  'invalid-merge-1.yml': '`<<` without an alias is a plain key: Go prints it unquoted',
  'invalid-merge-2.yml': '`<<` without an alias is a plain key',
  'invalid-directive-name-1.yml': 'directives other than %YAML are passed over; no document follows',
  'invalid-directive-name-2.yml': 'as above',
  'invalid-tag-directive-handle.yml': 'as above',
  'invalid-tag-handle-1.yml': 'as above',
  'invalid-tag-handle-2.yml': 'as above',
};

/** `n_` files of JSONTestSuite that are no JSON, but which the YAML reader of Kubernetes takes. */
const goodYaml = new Set(
  `incomplete_false incomplete_null incomplete_true number_++ number_+1 number_+Inf number_.-1 number_.2e-3 number_Inf
  number_NaN number_U+FF11_fullwidth_digit_one number_infinity number_starting_with_dot object_emoji
  object_key_with_single_quotes object_missing_key object_non_string_key
  object_non_string_key_but_huge_number_instead object_single_quote object_unquoted_key
  string_accentuated_char_no_quotes string_leading_uescaped_thinspace string_no_quotes_with_bad_escape
  string_single_quote structure_U+2060_word_joined structure_angle_bracket_null structure_capitalized_True
  structure_null-byte-outside-string structure_uescaped_LF_before_string structure_whitespace_U+2060_word_joiner`
    .split(/\s+/)
    .map((name) => `n_${name}.json`),
);
/** `n_` files that hold nothing: no value is made of them. */
const nothing = new Set(['n_single_space.json', 'n_structure_UTF8_BOM_no_data.json', 'n_structure_no_data.json']);
/** `n_` files of several values one after another, which is how kubectl and audit logs write. */
const stream = new Set(['n_structure_double_array.json']);

const mostMillis = 2000;
/** Told of, and yet no fault of the syntax: words alone are what a command said. */
const noFault = new Set(['YAML_TAG', 'YAML_DUP_KEY', 'COLLECTION_ERROR', 'YAML_FOREIGN_TEXT']);

interface Seen {
  readonly values: readonly unknown[];
  readonly codes: readonly string[];
  readonly text: string;
  readonly late: string | undefined;
}

/** Throws when a reader does. */
function look(path: string): Seen {
  const started = cpuMillis();
  const { text, problems: unreadable } = decode(readFileSync(path));
  const { documents, problems } = readDocuments(text);
  const millis = cpuMillis() - started;
  return {
    values: documents.map(({ value }) => value),
    codes: [...unreadable, ...problems].map(({ code }) => code),
    text,
    late: millis > mostMillis ? `took ${millis.toFixed(0)} ms` : undefined,
  };
}

function resultOf(id: string, fault: () => string | undefined, reviewed: string | undefined): Result {
  let told: string | undefined;
  try {
    told = fault();
  } catch (error) {
    return { id, ok: false, told: `threw ${error instanceof Error ? error.stack : error}` };
  }
  if (reviewed === undefined) return { id, ok: told === undefined, told: told ?? '' };
  return { id, ok: told !== undefined, told: told ?? `is as it should be, though listed as other (${reviewed})` };
}

/** The values of `yaml`; undefined when it refuses the text. */
function judged(text: string): unknown[] | undefined {
  try {
    return referenceValues(text);
  } catch {
    return undefined;
  }
}

function sameAsYaml({ values, codes, text, late }: Seen): string | undefined {
  const wrong = codes.filter((code) => !noFault.has(code));
  if (wrong.length > 0) return `refused: ${wrong.join(' ')}`;
  return late ?? firstDifference(values, judged(text) ?? ['refused by yaml']);
}

const refused = ({ codes, late }: Seen): string | undefined => (codes.length === 0 ? 'not refused' : late);

export function yamlTestSuite(folder: string): Result[] {
  const root = join(folder, 'yaml-test-suite');
  const inputs = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('in.yaml'));
  return inputs.sort().map((name) => {
    const id = dirname(name);
    const mustFail = existsSync(join(root, id, 'error'));
    const fault = () => (mustFail ? refused : sameAsYaml)(look(join(root, name)));
    return resultOf(`yaml-test-suite/${id}`, fault, readOtherwise[id]);
  });
}

export function jsYaml(folder: string): Result[] {
  const root = join(folder, 'js-yaml');
  const inputs = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /^\w.*\.yml$/.test(name));
  return inputs.sort().map((name) => {
    const path = join(root, name);
    const id = relative(folder, path);
    const mustFail = name.startsWith('samples-load-errors');
    const fault = () => (mustFail ? refused : sameAsYaml)(look(path));
    return resultOf(id, fault, readOtherwise[id] ?? (mustFail ? laxer[name.split('/').at(-1)!] : undefined));
  });
}

export function jsonTestSuite(folder: string): Result[] {
  const root = join(folder, 'json-test-suite/test_parsing');
  return readdirSync(root)
    .sort()
    .map((name) => resultOf(`json-test-suite/${name}`, () => jsonFault(name, look(join(root, name))), undefined));
}

function jsonFault(name: string, seen: Seen): string | undefined {
  const { values, codes, text, late } = seen;
  if (late || name.startsWith('i_')) return late;
  if (name.startsWith('y_')) {
    // A key that is there twice is accepted, and told of.
    if (codes.some((code) => code !== 'YAML_DUP_KEY')) return `refused: ${codes.join(' ')}`;
    const value: unknown = JSON.parse(text);
    return firstDifference(values, value === null ? [] : [value]);
  }
  if (nothing.has(name)) return values.length > 0 ? 'gave a value' : undefined;
  if (stream.has(name)) return codes.length > 0 || values.length !== 2 ? 'is no stream of two values' : undefined;
  if (goodYaml.has(name)) return sameAsYaml(seen);
  return refused(seen);
}

export async function suites(folder: string): Promise<Result[]> {
  const inside = unpacked(folder, 'third-party');
  return [...yamlTestSuite(inside), ...jsYaml(inside), ...jsonTestSuite(inside)];
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error('usage: node test/torture/suites.ts FOLDER');
  const inside = unpacked(folder, 'third-party');
  const scores = [
    tellScore('YAML test suite', yamlTestSuite(inside)),
    tellScore('Inputs of js-yaml', jsYaml(inside)),
    tellScore('JSONTestSuite', jsonTestSuite(inside)),
  ];
  process.exitCode = scores.every(Boolean) ? 0 : 1;
}
