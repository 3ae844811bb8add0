// Names the Kubernetes objects that a finding is about, and the moments worth a line in the timeline.

import type { Language } from '../rules/cel.ts';
import type { CompiledRule } from '../rules/compile.ts';
import { timeValue } from '../rules/fact-values.ts';
import type { Candidate } from './candidates.ts';
import type { Bound } from './evidence.ts';
import type { ObjectRef } from './outcome.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Each object once, in the order of the names of `given`. */
export function objectsOf(candidates: readonly Candidate[]): ObjectRef[] {
  const objects = new Map<string, ObjectRef>();
  for (const candidate of candidates) {
    const object = objectOf(candidate);
    if (object) objects.set(JSON.stringify([object.kind, object.namespace, object.name, object.node]), object);
  }
  return [...objects.values()];
}

function objectOf({ naming, raw, lines }: Candidate): ObjectRef | undefined {
  if (naming) {
    const { kind } = naming;
    const said = (field: string | undefined) => (field === undefined ? undefined : text(raw[field]));
    return reference(text(raw[kind]) ?? kind, said(naming.namespace), said(naming.name), said(naming.node));
  }
  const node = text(raw.node);
  if (lines && text(raw.pod) !== undefined) return reference('Pod', text(raw.namespace), text(raw.pod), node);
  const { apiVersion, kind, metadata } = raw;
  if (typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata === 'object' && metadata !== null) {
    const { namespace, name } = metadata as Raw;
    return reference(kind, text(namespace), text(name), text((raw.spec as Raw | undefined)?.nodeName));
  }
  // What was read on a node belongs to that node.
  return node === undefined ? undefined : reference('Node', undefined, node, node);
}

function reference(kind: string, namespace?: string, name?: string, node?: string): ObjectRef {
  return { kind, ...(namespace && { namespace }), ...(name && { name }), ...(node && { node }) };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Times that the rule reads of single facts, and where bursts begin and end. */
export function timesOf(rule: CompiledRule, bound: Bound, language: Language): string[] {
  const times = new Set<string>();
  const add = (raw: unknown) => {
    const time = timeValue(raw);
    if (time) times.add(timeText(time));
  };
  for (const { binding } of rule.bindings) {
    const held = bound.get(binding.name) ?? [];
    const [only] = held;
    if (!only || held.length > 1) continue;
    if (only.lines) {
      add(only.raw.first);
      add(only.raw.last);
    }
    const fields = binding.is === 'fact' ? language.fieldsOf(binding.fact) : undefined;
    for (const { name, path } of [...rule.reads, ...rule.messageReads]) {
      const [field] = path;
      const shape = name === binding.name && path.length === 1 && field !== undefined ? fields?.[field] : undefined;
      const plain = shape?.is === 'optional' ? shape.of : shape;
      if (plain?.is === 'time' && field !== undefined) add(only.raw[field]);
    }
  }
  return [...times].sort();
}

/** When the objects were made that stand alone for a name of the rule. */
export function creationsOf(bound: Bound): string[] {
  const made = [...bound.values()].flatMap((held) =>
    held.length === 1 ? (timeValue(held[0]?.raw.createdAt) ?? []) : [],
  );
  return [...new Set(made.map(timeText))].sort();
}

const timeText = (time: Date): string => time.toISOString().replace('.000Z', 'Z');
