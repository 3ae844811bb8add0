// `rules explain`: what a rule looks at, how its parts are joined, and when it says which verdict.

import type { Field, Fields } from '../../facts/fact-type.ts';
import type { CompiledRule } from '../compile.ts';
import { compileRules } from '../compile.ts';
import type { CompiledBinding } from '../compile-given.ts';
import { type Rule, sourceName, type Vocabulary } from '../rule.ts';
import { flat, indent, showRule } from './show.ts';

/** `rules` are all that are known: some of them may explain this one. */
export function explainRule(rule: Rule, vocabulary: Vocabulary, rules: readonly Rule[] = []): string {
  const [compiled] = compileRules([rule], vocabulary).rules;
  if (!compiled) throw new Error(`rule ${rule.id} did not compile`);
  const [first, ...joined] = compiled.bindings;
  const parts = [
    showRule(rule),
    '\nHow it decides',
    indent(
      `One evaluation ${first.binding.many ? 'over all' : 'per'} ${first.source}, called "${first.binding.name}".`,
    ),
    ...joined.map((binding) => indent(joinText(binding))),
    ...rule.let.map(({ name, value }) => indent(`"${name}" is ${flat(value.text)}`)),
    indent(verdictText(compiled)),
    '\nWhat it reads',
    ...compiled.bindings.map((binding) => indent(fieldsText(compiled, binding, vocabulary))),
    ...settingLines(compiled, vocabulary),
    ...causeLines(rule, rules),
  ];
  return parts.join('\n');
}

function joinText({ binding, source }: CompiledBinding): string {
  const keys = binding.on.map(({ field, key }) => `${field} = ${flat(key.text)}`).join(' and ');
  const where = binding.where ? `, where ${flat(binding.where.text)}` : '';
  const amount = binding.many ? 'all' : 'the';
  const absent = absentText(binding, source);
  return `"${binding.name}" is ${amount} ${source}${keys === '' ? '' : ` with ${keys}`}${where}. ${absent}`;
}

function absentText(binding: Rule['given'][number], source: string): string {
  if (binding.optional) return 'Without it the rule decides all the same.';
  if (binding.many) return `No such one is an empty list, as long as the bundle holds any ${source}.`;
  if (binding.is === 'log') return 'A log that was read and holds no such line passes the subject.';
  return `Without it the subject is undecided, and ${source} is named as missing.`;
}

function verdictText({ rule, usesNow }: CompiledRule): string {
  const applies = rule.appliesWhen ? `Only where ${flat(rule.appliesWhen.text)}.\n` : '';
  const now = usesNow ? '\nAges count from the time the bundle was gathered; without that time there is no data.' : '';
  return `${applies}Fails where ${flat(rule.failsWhen.text)}.${now}`;
}

/** The fields of a binding that the rule reads, with what each is. */
function fieldsText(compiled: CompiledRule, { binding }: CompiledBinding, vocabulary: Vocabulary): string {
  const type = binding.is === 'fact' ? vocabulary.factTypes.find(({ name }) => name === binding.fact) : undefined;
  const head = `${binding.name}, ${sourceName(binding)}${type ? `: ${type.doc}` : ''}`;
  if (binding.is === 'log') {
    const grouped = binding.groupBy.length > 0 ? `, told apart by ${binding.groupBy.join(', ')}` : '';
    return `${head}\n  lines that hit ${binding.pattern.text}${grouped}`;
  }
  if (!type) return head;
  const reads = [...compiled.reads, ...compiled.messageReads].filter((read) => read.name === binding.name);
  const ways = new Set(reads.map((read) => read.path.join('.')));
  const lines = [...ways].sort().flatMap((way) => {
    const field = fieldOf(type.fields, way.split('.'));
    return field ? [`  ${way}: ${field.doc || field.is}`] : [];
  });
  return [head, ...lines].join('\n');
}

function fieldOf(fields: Fields, way: readonly string[]): Field | undefined {
  const [name = '', ...rest] = way;
  let field = fields[name];
  while (field && (field.is === 'optional' || field.is === 'list')) field = field.of;
  if (rest.length === 0 || !field) return fields[name];
  return field.is === 'object' ? fieldOf(field.fields, rest) : undefined;
}

/** The rules whose findings may be the cause of one of this rule. */
function causeLines({ id }: Rule, rules: readonly Rule[]): string[] {
  const lines = rules.flatMap((rule) =>
    rule.explains
      .filter((each) => each.rules.some((effect) => effect.id === id))
      .map(({ by, why }) => indent(`- ${rule.id}, by ${by}: ${why}`)),
  );
  return lines.length > 0 ? ['\nExplained by', ...lines] : [];
}

function settingLines(compiled: CompiledRule, vocabulary: Vocabulary): string[] {
  const names = compiled.settings.filter((name) => Object.hasOwn(vocabulary.settings, name));
  if (names.length === 0) return [];
  const lines = names.map((name) => {
    const setting = vocabulary.settings[name];
    return indent(`${name} = ${String(setting?.value)}${setting?.unit ? ` ${setting.unit}` : ''}: ${setting?.doc}`);
  });
  return ['\nSettings', ...lines];
}
