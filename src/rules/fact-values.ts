// Turns stored facts, which are plain JSON, into the values that CEL computes with: big integers, dates, typed objects.

import type { Field, Fields } from '../facts/fact-type.ts';
import { celMap } from './map-values.ts';

/** A type as CEL gets to know it: a name, a class, and the CEL types of its fields. */
export interface ValueType {
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly celFields: Readonly<Record<string, string>>;
  readonly ctor: new (raw: Readonly<Record<string, unknown>>) => object;
}

export const timestampType = 'google.protobuf.Timestamp';

/** The value types of a fact type, nested objects first. A nested object is named after its way: `Container_limits`. */
export function valueTypes(name: string, fields: Fields): ValueType[] {
  const nested: ValueType[] = [];
  const celFields: Record<string, string> = {};
  const readers: Record<string, Reader> = {};
  for (const [field, shape] of Object.entries(fields)) {
    const { cel, read } = describe(`${name}_${field}`, shape, nested);
    celFields[field] = cel;
    readers[field] = read;
  }
  return [...nested, { name, fields, celFields, ctor: classOf(name, fields, readers) }];
}

type Reader = (raw: unknown) => unknown;

function describe(name: string, shape: Field, nested: ValueType[]): { cel: string; read: Reader } {
  switch (shape.is) {
    case 'string':
    case 'node':
      return { cel: 'string', read: (raw) => (typeof raw === 'string' ? raw : undefined) };
    case 'bool':
      return { cel: 'bool', read: (raw) => (typeof raw === 'boolean' ? raw : undefined) };
    case 'double':
      return { cel: 'double', read: (raw) => (typeof raw === 'number' ? raw : undefined) };
    case 'int':
      return { cel: 'int', read: (raw) => (Number.isInteger(raw) ? BigInt(raw as number) : undefined) };
    case 'time':
      return { cel: timestampType, read: timeValue };
    case 'dyn':
      return { cel: 'dyn', read: dynValue };
    case 'optional':
      return describe(name, shape.of, nested);
    case 'list': {
      const { cel, read } = describe(name, shape.of, nested);
      return { cel: `list<${cel}>`, read: (raw) => (Array.isArray(raw) ? raw.map(read) : undefined) };
    }
    case 'map': {
      const { cel, read } = describe(name, shape.of, nested);
      return { cel: `map<string, ${cel}>`, read: (raw) => mapValue(raw, read) };
    }
    case 'object': {
      const types = valueTypes(name, shape.fields);
      nested.push(...types);
      const own = types.at(-1) as ValueType;
      return { cel: name, read: (raw) => (isRecord(raw) ? new own.ctor(raw) : undefined) };
    }
  }
}

const rawOf = Symbol('raw');

/** CEL reads fields by their names, so it cannot reach what stands behind these symbols. */
class FactValue {
  readonly [rawOf]: Readonly<Record<string, unknown>>;
  /** What was converted and is kept; most values are read once. */
  readonly [kept: symbol]: unknown;
  constructor(raw: Readonly<Record<string, unknown>>) {
    this[rawOf] = raw;
  }
}

/** A value of a typed object, or of an object inside of one. */
export const isFactValue = (value: unknown): value is object => value instanceof FactValue;

/** The stored fact that a value was made of; undefined for any other value. */
export function rawOfValue(value: unknown): object | undefined {
  return value instanceof FactValue ? value[rawOf] : undefined;
}

/** Fields are converted when a rule reads them; what costs something is kept. */
function classOf(name: string, fields: Fields, readers: Readonly<Record<string, Reader>>): ValueType['ctor'] {
  const made = { [name]: class extends FactValue {} }[name] as typeof FactValue;
  for (const [field, shape] of Object.entries(fields)) {
    const read = readers[field] as Reader;
    const kept = Symbol(field);
    const get = isCheap(shape)
      ? function (this: FactValue) {
          return read(this[rawOf][field]);
        }
      : function (this: Record<symbol, unknown>) {
          const known = this[kept];
          if (known !== undefined) return known;
          const made = read((this[rawOf] as FactValue[typeof rawOf])[field]);
          if (made !== undefined) this[kept] = made;
          return made;
        };
    Object.defineProperty(made.prototype, field, { get, enumerable: true });
  }
  return made;
}

function isCheap(shape: Field): boolean {
  if (shape.is === 'optional') return isCheap(shape.of);
  return ['string', 'node', 'bool', 'double', 'int'].includes(shape.is);
}

/** A moment, or undefined where the text is none. */
export function timeValue(raw: unknown): Date | undefined {
  if (typeof raw !== 'string') return undefined;
  const date = new Date(raw);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function mapValue(raw: unknown, read: Reader): unknown {
  if (!isRecord(raw)) return undefined;
  return celMap(Object.entries(raw).map(([key, value]) => [key, read(value)]));
}

/** JSON as CEL sees it untyped: whole numbers are integers, an object is a map without a prototype. */
export function dynValue(raw: unknown): unknown {
  if (typeof raw === 'number') return Number.isInteger(raw) ? BigInt(raw) : raw;
  if (Array.isArray(raw)) return raw.map(dynValue);
  return isRecord(raw) ? mapValue(raw, dynValue) : raw;
}

function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
