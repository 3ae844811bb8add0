// What bounds the number of pods: PodDisruptionBudgets and HorizontalPodAutoscalers.
//
//   kind: PodDisruptionBudget
//   spec: { minAvailable: 1, selector: { matchLabels: { app: web } } }
//   status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 }

import { bool, factType, int, list, optional, string } from '../../fact-type.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import {
  conditionPlaces,
  conditionsField,
  createdField,
  labelSelector,
  labelsField,
  readConditions,
  readSelector,
} from './shapes.ts';
import { countAt, hasTree, intAt, textAt, timeAt, treesAt } from './tree.ts';

export const PodDisruptionBudget = factType(
  'PodDisruptionBudget',
  'One PodDisruptionBudget.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    labels: labelsField,
    createdAt: createdField,
    minAvailable: string('Number or percentage; empty where not set.'),
    maxUnavailable: string('Number or percentage; empty where not set.'),
    selector: labelSelector,
    hasSelector: bool('False where spec.selector is missing: no pod is covered.'),
    disruptionsAllowed: int('Pods that may be evicted now.'),
    currentHealthy: int('Healthy pods.'),
    desiredHealthy: int('Healthy pods there must be.'),
    expectedPods: int('Pods counted.'),
    unhealthyPodEvictionPolicy: string('IfHealthyBudget or AlwaysAllow; empty for the default.'),
    conditions: conditionsField,
  },
  { object: { kind: 'PodDisruptionBudget', namespace: 'namespace', name: 'name' } },
);

export const HorizontalPodAutoscaler = factType(
  'HorizontalPodAutoscaler',
  'One HorizontalPodAutoscaler.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    createdAt: createdField,
    targetKind: string('Kind of what it scales.'),
    targetName: string('Name of what it scales.'),
    minReplicas: int('1 where not set.'),
    maxReplicas: int('Upper bound.'),
    currentReplicas: int('Replicas now.'),
    desiredReplicas: int('Replicas it wants.'),
    resources: list(string(), 'Resources it scales on, e.g. cpu.'),
    metricTypes: list(string(), 'Resource, Pods, Object, External, …'),
    targetCpuPercent: optional(int('Of autoscaling/v1.')),
    conditions: conditionsField,
  },
  { object: { kind: 'HorizontalPodAutoscaler', namespace: 'namespace', name: 'name' } },
);

export const disruptionBudgetReader: ObjectReader = {
  reads: ['policy/PodDisruptionBudget'],
  yields: [PodDisruptionBudget],
  read(object) {
    const { spec, status } = object;
    const value = {
      namespace: object.namespace,
      name: object.name,
      labels: object.labels,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      minAvailable: textAt(spec, 'minAvailable'),
      maxUnavailable: textAt(spec, 'maxUnavailable'),
      selector: readSelector(spec, 'selector'),
      hasSelector: hasTree(spec, 'selector'),
      disruptionsAllowed: countAt(status, 'disruptionsAllowed'),
      currentHealthy: countAt(status, 'currentHealthy'),
      desiredHealthy: countAt(status, 'desiredHealthy'),
      expectedPods: countAt(status, 'expectedPods'),
      unhealthyPodEvictionPolicy: textAt(spec, 'unhealthyPodEvictionPolicy'),
      conditions: readConditions(status),
    };
    const at = places(object, {
      minAvailable: 'spec.minAvailable',
      maxUnavailable: 'spec.maxUnavailable',
      selector: 'spec.selector',
      disruptionsAllowed: 'status.disruptionsAllowed',
      currentHealthy: 'status.currentHealthy',
      desiredHealthy: 'status.desiredHealthy',
      expectedPods: 'status.expectedPods',
      status: 'status',
    });
    return [factOf(PodDisruptionBudget, object, value, { at: { ...at, ...conditionPlaces(status) } })];
  },
};

export const autoscalerReader: ObjectReader = {
  reads: ['autoscaling/HorizontalPodAutoscaler'],
  yields: [HorizontalPodAutoscaler],
  read(object) {
    const { spec, status } = object;
    const metrics = treesAt(spec, 'metrics');
    const targetCpuPercent = intAt(spec, 'targetCPUUtilizationPercentage');
    const named = metrics.map(
      (metric) => textAt(metric, 'resource', 'name') || textAt(metric, 'containerResource', 'name'),
    );
    const value = {
      namespace: object.namespace,
      name: object.name,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      targetKind: textAt(spec, 'scaleTargetRef', 'kind'),
      targetName: textAt(spec, 'scaleTargetRef', 'name'),
      minReplicas: intAt(spec, 'minReplicas') ?? 1,
      maxReplicas: countAt(spec, 'maxReplicas'),
      currentReplicas: countAt(status, 'currentReplicas'),
      desiredReplicas: countAt(status, 'desiredReplicas'),
      resources: targetCpuPercent === undefined ? named.filter(Boolean) : ['cpu'],
      metricTypes: metrics.map((metric) => textAt(metric, 'type')),
      targetCpuPercent,
      conditions: readConditions(status),
    };
    const at = places(object, {
      minReplicas: 'spec.minReplicas',
      maxReplicas: 'spec.maxReplicas',
      currentReplicas: 'status.currentReplicas',
      desiredReplicas: 'status.desiredReplicas',
    });
    return [factOf(HorizontalPodAutoscaler, object, value, { at: { ...at, ...conditionPlaces(status) } })];
  },
};
