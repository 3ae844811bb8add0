// Reads API objects in YAML or JSON: one object, a List, a PodList, several documents. Each kind has its reader.
//
//   apiVersion: v1
//   kind: PodList
//   items:
//   - metadata: { name: checkout-0, namespace: shop }
//     spec: …

import type { Source } from '../../../bundle/source.ts';
import type { Fact, FactType } from '../../fact-type.ts';
import { brokenBy, type Problem, parser, type Wanted } from '../../parser.ts';
import { type Located, readDocuments } from '../../text/documents.ts';
import { AciObject, isAci, readAciObject } from './aci.ts';
import { AppliedApiVersion, DeletingObject, KubernetesObject, readAnyObject } from './any-object.ts';
import type { KubeObject, ObjectReader } from './kube-object.ts';
import { readers } from './readers.ts';
import { isTree, type Tree } from './tree.ts';
import { unfold } from './unfold.ts';
import { missingEnd } from './whole-object.ts';

const byKind = new Map<string, ObjectReader[]>();
for (const reader of readers) {
  for (const kind of reader.reads) byKind.set(kind, [...(byKind.get(kind) ?? []), reader]);
}
const anyKind: readonly FactType[] = [KubernetesObject, DeletingObject, AppliedApiVersion, AciObject];
const yields = [...new Set([...readers.flatMap((reader) => reader.yields), ...anyKind])];

export const kubernetesObjects = parser({
  reads: 'KubernetesManifest',
  yields,
  parse(text, source, wanted) {
    const { documents: read, problems } = readDocuments(text);
    const { documents, cut } = withoutCutEnd(read, text);
    const { objects, problems: odd, listed } = unfold(documents, hintOf(source), knownOf(source));
    const facts: Fact[] = [];
    const unread: Problem[] = [];
    for (const object of objects) {
      try {
        facts.push(...readObject(object, wanted));
      } catch (error) {
        // One object of a shape nobody thought of must not cost the other thousand of its file.
        const detail = `${object.kind} ${object.namespace}/${object.name}: ${brokenBy(error)}`;
        unread.push({ code: 'PARSE_ERROR', span: object.span, detail });
      }
    }
    // Only the first type of a reader is there for every object of its kind; others depend on what the object holds.
    const answered = [...listed]
      .flatMap((kind) => byKind.get(kind) ?? [])
      .flatMap(({ yields: [type] }) => type?.name ?? []);
    // Every object says whether it is being deleted.
    if (objects.length > 0) answered.push(DeletingObject.name);
    return { facts, problems: [...problems, ...cut, ...odd, ...unread], answered };
  },
});

/** Takes off the last object of YAML that was cut at a line end: what it lacks would seem to be unset. */
function withoutCutEnd(
  documents: readonly Located[],
  text: string,
): { documents: readonly Located[]; cut: readonly Problem[] } {
  const last = documents.at(-1);
  // JSON shows a cut by its brackets.
  const isObject = last && isTree(last.value) && !('items' in last.value);
  const missing = isObject && !/^\s*[{[]/.test(text) ? missingEnd(last.value as Tree) : undefined;
  if (!last || missing === undefined) return { documents, cut: [] };
  const detail = `the text ends before ${missing}, which every such object has: the object was left out`;
  return { documents: documents.slice(0, -1), cut: [{ code: 'YAML_TRUNCATED', span: last.span, detail }] };
}

function readObject(object: KubeObject, wanted: Wanted): readonly Fact[] {
  const facts = [...readAnyObject(object, wanted)];
  for (const reader of byKind.get(`${object.group}/${object.kind}`) ?? []) {
    if (reader.yields.some((type) => wanted.has(type.name))) facts.push(...reader.read(object, wanted));
  }
  if (isAci(object) && wanted.has(AciObject.name)) facts.push(readAciObject(object));
  return facts;
}

/** Insights and Sonobuoy write objects without kind and apiVersion; `rules/sources` says what lies where. */
function knownOf({ labels }: Source): readonly [apiVersion: string, kind: string] | undefined {
  const { apiVersion, kind } = labels;
  return apiVersion && kind ? [apiVersion, kind] : undefined;
}

/** `…/pods.json` and `…/pods/default.json`: what the objects are when they do not say so themselves. */
function hintOf(source: Source): readonly string[] {
  const { path } = source;
  const end = path.lastIndexOf('/');
  return path
    .slice(path.lastIndexOf('/', end - 1) + 1)
    .split('/')
    .map((part) => part.replace(/\.(json|yaml|yml)$/, ''))
    .reverse();
}
