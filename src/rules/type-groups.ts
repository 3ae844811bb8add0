// The value types of each fact type: made when a rule uses them, for a rule uses few of them.

import type { Field, Fields } from '../facts/fact-type.ts';
import { type ValueType, valueTypes } from './fact-values.ts';
import type { Vocabulary } from './rule.ts';

export interface TypeGroups {
  /** Its nested objects, then itself. */
  of(factType: string): readonly ValueType[];
  /** `Container`, `Container_limits`. */
  named(type: string): ValueType | undefined;
}

export function typeGroups(vocabulary: Vocabulary): TypeGroups {
  const fields = new Map(vocabulary.factTypes.map((type) => [type.name, type.fields]));
  fields.set('Settings', settingFields(vocabulary));
  const made = new Map<string, readonly ValueType[]>();
  const types = new Map<string, ValueType>();
  const of = (factType: string): readonly ValueType[] => {
    const known = made.get(factType);
    if (known) return known;
    const shape = fields.get(factType);
    const group = shape ? valueTypes(factType, shape) : [];
    made.set(factType, group);
    for (const type of group) types.set(type.name, type);
    return group;
  };
  return {
    of,
    named(type) {
      of(factTypeOf(type));
      return types.get(type);
    },
  };
}

/** `Container_limits` → `Container`. */
export const factTypeOf = (type: string): string => type.split('_')[0] ?? type;

function settingFields(vocabulary: Vocabulary): Fields {
  const fields: Record<string, Field> = {};
  for (const [name, { type, doc }] of Object.entries(vocabulary.settings)) {
    fields[name] = type === 'list' ? { is: 'list', of: { is: 'string', doc }, doc } : { is: type, doc };
  }
  return fields;
}
