// Reads one rule file: its keys and their forms. What the expressions mean is checked by `compile.ts`.

import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit, type YAMLMap } from 'yaml';
import { readExplains } from './read-explains.ts';
import { readGiven } from './read-given.ts';
import {
  type Binding,
  type Reconciles,
  type Rule,
  severities,
  statuses,
  type Vocabulary,
  type Written,
} from './rule.ts';
import { type Locator, Reading } from './rule-reader.ts';
import { placesIn } from './yaml-places.ts';

export const requiredKeys = [
  'id',
  'title',
  'status',
  'severity',
  'given',
  'failsWhen',
  'subject',
  'message',
  'meaning',
  'impact',
  'diagnosis',
  'remediation',
] as const;
export const ruleKeys = [
  ...requiredKeys,
  'catalog',
  'tags',
  'let',
  'appliesWhen',
  'evidence',
  'explains',
  'falsePositives',
  'reconciles',
  'references',
] as const;

export const longestFile = 256 * 1024;

export interface ReadRule {
  /** Absent where too much is wrong to check its expressions. */
  readonly rule: Rule | undefined;
  readonly reading: Reading;
}

/** `name` is the file's name without `.yaml`, `pack` the folder it lies in. */
export function readRule(
  text: string,
  where: { readonly file: string; readonly pack: string; readonly name: string },
  vocabulary: Vocabulary,
  locator: Locator,
): ReadRule {
  const lines = new LineCounter();
  const { document, failure } = parsed(text.slice(0, longestFile), lines);
  const reading = new Reading(where.file, placesIn(text, lines, document), locator);
  if (failure !== undefined) reading.complainAt({ line: 1, column: 1 }, `this cannot be read as YAML: ${failure}`);
  if (text.length > longestFile) reading.complainAt({ line: 1, column: 1 }, 'a rule file of more than 256 KiB');
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    reading.complainAt({ line: Math.max(1, line), column: Math.max(1, col) }, error.message);
  }
  for (const { pos, message } of document.warnings) {
    const { line, col } = lines.linePos(pos[0]);
    const suggestion = message.includes('tag') ? 'put quotes around an expression that begins with "!"' : undefined;
    reading.complainAt({ line, column: col }, message, suggestion);
  }
  complainOfRepeatedKeys(document, reading);
  if (reading.problems.length > 0) return { rule: undefined, reading };
  if (!isMap(document.contents)) {
    reading.complain(document.contents, 'a rule file is a mapping that begins with "id"');
    return { rule: undefined, reading };
  }
  const values = reading.keys(document.contents, ruleKeys, requiredKeys, 'the rule');
  const id = reading.text(values.get('id'), 'id');
  if (id !== undefined && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    reading.complain(values.get('id'), `id "${id}" is not kebab-case`);
  } else if (id !== undefined && id !== where.name) {
    reading.complain(
      values.get('id'),
      `id "${id}" is not the file name`,
      `call the file ${id}.yaml, or the rule ${where.name}`,
    );
  }
  const given = readGiven(values.get('given'), vocabulary, reading);
  const severity = readSeverity(values.get('severity'), reading);
  const parts = {
    title: readTitle(values.get('title'), reading),
    status: reading.oneOf(values.get('status'), 'status', statuses),
    failsWhen: reading.written(values.get('failsWhen'), 'failsWhen'),
    subject: reading.written(values.get('subject'), 'subject'),
    message: reading.written(values.get('message'), 'message'),
    meaning: reading.text(values.get('meaning'), 'meaning'),
    impact: reading.text(values.get('impact'), 'impact'),
    diagnosis: reading.text(values.get('diagnosis'), 'diagnosis'),
    remediation: reading.text(values.get('remediation'), 'remediation'),
  };
  const appliesWhen = reading.written(values.get('appliesWhen'), 'appliesWhen');
  const evidence = readEvidence(values.get('evidence'), reading);
  const reconciles = readReconciles(values.get('reconciles'), reading);
  const explains = readExplains(values.get('explains'), where.name, reading);
  const size = isMap(values.get('given')) ? (values.get('given') as YAMLMap).items.length : 0;
  const { failsWhen } = parts;
  if (!failsWhen || !isFilled(given) || given.length < size) return { rule: undefined, reading };
  const nothing: Written = { text: '', line: 1, column: 1 };
  // What is missing has been told; the rule is whole enough for its expressions to be checked too.
  const rule: Rule = {
    id: id ?? where.name,
    pack: where.pack,
    file: where.file,
    catalog: readForm(values.get('catalog'), 'catalog', /^[A-Z][A-Z0-9]{1,5}-\d{3}$/, 'CPU-001', reading),
    title: parts.title ?? '',
    status: parts.status ?? 'experimental',
    ...(severity ?? { severity: 'info', severityWhen: [] }),
    tags: readForm(values.get('tags'), 'tags', /^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case', reading),
    given,
    let: readLet(values.get('let'), reading),
    ...(appliesWhen ? { appliesWhen } : {}),
    failsWhen,
    ...(evidence ? { evidence } : {}),
    ...(reconciles ? { reconciles } : {}),
    explains,
    subject: parts.subject ?? nothing,
    message: parts.message ?? nothing,
    meaning: parts.meaning ?? '',
    impact: parts.impact ?? '',
    diagnosis: parts.diagnosis ?? '',
    remediation: parts.remediation ?? '',
    falsePositives: reading.texts(values.get('falsePositives'), 'falsePositives'),
    references: readForm(values.get('references'), 'references', /^https?:\/\/\S+$/, 'https://…', reading),
  };
  return { rule, reading };
}

/** The parser's own look for repeated keys compares each with each. */
function parsed(text: string, lineCounter: LineCounter): { document: Document; failure?: string } {
  const options = { lineCounter, prettyErrors: false, uniqueKeys: false };
  try {
    return { document: parseDocument(text, options) };
  } catch (error) {
    const failure = error instanceof RangeError ? 'it is nested too deep' : String(error);
    return { document: parseDocument('', { prettyErrors: false }), failure };
  }
}

function complainOfRepeatedKeys(document: Document, reading: Reading): void {
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) reading.complain(key, `the key "${name}" stands twice`);
        seen.add(name);
      }
    },
  });
}

const isFilled = (given: readonly Binding[]): given is readonly [Binding, ...Binding[]] => given.length > 0;

/** A title stands alone in lists and pages: it is words, and nothing else. */
function readTitle(node: Node | undefined, reading: Reading): string | undefined {
  const title = reading.text(node, 'title');
  if (title === undefined || !/<[a-z/!]/i.test(title)) return title;
  reading.complain(node, '"title" holds a tag', 'write it without < and >');
  return undefined;
}

function readSeverity(node: Node | undefined, reading: Reading): Pick<Rule, 'severity' | 'severityWhen'> | undefined {
  if (!isMap(node)) {
    const severity = reading.oneOf(node, 'severity', severities);
    return severity && { severity, severityWhen: [] };
  }
  const values = reading.keys(node, ['default', ...severities], ['default'], '"severity"');
  const severity = reading.oneOf(values.get('default'), 'severity', severities);
  const severityWhen = severities.flatMap((each) => {
    const when = reading.written(values.get(each), `severity.${each}`);
    return when ? [{ severity: each, when }] : [];
  });
  return severity && { severity, severityWhen };
}

function readForm(node: Node | undefined, name: string, form: RegExp, example: string, reading: Reading): string[] {
  const texts = reading.texts(node, name);
  const wrong = texts.find((text) => !form.test(text));
  if (wrong !== undefined) reading.complain(node, `"${wrong}" has not the form of ${name}`, `e.g. ${example}`);
  return texts;
}

function readLet(node: Node | undefined, reading: Reading): Rule['let'] {
  if (!node) return [];
  if (!isMap(node)) {
    reading.complain(node, '"let" must map names to CEL');
    return [];
  }
  return node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : '';
    if (!/^[a-z][A-Za-z0-9_]*$/.test(name)) reading.complain(key, `"${name}" is not a name for CEL`, 'use camelCase');
    const written = reading.written(value as Node, `let.${name}`);
    return written ? [{ name, value: written }] : [];
  });
}

function readEvidence(node: Node | undefined, reading: Reading): readonly Written[] | undefined {
  if (!node) return undefined;
  const items = 'items' in node ? (node.items as Node[]) : [node];
  return items.flatMap((each) => reading.written(each, 'evidence') ?? []);
}

function readReconciles(node: Node | undefined, reading: Reading): Reconciles | undefined {
  if (!node) return undefined;
  if (!isMap(node)) {
    reading.complain(node, '"reconciles" must say "what", "asked" and "got"');
    return undefined;
  }
  const values = reading.keys(node, ['what', 'event', 'of', 'asked', 'got'], ['what', 'asked', 'got'], '"reconciles"');
  const what = reading.text(values.get('what'), 'reconciles.what');
  const event = reading.flag(values.get('event'), 'reconciles.event');
  const of = reading.written(values.get('of'), 'reconciles.of');
  const asked = reading.written(values.get('asked'), 'reconciles.asked');
  const got = reading.written(values.get('got'), 'reconciles.got');
  return what !== undefined && asked && got ? { what, event, ...(of && { of }), asked, got } : undefined;
}
