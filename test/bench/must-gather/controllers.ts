// What owns pods: deployments with their replica sets, daemon sets, stateful sets.

import type { Workload } from './cluster.ts';
import { managedFields, metadata, ownRandom, podSpec } from './pods.ts';
import type { Mapping } from './print-yaml.ts';

/** Deployment, ReplicaSet, DaemonSet or StatefulSet; `kind` says which, a Deployment has one ReplicaSet. */
export function controllerOf(workload: Workload, kind: string): Mapping {
  const { namespace, hash } = workload;
  const name = kind === 'ReplicaSet' ? `${workload.name}-${hash}` : workload.name;
  const size = workload.pods.length;
  const ready = workload.pods.filter((pod) => pod.fault === undefined || pod.fault === 'Restarts').length;
  const labels = { app: workload.name };
  const owner = { apiVersion: 'apps/v1', controller: true, kind: 'Deployment', name: workload.name, uid: workload.uid };
  const counts =
    kind === 'DaemonSet'
      ? { currentNumberScheduled: size, desiredNumberScheduled: size, numberAvailable: ready, numberReady: ready }
      : { availableReplicas: ready, readyReplicas: ready, replicas: size, updatedReplicas: size };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: metadata(kind, namespace, name, {
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      generation: 1,
      labels,
      managedFields: managedFields('cluster-operator', 'metadata/labels/app', 'spec/replicas', 'spec/template/spec'),
      ownerReferences: kind === 'ReplicaSet' ? [owner] : undefined,
      uid: kind === 'ReplicaSet' ? ownRandom(kind, namespace, name).uid() : workload.uid,
    }),
    spec: {
      replicas: kind === 'DaemonSet' ? undefined : size,
      revisionHistoryLimit: 10,
      selector: { matchLabels: labels },
      serviceName: kind === 'StatefulSet' ? workload.name : undefined,
      template: { metadata: { creationTimestamp: null, labels }, spec: podSpec(workload) },
    },
    status: { ...counts, observedGeneration: 1 },
  };
}
