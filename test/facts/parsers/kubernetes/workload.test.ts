import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts, lineOf, value } from './read.ts';

test('a Deployment tells how many pods it wants and has', () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, generation: 4 }
spec:
  replicas: 3
  selector: { matchLabels: { app: web }, matchExpressions: [ { key: tier, operator: In, values: [a] } ] }
  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 25%, maxSurge: 1 } }
  template:
    metadata: { labels: { app: web }, annotations: { sidecar.istio.io/inject: "true" } }
    spec: { serviceAccountName: web, containers: [ { name: c, image: shop/web:1 } ] }
status:
  observedGeneration: 3
  replicas: 3
  readyReplicas: 1
  availableReplicas: 1
  unavailableReplicas: 2
  conditions:
  - type: Progressing
    status: "False"
    reason: ProgressDeadlineExceeded
`;
  const it = value('Workload', text);
  assert.equal([it.kind, it.replicasWanted, it.replicasReady, it.replicasUnavailable], ['Deployment', 3, 1, 2]);
  assert.equal([it.generation, it.observedGeneration], [4, 3]);
  assert.equal([it.strategy, it.maxUnavailable, it.maxSurge], ['RollingUpdate', '25%', '1']);
  assert.equal(it.selector, {
    matchLabels: { app: 'web' },
    matchExpressions: [{ key: 'tier', operator: 'In', values: ['a'] }],
  });
  assert.equal([it.templateAnnotations, it.images], [{ 'sidecar.istio.io/inject': 'true' }, ['shop/web:1']]);
  const at = facts('Workload', text)[0]?.at;
  assert.equal(at?.replicasReady, [lineOf(text, 'readyReplicas'), lineOf(text, 'readyReplicas')]);
  assert.equal(at?.['conditions.Progressing'], [lineOf(text, 'Progressing'), lineOf(text, 'ProgressDeadlineExceeded')]);
});

test('a DaemonSet counts nodes', () => {
  const it = value(
    'Workload',
    `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: cni, namespace: n }
spec: { selector: { matchLabels: { app: cni } }, updateStrategy: { type: OnDelete } }
status: { desiredNumberScheduled: 6, currentNumberScheduled: 6, numberReady: 5, numberUnavailable: 1, numberMisscheduled: 2 }
`,
  );
  assert.equal(
    [it.replicasWanted, it.replicasReady, it.replicasUnavailable, it.replicasMisscheduled, it.strategy],
    [6, 5, 1, 2, 'OnDelete'],
  );
});

test('Jobs and CronJobs tell their runs', () => {
  const job = value(
    'Workload',
    `apiVersion: batch/v1
kind: Job
metadata: { name: j, namespace: n, ownerReferences: [ { kind: CronJob, name: c, controller: true } ] }
spec: { completions: 2, backoffLimit: 6 }
status: { failed: 7, conditions: [ { type: Failed, status: "True", reason: BackoffLimitExceeded } ] }
`,
  );
  assert.equal(
    [job.ownerName, job.completions, job.failed, job.conditions[0].reason],
    ['c', 2, 7, 'BackoffLimitExceeded'],
  );
  const cron = value(
    'Workload',
    `apiVersion: batch/v1
kind: CronJob
metadata: { name: c, namespace: n }
spec: { schedule: "*/5 * * * *", suspend: true, jobTemplate: { spec: { template: { spec: { containers: [ { image: x } ] } } } } }
status: { active: [ { name: a }, { name: b } ], lastScheduleTime: "2024-05-01T12:00:00Z" }
`,
  );
  assert.equal([cron.schedule, cron.suspended, cron.active, cron.images], ['*/5 * * * *', true, 2, ['x']]);
  assert.is(cron.lastScheduledAt, '2024-05-01T12:00:00Z');
});

test('a plain selector is a map of labels', () => {
  const it = value(
    'Workload',
    'apiVersion: v1\nkind: ReplicationController\nmetadata: { name: r, namespace: n }\nspec: { selector: { app: a } }\n',
  );
  assert.equal(it.selector, { matchLabels: { app: 'a' }, matchExpressions: [] });
  assert.is(it.replicasWanted, 1);
});

test('a disruption budget tells what it allows', () => {
  const it = value(
    'PodDisruptionBudget',
    `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: p, namespace: n }
spec: { minAvailable: 100%, selector: { matchLabels: { app: web } } }
status: { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2, expectedPods: 2 }
`,
  );
  assert.equal([it.minAvailable, it.maxUnavailable, it.hasSelector], ['100%', '', true]);
  assert.equal([it.disruptionsAllowed, it.currentHealthy, it.desiredHealthy, it.expectedPods], [0, 2, 2, 2]);
});

test('an autoscaler tells what it scales on', () => {
  const it = value(
    'HorizontalPodAutoscaler',
    `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: h, namespace: n }
spec: { maxReplicas: 5, scaleTargetRef: { kind: Deployment, name: web }, metrics: [ { type: Resource, resource: { name: cpu } } ] }
status: { conditions: [ { type: ScalingActive, status: "False", reason: FailedGetResourceMetric } ] }
`,
  );
  assert.equal([it.targetKind, it.targetName, it.minReplicas, it.maxReplicas], ['Deployment', 'web', 1, 5]);
  assert.equal([it.resources, it.conditions[0].reason], [['cpu'], 'FailedGetResourceMetric']);
});

test.run();
