// What OpenShift counts and probes by itself: requests per API, and network paths to the API servers.
//
//   kind: APIRequestCount
//   metadata: { name: flowschemas.v1beta1.flowcontrol.apiserver.k8s.io }
//   status: { removedInRelease: "1.26", requestCount: 412, last24h: [ { byNode: [ { byUser: [ … ] } ] } ] }

import { bool, factType, int, list, object, optional, string, time } from '../../../fact-type.ts';
import { factOf, type ObjectReader, places } from '../kube-object.ts';
import { conditionPlaces, conditionsField, readConditions } from '../shapes.ts';
import { boolAt, countAt, intAt, type Tree, textAt, timeAt, treeAt, treesAt } from '../tree.ts';

export const APIRequestCount = factType(
  'APIRequestCount',
  'How often one resource of one API version was asked for.',
  {
    name: string('resource.version.group, e.g. ingresses.v1beta1.extensions.'),
    removedInRelease: string('Kubernetes minor that no longer has it; empty where no removal is planned.'),
    requests: int('Requests in the last 24 hours.'),
    currentHourRequests: int('Requests in the current hour.'),
    users: list(
      object({
        username: string('User.'),
        userAgent: string('Client program.'),
        requests: int('Requests.'),
        verbs: list(string(), 'Verbs.'),
      }),
      'Who asked in the last 24 hours, most first; the API keeps only the busiest.',
    ),
  },
  { object: { kind: 'APIRequestCount', name: 'name' } },
);

const outcome = object({
  at: optional(time('When.')),
  reason: string('One word; empty where none is given.'),
  message: string('Text for people; empty where none is given.'),
  success: bool('It succeeded.'),
});

export const PodNetworkConnectivityCheck = factType(
  'PodNetworkConnectivityCheck',
  'One network path that OpenShift probes all the time.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    sourcePod: string('Pod that probes.'),
    targetEndpoint: string('host:port.'),
    reachable: string('Status of condition Reachable; empty where it is missing.'),
    message: string('Message of condition Reachable.'),
    failures: list(outcome, 'Latest failed probes, newest first.'),
    successes: int('Successful probes kept.'),
    outages: list(
      object({
        startedAt: optional(time('Start.')),
        endedAt: optional(time('Absent while it lasts.')),
        message: string('Text for people; empty where none is given.'),
      }),
    ),
    conditions: conditionsField,
  },
  { object: { kind: 'PodNetworkConnectivityCheck', namespace: 'namespace', name: 'name' } },
);

export const apiRequestCountReader: ObjectReader = {
  reads: ['apiserver.openshift.io/APIRequestCount'],
  yields: [APIRequestCount],
  read(object) {
    const { status } = object;
    const hours = treesAt(status, 'last24h');
    const value = {
      name: object.name,
      removedInRelease: textAt(status, 'removedInRelease'),
      requests: intAt(status, 'requestCount') ?? hours.reduce((sum, hour) => sum + countAt(hour, 'requestCount'), 0),
      currentHourRequests: countAt(status, 'currentHour', 'requestCount'),
      users: sumUsers(hours.length > 0 ? hours : [treeAt(status, 'currentHour')]),
    };
    const at = places(object, {
      name: 'metadata.name',
      removedInRelease: 'status.removedInRelease',
      requests: 'status.requestCount',
    });
    return [factOf(APIRequestCount, object, value, { at })];
  },
};

function sumUsers(hours: readonly Tree[]) {
  const users = new Map<string, { username: string; userAgent: string; requests: number; verbs: Set<string> }>();
  const entries = hours.flatMap((hour) => treesAt(hour, 'byNode')).flatMap((node) => treesAt(node, 'byUser'));
  for (const entry of entries) {
    const username = textAt(entry, 'username');
    const userAgent = textAt(entry, 'userAgent');
    const key = `${username}\n${userAgent}`;
    const user = users.get(key) ?? { username, userAgent, requests: 0, verbs: new Set<string>() };
    user.requests += countAt(entry, 'requestCount');
    for (const verb of treesAt(entry, 'byVerb')) user.verbs.add(textAt(verb, 'verb'));
    users.set(key, user);
  }
  return [...users.entries()]
    .sort(([a, one], [b, other]) => other.requests - one.requests || (a < b ? -1 : 1))
    .map(([, user]) => ({ ...user, verbs: [...user.verbs].sort() }));
}

export const connectivityCheckReader: ObjectReader = {
  reads: ['controlplane.operator.openshift.io/PodNetworkConnectivityCheck'],
  yields: [PodNetworkConnectivityCheck],
  read(object) {
    const { spec, status } = object;
    const conditions = readConditions(status);
    const reachable = conditions.find((one) => one.type === 'Reachable');
    const value = {
      namespace: object.namespace,
      name: object.name,
      sourcePod: textAt(spec, 'sourcePod'),
      targetEndpoint: textAt(spec, 'targetEndpoint'),
      reachable: reachable?.status ?? '',
      message: reachable?.message ?? '',
      failures: treesAt(status, 'failures').map((one) => ({
        at: timeAt(one, 'time'),
        reason: textAt(one, 'reason'),
        message: textAt(one, 'message'),
        success: boolAt(one, 'success'),
      })),
      successes: treesAt(status, 'successes').length,
      outages: treesAt(status, 'outages').map((one) => ({
        startedAt: timeAt(one, 'start'),
        endedAt: timeAt(one, 'end'),
        message: textAt(one, 'message'),
      })),
      conditions,
    };
    const at = places(object, {
      failures: 'status.failures',
      outages: 'status.outages',
      targetEndpoint: 'spec.targetEndpoint',
    });
    return [factOf(PodNetworkConnectivityCheck, object, value, { at: { ...at, ...conditionPlaces(status) } })];
  },
};
