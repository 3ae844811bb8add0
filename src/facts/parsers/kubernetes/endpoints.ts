// The addresses behind a service, from Endpoints and EndpointSlices, in one shape: one fact per slice (or subset) and port.
//
//   kind: EndpointSlice
//   metadata: { labels: { kubernetes.io/service-name: web } }
//   endpoints: [ { addresses: [10.128.0.9], conditions: { ready: true }, nodeName: worker-1 } ]
//   ports: [ { name: http, port: 8080, protocol: TCP } ]

import type { Fact } from '../../fact-type.ts';
import { bool, factType, int, list, object, optional, string } from '../../fact-type.ts';
import { spanOf } from '../../text/documents.ts';
import { factOf, type KubeObject, type ObjectReader } from './kube-object.ts';
import { boolAt, intAt, optionalBool, placesOf, type Tree, textAt, textsAt, treesAt } from './tree.ts';

const address = object({
  address: string('IP address (or name, for slices of type FQDN).'),
  pod: string('Pod behind it; empty where none is named.'),
  podNamespace: string('Namespace of that pod.'),
  podUid: string('metadata.uid of that pod.'),
  node: string('Node it is on; empty where unknown.'),
  zone: string('Zone; empty where unknown.'),
  serving: bool('Answers, though it may be terminating.'),
  terminating: bool('It is being shut down.'),
});

export const ServiceEndpoints = factType(
  'ServiceEndpoints',
  'Addresses behind one port of a service, as one Endpoints subset or one EndpointSlice lists them. A service has several.',
  {
    namespace: string('Namespace.'),
    service: string('Name of the service.'),
    from: string('`Endpoints` or `EndpointSlice`; a bundle can hold both.'),
    name: string('Name of the object.'),
    addressType: string('IPv4, IPv6 or FQDN.'),
    portName: string('Name of the service port; empty for an unnamed one.'),
    port: optional(int('Port of the addresses; absent where there is none.')),
    protocol: string('tcp, udp or sctp; empty where there is no port.'),
    ready: list(address, 'Addresses that get traffic.'),
    notReady: list(address, 'Addresses that do not.'),
  },
  { object: { kind: 'Service', namespace: 'namespace', name: 'service' } },
);

type Address = ReturnType<typeof readAddress>;

export const endpointsReader: ObjectReader = {
  reads: ['/Endpoints', 'discovery.k8s.io/EndpointSlice'],
  yields: [ServiceEndpoints],
  read: (object) => (object.kind === 'Endpoints' ? readEndpoints(object) : readSlice(object)),
};

function readEndpoints(object: KubeObject): readonly Fact[] {
  const subsets = treesAt(object.whole, 'subsets');
  // No subset at all: the service has no address, which is worth a fact.
  return (subsets.length > 0 ? subsets : [{}]).flatMap((subset, index) => {
    const ready = treesAt(subset, 'addresses').map((one) => readAddress(one, textAt(one, 'ip')));
    const notReady = treesAt(subset, 'notReadyAddresses').map((one) => readAddress(one, textAt(one, 'ip')));
    const at = placesOf(subset, { ready: ['addresses'], notReady: ['notReadyAddresses'], port: ['ports'] });
    return perPort(
      object,
      object.name,
      treesAt(subset, 'ports'),
      { ready, notReady },
      { span: spanOf(subset), at, index },
    );
  });
}

function readSlice(slice: KubeObject): readonly Fact[] {
  const ready: Address[] = [];
  const notReady: Address[] = [];
  for (const endpoint of treesAt(slice.whole, 'endpoints')) {
    // `ready` left out means ready.
    const list = (optionalBool(endpoint, 'conditions', 'ready') ?? true) ? ready : notReady;
    for (const text of textsAt(endpoint, 'addresses')) list.push(readAddress(endpoint, text));
  }
  const service = slice.labels['kubernetes.io/service-name'] ?? '';
  const at = placesOf(slice.whole, { ready: ['endpoints'], notReady: ['endpoints'], port: ['ports'] });
  return perPort(slice, service, treesAt(slice.whole, 'ports'), { ready, notReady }, { span: undefined, at, index: 0 });
}

function perPort(
  object: KubeObject,
  service: string,
  ports: readonly Tree[],
  addresses: { ready: readonly Address[]; notReady: readonly Address[] },
  place: { span: KubeObject['span'] | undefined; at: NonNullable<Fact['at']>; index: number },
): readonly Fact[] {
  return (ports.length > 0 ? ports : [{}]).map((port, position) => {
    const number = intAt(port, 'port');
    const first = addresses.ready[0] ?? addresses.notReady[0];
    const value = {
      namespace: object.namespace,
      service,
      from: object.kind,
      name: object.name,
      addressType: textAt(object.whole, 'addressType') || (first?.address.includes(':') ? 'IPv6' : 'IPv4'),
      portName: textAt(port, 'name'),
      port: number,
      protocol: number === undefined ? '' : (textAt(port, 'protocol') || 'TCP').toLowerCase(),
      ...addresses,
    };
    const key = [object.kind, object.namespace, object.name, place.index, position];
    return factOf(ServiceEndpoints, object, value, { span: place.span, at: place.at, key });
  });
}

function readAddress(endpoint: Tree, text: string) {
  const isPod = textAt(endpoint, 'targetRef', 'kind') === 'Pod';
  const ready = optionalBool(endpoint, 'conditions', 'ready') ?? true;
  return {
    address: text,
    pod: isPod ? textAt(endpoint, 'targetRef', 'name') : '',
    podNamespace: isPod ? textAt(endpoint, 'targetRef', 'namespace') : '',
    podUid: isPod ? textAt(endpoint, 'targetRef', 'uid') : '',
    node: textAt(endpoint, 'nodeName') || textAt(endpoint, 'topology', 'kubernetes.io/hostname'),
    zone: textAt(endpoint, 'zone') || textAt(endpoint, 'topology', 'topology.kubernetes.io/zone'),
    serving: optionalBool(endpoint, 'conditions', 'serving') ?? ready,
    terminating: boolAt(endpoint, 'conditions', 'terminating'),
  };
}
