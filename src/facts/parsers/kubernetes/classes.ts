// Classes that pods name: PriorityClass and RuntimeClass.
//
//   kind: RuntimeClass
//   handler: kata
//   overhead: { podFixed: { cpu: 250m, memory: 160Mi } }

import { bool, factType, int, map, optional, string } from '../../fact-type.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import { readResourceList, resourceList } from './shapes.ts';
import { boolAt, countAt, hasTree, textAt, textMapAt, treeAt } from './tree.ts';

export const PriorityClass = factType(
  'PriorityClass',
  'One PriorityClass.',
  {
    name: string('Name.'),
    priority: int('Higher goes first.'),
    globalDefault: bool('For pods that name none.'),
    preemptionPolicy: string('PreemptLowerPriority or Never.'),
  },
  { object: { kind: 'PriorityClass', name: 'name' } },
);

export const RuntimeClass = factType(
  'RuntimeClass',
  'One RuntimeClass.',
  {
    name: string('Name.'),
    handler: string('Name of the handler in the runtime configuration.'),
    overhead: optional(resourceList),
    nodeSelector: map(string(), 'Labels a node must have.'),
  },
  { object: { kind: 'RuntimeClass', name: 'name' } },
);

export const priorityClassReader: ObjectReader = {
  reads: ['scheduling.k8s.io/PriorityClass'],
  yields: [PriorityClass],
  read(object) {
    const value = {
      name: object.name,
      priority: countAt(object.whole, 'value'),
      globalDefault: boolAt(object.whole, 'globalDefault'),
      preemptionPolicy: textAt(object.whole, 'preemptionPolicy') || 'PreemptLowerPriority',
    };
    return [factOf(PriorityClass, object, value, { at: places(object, { priority: 'value' }) })];
  },
};

export const runtimeClassReader: ObjectReader = {
  reads: ['node.k8s.io/RuntimeClass'],
  yields: [RuntimeClass],
  read(object) {
    const { whole } = object;
    const value = {
      name: object.name,
      handler: textAt(whole, 'handler'),
      overhead: hasTree(whole, 'overhead', 'podFixed')
        ? readResourceList(treeAt(whole, 'overhead', 'podFixed'))
        : undefined,
      nodeSelector: textMapAt(whole, 'scheduling', 'nodeSelector'),
    };
    return [factOf(RuntimeClass, object, value, { at: places(object, { overhead: 'overhead', handler: 'handler' }) })];
  },
};
