// Shapes that many API objects share: conditions, selectors, resource lists.

import type { Places } from '../../fact-type.ts';
import { int, list, map, object, optional, string, time } from '../../fact-type.ts';
import { cpuMillis, wholeUnits } from '../../text/quantity.ts';
import { lastAppliedAnnotation } from './kube-object.ts';
import { keyPlaces, memberPlaces, type Tree, textAt, textMapAt, timeAt, treeAt, treesAt } from './tree.ts';

export const labelsField = map(string(), 'Labels.');
export const annotationsField = map(string(), 'Annotations, without kubectl last-applied.');
export const createdField = optional(time('Creation time.'));

const condition = object({
  type: string('Name of the condition, e.g. Ready.'),
  status: string('True, False or Unknown.'),
  reason: string('One word; empty where none is given.'),
  message: string('Empty where none is given.'),
  lastTransitionAt: optional(time('When the status last changed.')),
});
export const conditionsField = list(condition, 'status.conditions.');

export type ConditionFields = ReturnType<typeof readConditions>[number];

export function readConditions(owner: Tree) {
  return treesAt(owner, 'conditions').map(readCondition);
}

export function readCondition(tree: Tree) {
  return {
    type: textAt(tree, 'type'),
    status: textAt(tree, 'status'),
    reason: textAt(tree, 'reason'),
    message: textAt(tree, 'message'),
    lastTransitionAt: timeAt(tree, 'lastTransitionTime'),
  };
}

/** Lines of each condition, as `conditions.Ready`. */
export function conditionPlaces(owner: Tree): Places {
  return memberPlaces('conditions', treesAt(owner, 'conditions'), (one) => textAt(one, 'type'));
}

/** Lines of each annotation, as `annotations.openshift.io/scc`. */
export function annotationPlaces(metadata: Tree, field = 'annotations'): Places {
  const annotations = treeAt(metadata, 'annotations');
  return keyPlaces(field, annotations, lastAppliedAnnotation);
}

/** A list of resources, e.g. a container's requests. Resources that are not listed are absent. */
export const resourceList = object(
  {
    cpuMillis: optional(int('CPU, thousandths of a core.')),
    memoryBytes: optional(int('Memory.')),
    ephemeralStorageBytes: optional(int('Local ephemeral storage.')),
    pods: optional(int('Pods (nodes and quotas only).')),
    hugepages: map(int('Bytes.'), 'Huge pages by page size, e.g. `2Mi`.'),
    extended: map(int('Units.'), 'Other resources by name, e.g. `nvidia.com/gpu`.'),
    raw: map(string(), 'All of them as written.'),
  },
  'Amounts of resources.',
);

export function readResourceList(tree: Tree) {
  const hugepages: Record<string, number> = {};
  const extended: Record<string, number> = {};
  for (const [name, quantity] of Object.entries(tree)) {
    if (plainResources.has(name)) continue;
    const units = wholeUnits(quantity);
    if (units === undefined) continue;
    if (name.startsWith('hugepages-')) hugepages[name.slice('hugepages-'.length)] = units;
    else extended[name] = units;
  }
  return {
    cpuMillis: cpuMillis(tree.cpu),
    memoryBytes: wholeUnits(tree.memory),
    ephemeralStorageBytes: wholeUnits(tree['ephemeral-storage']),
    pods: wholeUnits(tree.pods),
    hugepages,
    extended,
    raw: textMapAt(tree),
  };
}
const plainResources = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);

const selectorExpression = object({
  key: string('Label.'),
  operator: string('In, NotIn, Exists or DoesNotExist.'),
  values: list(string(), 'Values.'),
});

export const labelSelector = object(
  {
    matchLabels: map(string(), 'Labels that must be equal.'),
    matchExpressions: list(selectorExpression, 'Further terms.'),
  },
  'Label selector.',
);

export function readSelector(owner: Tree, key: string) {
  const selector = treeAt(owner, key);
  return {
    matchLabels: textMapAt(selector, 'matchLabels'),
    matchExpressions: treesAt(selector, 'matchExpressions').map((term) => ({
      key: textAt(term, 'key'),
      operator: textAt(term, 'operator'),
      values: Array.isArray(term.values) ? term.values.map(String) : [],
    })),
  };
}
