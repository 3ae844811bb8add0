// Workloads: what keeps pods running, and how many of them it has.
//
//   kind: Deployment
//   spec: { replicas: 3, selector: { matchLabels: { app: web } } }
//   status: { replicas: 3, readyReplicas: 1, conditions: [ { type: Progressing, status: "False" } ] }

import { bool, factType, int, list, map, optional, string, time } from '../../fact-type.ts';
import { controllerOf, factOf, type KubeObject, type ObjectReader, places } from './kube-object.ts';
import {
  annotationPlaces,
  annotationsField,
  conditionPlaces,
  conditionsField,
  createdField,
  labelSelector,
  labelsField,
  readConditions,
  readSelector,
} from './shapes.ts';
import { boolAt, countAt, hasTree, intAt, textAt, textMapAt, timeAt, treeAt, treesAt } from './tree.ts';

export const Workload = factType(
  'Workload',
  'One Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, ReplicationController or DeploymentConfig.',
  {
    kind: string('Kind.'),
    namespace: string('Namespace.'),
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    ownerKind: string('Empty for one that nothing controls.'),
    ownerName: string('Name of that owner.'),
    createdAt: createdField,
    generation: optional(int('Version of the spec.')),
    observedGeneration: optional(int('Version of the spec that the status speaks of.')),
    replicasWanted: int('Replicas; nodes to run on for a DaemonSet; parallelism for a Job.'),
    replicas: int('Pods there are.'),
    replicasReady: int('Ready pods.'),
    replicasAvailable: int('Pods that have been ready long enough.'),
    replicasUnavailable: int('Pods that miss.'),
    replicasUpdated: int('Pods of the newest template.'),
    replicasMisscheduled: int('DaemonSet pods on nodes where none should run.'),
    conditions: conditionsField,
    selector: labelSelector,
    templateLabels: map(string(), 'Labels of the pod template.'),
    templateAnnotations: map(string(), 'Annotations of the pod template.'),
    serviceAccount: string('Of the pod template.'),
    hostNetwork: bool('Of the pod template.'),
    priorityClassName: string('Of the pod template.'),
    nodeSelector: map(string(), 'Of the pod template.'),
    images: list(string(), 'Images of the pod template, init containers included.'),
    claimTemplates: list(string(), 'volumeClaimTemplates of a StatefulSet, by name.'),
    strategy: string('RollingUpdate, Recreate or OnDelete; empty where it does not apply.'),
    maxUnavailable: string('Of a rolling update: number or percentage.'),
    maxSurge: string('Of a rolling update: number or percentage.'),
    paused: bool('Changes are held back.'),
    currentRevision: string('StatefulSet: revision of the old pods.'),
    updateRevision: string('StatefulSet: revision to roll out.'),
    schedule: string('CronJob schedule.'),
    suspended: bool('Job or CronJob.'),
    lastScheduledAt: optional(time('CronJob.')),
    lastSucceededAt: optional(time('CronJob.')),
    startedAt: optional(time('Job.')),
    completedAt: optional(time('Job.')),
    active: int('Job pods that run, or running Jobs of a CronJob.'),
    succeeded: int('Job pods.'),
    failed: int('Job pods.'),
    completions: optional(int('Job pods that must succeed.')),
    backoffLimit: optional(int('Retries of a Job.')),
  },
  { object: { kind: 'kind', namespace: 'namespace', name: 'name' } },
);

const fieldPlaces = {
  labels: 'metadata.labels',
  annotations: 'metadata.annotations',
  replicasWanted: 'spec.replicas',
  replicas: 'status.replicas',
  replicasReady: 'status.readyReplicas',
  replicasAvailable: 'status.availableReplicas',
  replicasUnavailable: 'status.unavailableReplicas',
  replicasUpdated: 'status.updatedReplicas',
  observedGeneration: 'status.observedGeneration',
  generation: 'metadata.generation',
  selector: 'spec.selector',
  strategy: 'spec.strategy',
  templateLabels: 'spec.template.metadata.labels',
  templateAnnotations: 'spec.template.metadata.annotations',
  currentRevision: 'status.currentRevision',
  updateRevision: 'status.updateRevision',
  schedule: 'spec.schedule',
  suspended: 'spec.suspend',
  status: 'status',
  conditions: 'status.conditions',
};
const daemonSetPlaces = {
  replicasWanted: 'status.desiredNumberScheduled',
  replicas: 'status.currentNumberScheduled',
  replicasReady: 'status.numberReady',
  replicasAvailable: 'status.numberAvailable',
  replicasUnavailable: 'status.numberUnavailable',
  replicasUpdated: 'status.updatedNumberScheduled',
  replicasMisscheduled: 'status.numberMisscheduled',
  strategy: 'spec.updateStrategy',
};

export const workloadReader: ObjectReader = {
  reads: [
    ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].map((kind) => `apps/${kind}`),
    ...['Deployment', 'ReplicaSet', 'DaemonSet'].map((kind) => `extensions/${kind}`),
    'batch/Job',
    'batch/CronJob',
    '/ReplicationController',
    'apps.openshift.io/DeploymentConfig',
  ],
  yields: [Workload],
  read(object) {
    const { spec, status } = object;
    const value = {
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      labels: object.labels,
      annotations: object.annotations,
      ...controllerOf(object),
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      generation: intAt(object.metadata, 'generation'),
      observedGeneration: intAt(status, 'observedGeneration'),
      ...(object.kind === 'DaemonSet' ? countDaemons(object) : countReplicas(object)),
      conditions: readConditions(status),
      selector: selectorOf(object),
      ...readTemplate(object),
      claimTemplates: treesAt(spec, 'volumeClaimTemplates').map((claim) => textAt(claim, 'metadata', 'name')),
      ...readStrategy(object),
      paused: boolAt(spec, 'paused'),
      currentRevision: textAt(status, 'currentRevision'),
      updateRevision: textAt(status, 'updateRevision'),
      ...readBatch(object),
    };
    const own =
      object.kind === 'DaemonSet'
        ? daemonSetPlaces
        : object.kind === 'StatefulSet'
          ? { strategy: daemonSetPlaces.strategy }
          : {};
    const at = {
      ...places(object, { ...fieldPlaces, ...own }),
      ...annotationPlaces(object.metadata),
      ...annotationPlaces(treeAt(spec, 'template', 'metadata'), 'templateAnnotations'),
      ...conditionPlaces(status),
    };
    return [factOf(Workload, object, value, { at, key: [object.kind, object.namespace, object.name] })];
  },
};

function countReplicas({ kind, spec, status }: KubeObject) {
  const jobLike = kind === 'Job' || kind === 'CronJob';
  const wanted = jobLike ? countAt(spec, 'parallelism') : (intAt(spec, 'replicas') ?? 1);
  const available = countAt(status, 'availableReplicas');
  return {
    replicasWanted: wanted,
    replicas: jobLike && Array.isArray(status.active) ? status.active.length : countAt(status, 'replicas'),
    replicasReady: countAt(status, jobLike ? 'ready' : 'readyReplicas'),
    replicasAvailable: available,
    replicasUnavailable: intAt(status, 'unavailableReplicas') ?? (jobLike ? 0 : Math.max(0, wanted - available)),
    replicasUpdated: countAt(status, 'updatedReplicas'),
    replicasMisscheduled: 0,
  };
}

function countDaemons({ status }: KubeObject) {
  return {
    replicasWanted: countAt(status, 'desiredNumberScheduled'),
    replicas: countAt(status, 'currentNumberScheduled'),
    replicasReady: countAt(status, 'numberReady'),
    replicasAvailable: countAt(status, 'numberAvailable'),
    replicasUnavailable: countAt(status, 'numberUnavailable'),
    replicasUpdated: countAt(status, 'updatedNumberScheduled'),
    replicasMisscheduled: countAt(status, 'numberMisscheduled'),
  };
}

/** ReplicationControllers and DeploymentConfigs have a plain map of labels. */
function selectorOf({ spec }: KubeObject) {
  const selector = treeAt(spec, 'selector');
  const plain = !('matchLabels' in selector) && !('matchExpressions' in selector);
  return plain ? { matchLabels: textMapAt(selector), matchExpressions: [] } : readSelector(spec, 'selector');
}

function readTemplate({ kind, spec }: KubeObject) {
  const template = kind === 'CronJob' ? treeAt(spec, 'jobTemplate', 'spec', 'template') : treeAt(spec, 'template');
  const containers = [...treesAt(template, 'spec', 'initContainers'), ...treesAt(template, 'spec', 'containers')];
  return {
    templateLabels: textMapAt(template, 'metadata', 'labels'),
    templateAnnotations: textMapAt(template, 'metadata', 'annotations'),
    serviceAccount: textAt(template, 'spec', 'serviceAccountName'),
    hostNetwork: boolAt(template, 'spec', 'hostNetwork'),
    priorityClassName: textAt(template, 'spec', 'priorityClassName'),
    nodeSelector: textMapAt(template, 'spec', 'nodeSelector'),
    images: containers.map((container) => textAt(container, 'image')),
  };
}

function readStrategy({ spec }: KubeObject) {
  const strategy = treeAt(spec, hasTree(spec, 'updateStrategy') ? 'updateStrategy' : 'strategy');
  return {
    strategy: textAt(strategy, 'type'),
    maxUnavailable: textAt(strategy, 'rollingUpdate', 'maxUnavailable'),
    maxSurge: textAt(strategy, 'rollingUpdate', 'maxSurge'),
  };
}

function readBatch({ spec, status }: KubeObject) {
  return {
    schedule: textAt(spec, 'schedule'),
    suspended: boolAt(spec, 'suspend'),
    lastScheduledAt: timeAt(status, 'lastScheduleTime'),
    lastSucceededAt: timeAt(status, 'lastSuccessfulTime'),
    startedAt: timeAt(status, 'startTime'),
    completedAt: timeAt(status, 'completionTime'),
    active: Array.isArray(status.active) ? status.active.length : countAt(status, 'active'),
    succeeded: countAt(status, 'succeeded'),
    failed: countAt(status, 'failed'),
    completions: intAt(spec, 'completions'),
    backoffLimit: intAt(spec, 'backoffLimit'),
  };
}
