// Events of both API groups in one shape.
//
//   kind: Event
//   involvedObject: { kind: Pod, namespace: shop, name: checkout-0 }
//   reason: FailedMount
//   message: 'MountVolume.SetUp failed for volume "config" : configmap "api" not found'
//   count: 12

import { factType, int, optional, string, time } from '../../fact-type.ts';
import { factOf, type ObjectReader } from './kube-object.ts';
import { asTime, intAt, placesOf, textAt, timeAt, treeAt, valueAt } from './tree.ts';

export const Event = factType(
  'Event',
  'One event, of core/v1 or events.k8s.io.',
  {
    namespace: string('Namespace of the event.'),
    name: string('Name of the event.'),
    reason: string('One word, e.g. FailedMount.'),
    type: string('Normal or Warning.'),
    message: string('Text for people; empty where none is given.'),
    count: int('How often it was seen.'),
    firstAt: optional(time('First time.')),
    lastAt: optional(time('Last time.')),
    involvedKind: string('Kind of the object it is about.'),
    involvedNamespace: string('Namespace of that object; empty for cluster-scoped ones.'),
    involvedName: string('Name of that object.'),
    involvedUid: string('metadata.uid of that object.'),
    fieldPath: string('E.g. spec.containers{api}.'),
    container: string('Container in the field path; empty where it names none.'),
    component: string('Who reported it, e.g. kubelet.'),
    host: string('Node of the reporter; empty for controllers.'),
  },
  { object: { kind: 'involvedKind', namespace: 'involvedNamespace', name: 'involvedName' } },
);

const paths = {
  reason: ['reason'],
  type: ['type'],
  message: ['message'],
  note: ['note'],
  count: ['count'],
  firstAt: ['firstTimestamp'],
  lastAt: ['lastTimestamp'],
  involvedKind: ['involvedObject'],
};

export const eventReader: ObjectReader = {
  reads: ['/Event', 'events.k8s.io/Event'],
  yields: [Event],
  read(object) {
    const event = object.whole;
    const about = treeAt(event, 'involvedObject' in event ? 'involvedObject' : 'regarding');
    const created = timeAt(object.metadata, 'creationTimestamp');
    const eventTime = timeAt(event, 'eventTime');
    const first = firstTime(valueAt(event, 'firstTimestamp'), valueAt(event, 'deprecatedFirstTimestamp'));
    const last = firstTime(
      valueAt(event, 'series', 'lastObservedTime'),
      valueAt(event, 'lastTimestamp'),
      valueAt(event, 'deprecatedLastTimestamp'),
    );
    const fieldPath = textAt(about, 'fieldPath');
    const value = {
      namespace: object.namespace,
      name: object.name,
      reason: textAt(event, 'reason'),
      type: textAt(event, 'type'),
      message: textAt(event, 'message') || textAt(event, 'note'),
      count: intAt(event, 'series', 'count') || intAt(event, 'count') || intAt(event, 'deprecatedCount') || 1,
      firstAt: first ?? eventTime ?? created,
      lastAt: last ?? first ?? eventTime ?? created,
      involvedKind: textAt(about, 'kind'),
      involvedNamespace: textAt(about, 'namespace'),
      involvedName: textAt(about, 'name'),
      involvedUid: textAt(about, 'uid'),
      fieldPath,
      container: /\{(.+)\}$/.exec(fieldPath)?.[1] ?? '',
      component:
        textAt(event, 'source', 'component') ||
        textAt(event, 'reportingComponent') ||
        textAt(event, 'reportingController') ||
        textAt(event, 'deprecatedSource', 'component'),
      host: textAt(event, 'source', 'host') || textAt(event, 'deprecatedSource', 'host'),
    };
    const { note, ...at } = placesOf(event, paths);
    return [factOf(Event, object, value, { at: note ? { ...at, message: note } : at })];
  },
};

function firstTime(...candidates: readonly unknown[]): string | undefined {
  return candidates.map(asTime).find((moment) => moment !== undefined);
}
