// What bounds the resources of a namespace: ResourceQuotas, OpenShift ClusterResourceQuotas and LimitRanges.
//
//   kind: ResourceQuota
//   status: { hard: { requests.cpu: "4", pods: "10" }, used: { requests.cpu: 3900m, pods: "10" } }

import { factType, int, list, map, object, optional, string } from '../../fact-type.ts';
import { cpuMillis, wholeUnits } from '../../text/quantity.ts';
import { factOf, type KubeObject, type ObjectReader, places } from './kube-object.ts';
import { readResourceList, resourceList } from './shapes.ts';
import { memberPlaces, textAt, textMapAt, textsAt, treeAt, treesAt } from './tree.ts';

export const ResourceQuota = factType(
  'ResourceQuota',
  'One ResourceQuota or ClusterResourceQuota.',
  {
    kind: string('Kind.'),
    namespace: string('Empty for a ClusterResourceQuota.'),
    name: string('Name.'),
    scopes: list(string(), 'Scopes that limit which pods count.'),
    entries: list(
      object({
        resource: string('E.g. requests.cpu, pods, count/secrets.'),
        hard: string('As written.'),
        used: string('As written; empty where the status does not tell.'),
        hardAmount: optional(int('Thousandths of a core for CPU, whole units for all else.')),
        usedAmount: optional(int('In the same unit.')),
      }),
    ),
  },
  { object: { kind: 'kind', namespace: 'namespace', name: 'name' } },
);

export const LimitRange = factType(
  'LimitRange',
  'One LimitRange.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    limits: list(
      object({
        type: string('Container, Pod or PersistentVolumeClaim.'),
        min: resourceList,
        max: resourceList,
        default: resourceList,
        defaultRequest: resourceList,
        maxLimitRequestRatio: map(string(), 'Largest ratio of limit to request.'),
      }),
    ),
  },
  { object: { kind: 'LimitRange', namespace: 'namespace', name: 'name' } },
);

export const quotaReader: ObjectReader = {
  reads: ['/ResourceQuota', 'quota.openshift.io/ClusterResourceQuota'],
  yields: [ResourceQuota],
  read(object) {
    const cluster = object.kind === 'ClusterResourceQuota';
    const value = {
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      scopes: textsAt(object.spec, 'scopes'),
      entries: readEntries(object, cluster),
    };
    const at = places(object, {
      hard: cluster ? 'spec.quota.hard' : 'spec.hard',
      entries: 'status',
      used: cluster ? 'status.total.used' : 'status.used',
    });
    return [factOf(ResourceQuota, object, value, { at })];
  },
};

export const limitRangeReader: ObjectReader = {
  reads: ['/LimitRange'],
  yields: [LimitRange],
  read(object) {
    const limits = treesAt(object.spec, 'limits');
    const value = {
      namespace: object.namespace,
      name: object.name,
      limits: limits.map((limit) => ({
        type: textAt(limit, 'type'),
        min: readResourceList(treeAt(limit, 'min')),
        max: readResourceList(treeAt(limit, 'max')),
        default: readResourceList(treeAt(limit, 'default')),
        defaultRequest: readResourceList(treeAt(limit, 'defaultRequest')),
        maxLimitRequestRatio: textMapAt(limit, 'maxLimitRequestRatio'),
      })),
    };
    const at = memberPlaces('limits', limits, (limit) => textAt(limit, 'type'));
    return [factOf(LimitRange, object, value, { at })];
  },
};

function readEntries(object: KubeObject, cluster: boolean) {
  const hard = cluster ? textMapAt(object.spec, 'quota', 'hard') : textMapAt(object.spec, 'hard');
  const status = cluster ? treeAt(object.status, 'total') : object.status;
  const used = textMapAt(status, 'used');
  return Object.entries(hard).map(([resource, limit]) => {
    const inUse = Object.hasOwn(used, resource) ? used[resource] : undefined;
    const amount = resource === 'cpu' || resource.endsWith('.cpu') ? cpuMillis : wholeUnits;
    return {
      resource,
      hard: limit,
      used: inUse ?? '',
      hardAmount: amount(limit),
      usedAmount: amount(inUse),
    };
  });
}
