// Reads `given`: what a rule is about, and what is joined to it by key.

import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { hitsEverything, inspectPattern } from './patterns.ts';
import type { Binding, LogBinding, Vocabulary, Written } from './rule.ts';
import { parseTimespan, type Reading } from './rule-reader.ts';
import { didYouMean } from './suggest.ts';

export const givenKeys = {
  fact: ['fact', 'on', 'where', 'many', 'optional'],
  object: ['object', 'on', 'where', 'many', 'optional'],
  log: ['log', 'pattern', 'hint', 'timespan', 'groupBy', 'on', 'where', 'many', 'optional'],
} as const;

/** Labels that sources of logs carry, beside the captures of a pattern. */
export const logLabels = ['node', 'namespace', 'pod', 'container', 'unit', 'log'];

export function readGiven(node: Node | undefined, vocabulary: Vocabulary, reading: Reading): Binding[] {
  if (!node) return [];
  if (!isMap(node) || node.items.length === 0) {
    reading.complain(node, '"given" must name at least one thing', 'given: { pod: Pod }');
    return [];
  }
  const bindings: Binding[] = [];
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!/^[a-z][A-Za-z0-9_]*$/.test(name)) reading.complain(key, `"${name}" is not a name for CEL`, 'use camelCase');
    const binding = readBinding(name, key, value as Node | null, vocabulary, reading);
    if (!binding) continue;
    if (bindings.length === 0 && (binding.on.length > 0 || binding.optional)) {
      reading.complain(key, `"${name}" is what the rule evaluates: it takes neither "on" nor "optional"`);
    }
    bindings.push(binding);
  }
  return bindings;
}

function readBinding(
  name: string,
  key: unknown,
  value: Node | null,
  vocabulary: Vocabulary,
  reading: Reading,
): Binding | undefined {
  const plain = { name, ...reading.place(key), on: [], many: false, optional: false };
  if (isScalar(value) && typeof value.value === 'string') {
    const fact = knownFact(value, value.value, vocabulary, reading);
    return fact === undefined ? undefined : { ...plain, is: 'fact', fact };
  }
  const kinds = ['fact', 'object', 'log'] as const;
  const kind = isMap(value) ? kinds.filter((each) => value.has(each)) : [];
  const [is] = kind;
  if (!isMap(value) || is === undefined || kind.length > 1) {
    reading.complain(value ?? key, `"${name}" must be a fact type, or have exactly one of: ${kinds.join(', ')}`);
    return undefined;
  }
  const required = is === 'log' ? ['log', 'pattern'] : [is];
  const values = reading.keys(value, givenKeys[is], required, `"${name}"`);
  const where = reading.written(values.get('where'), 'where');
  const common = {
    ...plain,
    on: readOn(values.get('on'), reading),
    ...(where ? { where } : {}),
    many: reading.flag(values.get('many'), 'many'),
    optional: reading.flag(values.get('optional'), 'optional'),
  };
  const text = reading.text(values.get(is), is);
  if (text === undefined) return undefined;
  if (is === 'fact') {
    const fact = knownFact(values.get('fact'), text, vocabulary, reading);
    return fact === undefined ? undefined : { ...common, is, fact };
  }
  if (is === 'object') {
    const object = objectName(text);
    if (object === undefined) reading.complain(values.get('object'), `"${text}" is not group/Kind`, 'apps/Deployment');
    return object === undefined ? undefined : { ...common, is, object };
  }
  return readLog(common, text, values, value, vocabulary, reading);
}

function knownFact(node: unknown, name: string, vocabulary: Vocabulary, reading: Reading): string | undefined {
  if (vocabulary.factTypes.some((type) => type.name === name)) return name;
  const names = vocabulary.factTypes.map((type) => type.name);
  reading.complain(node, `unknown fact type "${name}"`, didYouMean(name, names));
  return undefined;
}

/** `apps/Deployment`; `Pod`, `core/Pod` and `/Pod` are the same, spelt `/Pod` where parsers look for it. */
function objectName(text: string): string | undefined {
  const parts = /^(?:([a-z0-9.-]*)\/)?([A-Z][A-Za-z0-9]*)$/.exec(text);
  if (!parts) return undefined;
  const group = parts[1] === 'core' ? '' : (parts[1] ?? '');
  return `${group}/${parts[2]}`;
}

function readOn(node: Node | undefined, reading: Reading): { field: string; key: Written }[] {
  if (!node) return [];
  if (!isMap(node) || node.items.length === 0) {
    reading.complain(node, '"on" must map fields of the joined thing to keys', 'on: { node: pod.node }');
    return [];
  }
  return (node as YAMLMap).items.flatMap(({ key, value }) => {
    const field = isScalar(key) ? String(key.value) : '';
    const written = reading.written(value as Node, `on.${field}`);
    return written ? [{ field, key: written }] : [];
  });
}

function readLog(
  common: Omit<LogBinding, 'is' | 'log' | 'pattern' | 'groupBy'>,
  log: string,
  values: Map<string, Node>,
  map: Node,
  vocabulary: Vocabulary,
  reading: Reading,
): LogBinding | undefined {
  if (!vocabulary.logs.includes(log)) {
    reading.complain(values.get('log'), `unknown log "${log}"`, didYouMean(log, vocabulary.logs));
  }
  const pattern = reading.written(values.get('pattern'), 'pattern');
  if (!pattern) return undefined;
  const groups = checkPattern(pattern, values.get('hint'), values.get('pattern') ?? map, reading);
  const timespan = reading.text(values.get('timespan'), 'timespan');
  const timespanMillis = timespan === undefined ? undefined : parseTimespan(timespan);
  if (timespan !== undefined && timespanMillis === undefined) {
    reading.complain(values.get('timespan'), `"${timespan}" is not a timespan`, '90s, 10m, 1h30m, 7d');
  }
  const known = [...groups, ...logLabels];
  const groupBy = reading.texts(values.get('groupBy'), 'groupBy');
  for (const name of groupBy) {
    if (known.includes(name)) continue;
    const node = values.get('groupBy');
    const at = isSeq(node) ? node.items[groupBy.indexOf(name)] : node;
    reading.complain(
      at,
      `"${name}" is neither a capture nor a label`,
      didYouMean(name, known) ?? `known: ${known.join(', ')}`,
    );
  }
  const hint = values.has('hint') ? reading.text(values.get('hint'), 'hint') : undefined;
  return {
    ...common,
    is: 'log',
    log,
    pattern,
    groupBy,
    ...(hint === undefined ? {} : { hint }),
    ...(timespanMillis === undefined ? {} : { timespanMillis }),
  };
}

/** Logs are scanned by V8's engine at full speed, so only patterns that are safe and mean the same there may pass. */
function checkPattern(pattern: Written, hint: Node | undefined, node: Node, reading: Reading): readonly string[] {
  const { refused, groups, literals, onlyRe2 } = inspectPattern(pattern.text);
  if (refused !== undefined) {
    reading.complain(node, `RE2 refuses the pattern: ${refused}`);
    return [];
  }
  if (onlyRe2 !== undefined) reading.complain(node, `the pattern cannot be used on logs: ${onlyRe2}`, 'write it flat');
  else if (hitsEverything(pattern.text)) reading.complain(node, 'the pattern hits every line');
  const reserved = ['count', 'first', 'last'].find((name) => groups.includes(name));
  if (reserved) reading.complain(node, `a capture cannot be called "${reserved}"`);
  if (hint && isScalar(hint) && literals.length > 0) {
    const text = String(hint.value);
    if (!literals.some((literal) => literal.includes(text))) {
      reading.complain(
        hint,
        'the pattern can hit a line without the hint',
        `safe hints: ${literals.slice(0, 3).join(' · ')}`,
      );
    }
  }
  return groups;
}
