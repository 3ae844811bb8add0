// Moments from the status of objects and machines: updates, conditions, restarts, kills, reboots and certificate dates.

import type { FactStore } from '../../facts/store.ts';
import type { Moment, MomentKind, ReportCertificate } from '../report.ts';
import { type Told, valuesOf } from './read-values.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly lastTransitionAt?: string;
}
/** Taints that say a node is in trouble; others are set on purpose. */
const troubled = /^node\.kubernetes\.io\/(?!unschedulable$)/;
type Tone = NonNullable<Moment['tone']>;
/** Certificates that began or ended so long before the gathering still explain what is seen. */
const certificateMillis = 7 * 86_400_000;

export function objectMoments(store: FactStore, certificates: readonly ReportCertificate[]): Moment[] {
  return [
    ...versionMoments(store),
    ...operatorMoments(store),
    ...poolMoments(store),
    ...nodeMoments(store),
    ...bootMoments(store),
    ...containerMoments(store),
    ...rolloutMoments(store),
    ...certificateMoments(store, certificates),
  ];
}

function versionMoments(store: FactStore): Moment[] {
  interface Version {
    readonly history: readonly { version: string; startedAt?: string; completedAt?: string }[];
  }
  return valuesOf<Version>(store, 'ClusterVersion').flatMap(({ value, place }) =>
    value.history.flatMap(({ version, startedAt, completedAt }, at) => {
      const isFirst = at === value.history.length - 1;
      const what = isFirst ? `Installation of ${version}` : `Update to ${version}`;
      const told = (time: string | undefined, text: string, tone: Tone) =>
        momentAt(time, 'cluster-version-operator', 'cluster', text, 'change', tone, { kind: 'ClusterVersion' }, place);
      return [...told(startedAt, `${what} began`, 'plain'), ...told(completedAt, `${what} was complete`, 'good')];
    }),
  );
}

function operatorMoments(store: FactStore): Moment[] {
  return valuesOf<Condition & { operator: string }>(store, 'ClusterOperatorCondition').flatMap(({ value, place }) => {
    const isBad = value.status === (value.type === 'Available' ? 'False' : 'True') && value.type !== 'Progressing';
    if (!/^(?:Available|Degraded|Progressing)$/.test(value.type)) return [];
    const name = value.operator;
    const tone = isBad ? 'bad' : value.type === 'Progressing' ? 'plain' : 'good';
    const object = { kind: 'ClusterOperator', name };
    return momentAt(value.lastTransitionAt, 'API', `operator ${name}`, became(value), 'operator', tone, object, place);
  });
}

function poolMoments(store: FactStore): Moment[] {
  return valuesOf<{ name: string; conditions: readonly Condition[] }>(store, 'MachineConfigPool').flatMap(
    ({ value, place }) =>
      value.conditions.flatMap((condition) => {
        if (!/^(?:Updating|Updated|Degraded)$/.test(condition.type) || condition.status !== 'True') return [];
        const tone = condition.type === 'Degraded' ? 'bad' : condition.type === 'Updated' ? 'good' : 'plain';
        const object = { kind: 'MachineConfigPool', name: value.name };
        const subject = `machine config pool ${value.name}`;
        return momentAt(condition.lastTransitionAt, 'API', subject, became(condition), 'change', tone, object, place);
      }),
  );
}

function nodeMoments(store: FactStore): Moment[] {
  const conditions = valuesOf<Condition & { node: string }>(store, 'NodeCondition').flatMap(({ value, place }) => {
    const name = value.node;
    const isGood = value.status === (value.type === 'Ready' ? 'True' : 'False');
    // The node controller sets Unknown, by its own clock, when the kubelet no longer reports.
    const clock = value.status === 'Unknown' ? 'kube-controller-manager' : name;
    const object = { kind: 'Node', name };
    const tone = isGood ? 'good' : 'bad';
    return momentAt(value.lastTransitionAt, clock, `node ${name}`, became(value), 'condition', tone, object, place);
  });
  interface Node {
    readonly name: string;
    readonly createdAt?: string;
    readonly taints: readonly { key: string; effect: string; addedAt?: string }[];
  }
  const changes = valuesOf<Node>(store, 'KubernetesNode').flatMap(({ value: { name, createdAt, taints }, place }) => {
    const told = (time: string | undefined, text: string, tone: Tone) =>
      momentAt(time, 'API', `node ${name}`, text, 'change', tone, { kind: 'Node', name }, place);
    return [
      ...told(createdAt, 'Node joined the cluster', 'plain'),
      ...taints.flatMap(({ key, effect, addedAt }) =>
        told(addedAt, `Taint ${key}:${effect} was set`, troubled.test(key) ? 'bad' : 'plain'),
      ),
    ];
  });
  return [...conditions, ...changes];
}

function bootMoments(store: FactStore): Moment[] {
  const gathered = new Map(
    valuesOf<{ node?: string; gatheredAt: string }>(store, 'GatherTime').map(({ value }) => [
      value.node ?? '',
      value.gatheredAt,
    ]),
  );
  return valuesOf<{ node?: string; seconds: number }>(store, 'Uptime').flatMap(({ value, place }) => {
    // Without the time at which this machine was read, its start cannot be told.
    const at = gathered.get(value.node ?? '');
    const name = value.node;
    if (at === undefined || name === undefined) return [];
    const booted = new Date(Date.parse(at) - value.seconds * 1000).toISOString().replace('.000Z', 'Z');
    return momentAt(booted, name, `node ${name}`, 'Machine started', 'change', 'plain', { kind: 'Node', name }, place);
  });
}

function containerMoments(store: FactStore): Moment[] {
  interface Ended {
    readonly exitCode: number;
    readonly reason: string;
    readonly finishedAt?: string;
  }
  interface Container {
    readonly namespace: string;
    readonly pod: string;
    readonly node: string;
    readonly name: string;
    readonly role: string;
    readonly restartCount: number;
    readonly state: { readonly terminated?: Ended };
    readonly lastState: { readonly terminated?: Ended };
  }
  const told = ({ value, place }: Told<Container>, ended: Ended | undefined): Moment[] => {
    if (!ended || (ended.exitCode === 0 && value.restartCount === 0)) return [];
    const { namespace, pod, node, name } = value;
    const wasKilled = ended.reason === 'OOMKilled';
    const restarts = value.restartCount === 0 ? 'not restarted' : `restarted ${value.restartCount} times so far`;
    const text = wasKilled
      ? `Killed: out of memory, ${restarts.replace(' 1 times', ' once')}`
      : `Ended: ${ended.reason || 'no reason given'}, exit code ${ended.exitCode}, ${restarts.replace(' 1 times', ' once')}`;
    const tone = ended.exitCode === 0 ? 'plain' : 'bad';
    const object = { kind: 'Pod', namespace, name: pod, ...(node && { node }) };
    const subject = `${namespace}/${pod}, container ${name}`;
    const kind = wasKilled ? 'oom' : 'restart';
    return momentAt(ended.finishedAt, node || 'API', subject, text, kind, tone, object, place);
  };
  return valuesOf<Container>(store, 'Container').flatMap((container) => [
    ...told(container, container.value.lastState.terminated),
    ...(container.value.role === 'init' ? [] : told(container, container.value.state.terminated)),
  ]);
}

function rolloutMoments(store: FactStore): Moment[] {
  interface Workload {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly ownerKind: string;
    readonly ownerName: string;
    readonly createdAt?: string;
    readonly replicasWanted: number;
    readonly conditions: readonly Condition[];
  }
  return valuesOf<Workload>(store, 'Workload').flatMap(({ value, place }) => {
    const { kind, namespace, name, ownerKind, ownerName } = value;
    const object = { kind, namespace, name };
    if (kind === 'ReplicaSet' && ownerKind === 'Deployment' && value.replicasWanted > 0) {
      const of = { kind: 'Deployment', namespace, name: ownerName };
      const subject = `Deployment ${namespace}/${ownerName}`;
      return momentAt(value.createdAt, 'API', subject, `Rollout of ${name} began`, 'change', 'plain', of, place);
    }
    return value.conditions.flatMap((condition) => {
      if (condition.type !== 'Available' || condition.status !== 'False') return [];
      const subject = `${kind} ${namespace}/${name}`;
      return momentAt(condition.lastTransitionAt, 'API', subject, became(condition), 'condition', 'bad', object, place);
    });
  });
}

function certificateMoments(store: FactStore, certificates: readonly ReportCertificate[]): Moment[] {
  const now = Date.parse(store.gatheredAt ?? '');
  if (Number.isNaN(now)) return [];
  const isNear = (time: string | undefined): time is string =>
    time !== undefined && Math.abs(Date.parse(time) - now) <= certificateMillis;
  return certificates.flatMap(({ subject, holder, notBefore, notAfter, evidence }) => {
    const told = (time: string | undefined, text: string, tone: Tone) =>
      isNear(time)
        ? momentAt(time, 'certificate', holder, `${text}: ${subject}`, 'certificate', tone, undefined, evidence)
        : [];
    return [...told(notBefore, 'Certificate valid from here', 'plain'), ...told(notAfter, 'Certificate ends', 'bad')];
  });
}

const became = ({ type, status, reason }: Condition): string =>
  `${type} became ${status}${reason === '' ? '' : `: ${reason}`}`;

function momentAt(
  time: string | undefined,
  clock: string,
  subject: string,
  text: string,
  kind: MomentKind,
  tone: Tone,
  object: Moment['object'],
  evidence: Moment['evidence'],
): Moment[] {
  return time === undefined ? [] : [{ time, clock, subject, text, evidence, kind, tone, ...(object && { object }) }];
}
