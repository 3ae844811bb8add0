// What the checker of the CEL library lets pass and is wrong all the same: patterns RE2 refuses, unknown fields, deep loops.

import type { Fields } from '../facts/fact-type.ts';
import { mostNested, tooDeep } from './cel-budget.ts';
import type { CelProblem } from './cel-scope.ts';
import type { Ast, Reads } from './expression-reads.ts';
import { inspectPattern } from './patterns.ts';
import { didYouMean } from './suggest.ts';

type FieldsOf = (type: string) => Fields | undefined;

/** What is wrong with an expression that the library finds nothing wrong with. */
export const alsoWrong = (ast: Ast, reads: Reads, fieldsOf: FieldsOf): CelProblem | undefined =>
  refusedPattern(reads) ?? unknownField(reads, fieldsOf) ?? nestedLoops(ast);

function refusedPattern(reads: Reads): CelProblem | undefined {
  for (const { pattern, node } of reads.patterns) {
    const { refused } = inspectPattern(pattern);
    if (refused !== undefined) return { start: node.start, message: `RE2 refuses the pattern: ${refused}` };
  }
  return undefined;
}

function nestedLoops(ast: Ast): CelProblem | undefined {
  const loop = tooDeep(ast);
  return loop && { start: loop.start, message: `loops more than ${mostNested} deep inside of each other` };
}

/** The checker lets a wrong field pass in `has(a.b)` and `a.?b`; a rule that names none is wrong. */
function unknownField(reads: Reads, fieldsOf: FieldsOf): CelProblem | undefined {
  for (const access of reads.accesses) {
    const [left, field] = access.args as [Ast, string];
    const type = typeOf(left, fieldsOf);
    const fields = type === undefined ? undefined : fieldsOf(type);
    if (!fields || Object.hasOwn(fields, field)) continue;
    const suggestion = didYouMean(field, Object.keys(fields));
    const message = `${typeText(type ?? '')} has no field "${field}"`;
    return { start: access.end - field.length, message, ...(suggestion === undefined ? {} : { suggestion }) };
  }
  return undefined;
}

/** The typed object that a node gives, by name, where the checker or the fields before it tell. */
function typeOf(node: Ast, fieldsOf: FieldsOf): string | undefined {
  const checked = (node as { readonly checkedType?: { readonly name: string } }).checkedType?.name;
  if (checked !== undefined) return /^optional<(.+)>$/.exec(checked)?.[1] ?? checked;
  if (node.op !== '.' && node.op !== '.?') return undefined;
  const [left, field] = node.args as [Ast, string];
  const owner = typeOf(left, fieldsOf);
  const shape = owner === undefined ? undefined : fieldsOf(owner)?.[field];
  const plain = shape?.is === 'optional' ? shape.of : shape;
  return plain?.is === 'object' ? `${owner}_${field}` : undefined;
}

/** CEL type names as rules write them: `Container_limits` → `Container.limits`. */
export function typeText(type: string): string {
  return type
    .replaceAll('google.protobuf.Timestamp', 'timestamp')
    .replaceAll('google.protobuf.Duration', 'duration')
    .replace(/(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])/g, '.');
}
