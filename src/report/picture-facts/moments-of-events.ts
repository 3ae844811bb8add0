// Moments from Event objects: warnings, and those normal ones that change something; equal ones in a row are one.

import type { FactStore } from '../../facts/store.ts';
import { byKeys, groupBy } from '../compare.ts';
import type { Moment } from '../report.ts';
import { counted } from '../wording.ts';
import { type Told, valuesOf } from './read-values.ts';

interface EventValue {
  readonly namespace: string;
  readonly reason: string;
  readonly type: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt?: string;
  readonly lastAt?: string;
  readonly involvedKind: string;
  readonly involvedNamespace: string;
  readonly involvedName: string;
  readonly component: string;
  readonly host: string;
}

/** Events that are further apart are two bursts. */
const burstGapMillis = 5 * 60_000;
/** Of a message; the file has the rest. */
const longestMessage = 160;

/** Normal events after which something is not as it was before. */
const changes =
  /^(?:Rebooted|Reboot|Shutdown|Starting|RegisteredNode|RemovingNode|Drain|Cordon|Uncordon|NodeSchedulable|NodeNotSchedulable|OSUpdate(?:Started|Staged)|OSUpgrade\w+|PendingConfig|SetDesiredConfig|NodeDone|ConfigChange\w*|OperatorVersionChanged|PayloadLoaded|RetrievePayload|RevisionTriggered|NodeTargetRevisionChanged|NodeCurrentRevisionChanged|ScalingReplicaSet|SuccessfulRescale|TaintManagerEviction|Preempted|Evicted|LeaderElection|TargetUpdateRequired|SignerUpdateRequired|CABundleUpdateRequired|CertificateUpdated)$/;
const nodeStates =
  /^Node(?:Ready|NotReady|Has(?:Sufficient|Insufficient|No)(?:Memory|PID|Disk|DiskPressure)\w*|HasDiskPressure)$/;
/** The one normal event of an operator that tells of a condition; its message names them. */
const operatorChanged = /\b(Available|Degraded) changed (?:from|to) /;

export function eventMoments(store: FactStore): Moment[] {
  const events = valuesOf<EventValue>(store, 'Event').flatMap((told) => {
    const kind = kindOf(told.value);
    const time = told.value.firstAt ?? told.value.lastAt;
    return kind === undefined || time === undefined ? [] : [{ ...told, kind, time }];
  });
  const alike = groupBy(events, ({ kind, value }) =>
    [kind, value.involvedKind, value.involvedNamespace, value.reason, clockOf(value), operatorOf(value)].join('\n'),
  );
  return [...alike.values()].flatMap((same) => bursts(same).map(momentOf));
}

interface Timed extends Told<EventValue> {
  readonly kind: 'event' | 'change' | 'condition' | 'operator';
  readonly time: string;
}

function kindOf({ type, reason, message, involvedKind }: EventValue): Timed['kind'] | undefined {
  if (reason === 'OperatorStatusChanged') return operatorChanged.test(message) ? 'operator' : undefined;
  if (involvedKind === 'Node' && nodeStates.test(reason)) return 'condition';
  if (changes.test(reason)) return reason === 'Starting' && involvedKind !== 'Node' ? undefined : 'change';
  return type === 'Warning' ? 'event' : undefined;
}

const operatorOf = ({ reason, message }: EventValue): string =>
  reason === 'OperatorStatusChanged' ? (/clusteroperator\/(\S+)/.exec(message)?.[1] ?? '') : '';

/** The kubelet stamps its events by the clock of its node. */
const clockOf = ({ host, component }: EventValue): string => (host === '' ? component || 'API server' : host);

function bursts(same: readonly Timed[]): Timed[][] {
  const ordered = [...same].sort(
    byKeys(({ time, value, place }) => [Date.parse(time) || 0, value.involvedName, place.path, place.first]),
  );
  const found: Timed[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const event of ordered) {
    const begins = Date.parse(event.time);
    if (begins - end <= burstGapMillis) found.at(-1)?.push(event);
    else found.push([event]);
    end = Math.max(end, begins, Date.parse(event.value.lastAt ?? event.time));
  }
  return found;
}

function momentOf(burst: readonly Timed[]): Moment {
  const [first] = burst as [Timed, ...Timed[]];
  const { value, place, kind, time } = first;
  const count = burst.reduce((sum, each) => sum + Math.max(1, each.value.count), 0);
  const until = burst
    .map((each) => each.value.lastAt ?? each.time)
    .reduce((latest, each) => (Date.parse(each) > Date.parse(latest) ? each : latest), time);
  const others = new Set(burst.map((each) => each.value.involvedName)).size - 1;
  const operator = operatorOf(value);
  const { involvedKind, involvedNamespace: namespace, involvedName: name } = value;
  const more = others > 0 ? ` and ${counted(others, 'other')}` : '';
  const host = value.host === '' || involvedKind === 'Node' ? {} : { node: value.host };
  return {
    time,
    clock: clockOf(value),
    subject: operator === '' ? `${involvedKind} ${namespace && `${namespace}/`}${name}${more}` : `operator ${operator}`,
    text: `${value.reason}: ${cut(value.message)}`.replace(/: $/, ''),
    evidence: place,
    kind,
    tone: toneOf(value, kind),
    object:
      operator === ''
        ? { kind: involvedKind, ...(namespace && { namespace }), name, ...host }
        : { kind: 'ClusterOperator', name: operator },
    ...(count > 1 && { count }),
    ...(until !== time && { until }),
  };
}

function toneOf({ type, reason, message }: EventValue, kind: Timed['kind']): 'bad' | 'good' | 'plain' {
  if (kind === 'operator') {
    if (/Degraded changed from \w+ to True|Available changed from \w+ to False/.test(message)) return 'bad';
    return /Degraded changed from \w+ to False|Available changed from \w+ to True/.test(message) ? 'good' : 'plain';
  }
  if (kind === 'condition') return /NotReady|Insufficient|HasDiskPressure/.test(reason) ? 'bad' : 'good';
  const isPutOut =
    /^(?:Evicted|Preempted)$/.test(reason) || (reason === 'TaintManagerEviction' && !/^Cancel/.test(message));
  return type === 'Warning' || isPutOut ? 'bad' : 'plain';
}

function cut(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length <= longestMessage ? line : `${line.slice(0, longestMessage - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
