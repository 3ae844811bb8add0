// Fuzzes the readers of YAML and JSON: documents as Go prints them, broken documents, broken manifests; `yaml` is the judge.

import type { Span } from '../../src/bundle/source.ts';
import { keySpan, readDocuments, spanOf } from '../../src/facts/text/documents.ts';
import { messageOf } from '../../src/facts/text/foreign-text.ts';
import { printYaml, randomMapping } from '../facts/text/kubernetes-yaml.ts';
import { firstDifference, referenceValues } from '../facts/text/reference.ts';
import { fuzzCorpus } from './fuzz-corpus.ts';
import { mutateBytes, mutateText } from './fuzz-mutate.ts';
import { chance, pick, type Random } from './fuzz-random.ts';
import type { FuzzInput, Seen, Target } from './fuzz-target.ts';

/** What the judge looks at grows with the square of a long list. */
const longestBytes = 60_000;
let manifests: { readonly yaml: readonly string[]; readonly json: readonly string[] } | undefined;

function manifestTexts() {
  if (manifests) return manifests;
  const texts = [...fuzzCorpus().byKind.values()].flat().map(({ text }) => text);
  const short = texts.filter((text) => text.length > 0 && text.length < 12_000);
  manifests = {
    yaml: short.filter((text) => /^(?:---\n)?\w+: ?/.test(text)),
    json: short.filter((text) => /^[{[]/.test(text)),
  };
  return manifests;
}

// biome-ignore format: a list of odd words
const tokens = ['\n', ' ', '  ', ':', ': ', '- ', '-', '#', ' #', "'", '"', '{', '}', '[', ']', ',', '\t', '|', '>', '\\', '\\n', '0', '.', '~',
  '\n\n', '? ', '\n  ', '\n- ', '|-\n', '>+\n', '|2\n', ', ', '%YAML 1.2\n', '---\n', '...\n', '@', '`', '=', '<<: ', '&a ', '*a', '!!str ', '!x ', '0x1F', '1e400',
  '.inf', '12345678901234567890', '2024-01-01', 'yes', 'null', '__proto__: ', 'constructor: ', 'metadata:\n  managedFields:\n  - a\n', '\r', '\0', '\ufeff', '\u2028', '\x85', '😀'];

function withTokens(next: Random, text: string): string {
  let out = text;
  for (let turn = 1 + next(5); turn > 0; turn--) {
    const at = next(out.length + 1);
    const kind = next(4);
    if (kind === 0) out = out.slice(0, at) + out.slice(at + 1 + next(4));
    else if (kind === 1) out = out.slice(0, at) + out.slice(at, at + next(30)) + out.slice(at);
    else out = out.slice(0, at) + pick(next, tokens) + out.slice(at);
  }
  return out;
}

function yamlText(next: Random): string {
  const { yaml } = manifestTexts();
  const printed = () => printYaml(chance(next, 2) ? { data: randomMapping(next) } : randomMapping(next));
  switch (next(6)) {
    case 0:
      return Array.from({ length: 1 + next(3) }, printed).join('---\n');
    case 1:
      return withTokens(next, printed());
    case 2:
      return withTokens(next, pick(next, yaml));
    case 3:
      return mutateText(next, pick(next, yaml), yaml);
    case 4:
      return mutateText(next, printed(), yaml);
    default: {
      const depth = next(chance(next, 10) ? 3000 : 40);
      const open = pick(next, ['[', '{a: ', '- ', '? ', '&a [', '{']);
      return `a: ${open.repeat(depth)}${chance(next, 2) ? pick(next, [']', '}', 'x']).repeat(depth) : ''}\n`;
    }
  }
}

/** Where `yaml` 2.9 reads otherwise than YAML says and libyaml does, or where we decide otherwise. */
function isKnownToDiffer(text: string): boolean {
  // under `|2`, `yaml` drops a last line of blanks
  const blankAfterHint = /[|>][+-]?\d[\s\S]*?\n[ \t]+\r?(?:\n|$)/;
  // we end a last line that is open; of blanks under `|+`, `yaml` does or does not, by what stands before them
  const openBlankKept = /[|>]\+[\s\S]*\n +$/;
  // for us half of a `\r\n`, or a blank before what a command said
  const oddReturn = /\r$|(?:^|\n)[ \t]*\r(?!\n)/;
  // line breaks of YAML 1.1: Go indents what follows them
  const oldBreak = /[\x85\u2028\u2029]/;
  // `Warning: {}` is what a command said
  const isMessage = text.split('\n').some((line) => messageOf(line.trim()) !== undefined);
  return isMessage || [blankAfterHint, openBlankKept, oddReturn, oldBreak].some((each) => each.test(text));
}

function checkDocuments({ bytes }: FuzzInput): Seen {
  const text = bytes.toString('utf8');
  let thorough = false;
  const { documents, problems } = readDocuments(text, () => {
    thorough = true;
  });
  const digest = JSON.stringify([documents.map(({ value, span }) => [value, span]), problems]);
  const lines = text.split('\n').length;
  for (const { span, value } of documents) {
    const fault = spanFault(span, [1, lines], 'a document') ?? spansFault(value, span, text);
    if (fault !== undefined) return { fault, digest };
  }
  for (const { span, detail } of problems) {
    const fault = span && spanFault(span, [1, lines], `the problem '${detail}'`);
    if (fault !== undefined) return { fault, digest };
  }
  if (thorough || problems.length > 0 || isKnownToDiffer(text)) return { digest };
  let reference: unknown[];
  try {
    // an empty document is none for us
    reference = referenceValues(text).filter((value) => value !== null);
  } catch {
    return { digest };
  }
  const values = documents.map(({ value }) => value);
  return { fault: firstDifference(values, reference), digest };
}

function spanFault([first, last]: Span, [from, to]: Span, what: string): string | undefined {
  if (first >= from && last <= to && first <= last) return undefined;
  return `${what} has the lines ${first} to ${last}, outside of ${from} to ${to}`;
}

/** Lines of what is inside lie inside; not so for what an alias names. */
function spansFault(value: unknown, within: Span, text: string): string | undefined {
  if (typeof value !== 'object' || value === null || /[*&]|<</.test(text)) return undefined;
  const mine = spanOf(value) ?? within;
  const fault = spanFault(mine, within, 'a collection');
  if (fault !== undefined) return fault;
  for (const key of Object.keys(value)) {
    const span = keySpan(value, key);
    const inner =
      (span && spanFault(span, mine, `the key ${JSON.stringify(key)}`)) ??
      spansFault((value as Record<string, unknown>)[key], span ?? mine, text);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

export const yamlTarget: Target = {
  name: 'yaml',
  make(next) {
    const bytes = Buffer.from(yamlText(next)).subarray(0, longestBytes);
    return { bytes: chance(next, 8) ? mutateBytes(next, bytes) : bytes, label: 'yaml' };
  },
  check: checkDocuments,
};

export const jsonTarget: Target = {
  name: 'json',
  make(next) {
    const { json } = manifestTexts();
    const text = pick(next, json);
    const lines = chance(next, 3) ? `${text.replaceAll(/\s*\n\s*/g, ' ')}\n`.repeat(1 + next(4)) : text;
    const kind = next(4);
    const mutated = kind < 2 ? lines : kind === 2 ? withTokens(next, lines) : mutateText(next, lines, json);
    const bytes = Buffer.from(mutated).subarray(0, longestBytes);
    if (kind === 0) return { bytes: mutateBytes(next, bytes), label: 'json' };
    return { bytes: kind === 1 ? bytes.subarray(0, next(bytes.length)) : bytes, label: 'json' };
  },
  check: checkDocuments,
};
