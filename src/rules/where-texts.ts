// Finds in a `where` the texts that a field must have for it to hold: facts without them need not be looked at.

import type { Fields } from '../facts/fact-type.ts';
import type { Having } from '../facts/store.ts';
import { type Ast, conjuncts } from './expression-reads.ts';

/** Of each part that `&&` joins: `name.field == "a"`, `name.field in ["a", "b"]`, `name.?field.orValue("") == "a"`. */
export function textsOfWhere(where: Ast, name: string, fields: Fields): readonly Having[] {
  return conjuncts(where).flatMap((part) => {
    const texts = wantedTexts(part);
    return (texts && havingOf((part.args as readonly Ast[])[0], texts, name, fields)) ?? [];
  });
}

function wantedTexts({ op, args }: Ast): readonly string[] | undefined {
  const right = Array.isArray(args) ? (args[1] as Ast | undefined) : undefined;
  if (op === '==' && right) return textsIn([right]);
  if (op === 'in' && right?.op === 'list') return textsIn(right.args as readonly Ast[]);
  return undefined;
}

function textsIn(nodes: readonly Ast[]): readonly string[] | undefined {
  const texts = nodes.map(({ op, args }) => (op === 'value' ? args : undefined));
  return texts.every((text): text is string => typeof text === 'string') ? texts : undefined;
}

function havingOf(left: Ast | undefined, texts: readonly string[], name: string, fields: Fields): Having | undefined {
  if (left?.op === '.') {
    const field = fieldOfName(left, name);
    const shape = field === undefined ? undefined : fields[field];
    const plain = shape?.is === 'optional' ? shape.of : shape;
    // A fact without the field is an error of the rule: it must be told.
    return field !== undefined && plain?.is === 'string' ? { field, texts, orNone: true } : undefined;
  }
  if (left?.op !== 'rcall') return undefined;
  const [method, receiver, args] = left.args as [string, Ast, readonly Ast[]];
  const instead = textsIn(args)?.[0];
  if (method !== 'orValue' || receiver.op !== '.?' || instead === undefined) return undefined;
  const field = fieldOfName(receiver, name);
  return field === undefined ? undefined : { field, texts, orNone: texts.includes(instead) };
}

function fieldOfName({ args }: Ast, name: string): string | undefined {
  const [owner, field] = args as [Ast, unknown];
  return owner.op === 'id' && owner.args === name && typeof field === 'string' ? field : undefined;
}
