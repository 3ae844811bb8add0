// Services, and each of their ports as a fact of its own.
//
//   kind: Service
//   spec: { type: NodePort, clusterIP: 10.96.0.10, selector: { app: web }, ports: [ { port: 80, targetPort: http } ] }

import { bool, factType, int, list, map, object, optional, string } from '../../fact-type.ts';
import { spanOf } from '../../text/documents.ts';
import { factOf, type KubeObject, type ObjectReader, places } from './kube-object.ts';
import { annotationsField, conditionsField, createdField, labelsField, readConditions } from './shapes.ts';
import {
  boolAt,
  countAt,
  intAt,
  memberPlaces,
  type Tree,
  textAt,
  textMapAt,
  textsAt,
  timeAt,
  treesAt,
} from './tree.ts';

const portFields = {
  portName: string('Name of the port; empty where it has none.'),
  port: int('Port of the service.'),
  protocol: string('tcp, udp or sctp.'),
  targetPort: string('Number or name of the container port.'),
  nodePort: optional(int('Port on every node.')),
  appProtocol: string('Application protocol; empty where not set.'),
};

const serviceFields = {
  namespace: string('Namespace.'),
  type: string('ClusterIP, NodePort, LoadBalancer or ExternalName.'),
  clusterIP: string('First cluster IP; `None` for a headless service, empty where it has none.'),
  clusterIPs: list(string(), 'Cluster IPs, one per family.'),
  headless: bool('clusterIP is None.'),
  selector: map(string(), 'Empty where endpoints are kept by hand.'),
  externalTrafficPolicy: string('Cluster or Local; empty where it does not apply.'),
  internalTrafficPolicy: string('Cluster or Local.'),
  sessionAffinity: string('None or ClientIP.'),
  sessionAffinityTimeoutSeconds: optional(int('How long a client stays with a pod.')),
  externalIPs: list(string(), 'Addresses routed to the cluster by others.'),
  ingressIPs: list(string(), 'status.loadBalancer addresses.'),
  ingressHostnames: list(string(), 'status.loadBalancer host names.'),
  loadBalancerSourceRanges: list(string(), 'Networks that may use the load balancer; empty means all.'),
  publishNotReadyAddresses: bool('Pods get traffic before they are ready.'),
  createdAt: createdField,
};

export const Service = factType(
  'Service',
  'One Service.',
  {
    ...serviceFields,
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    externalName: string('DNS name of an ExternalName service.'),
    loadBalancerIP: string('Address asked of the load balancer.'),
    loadBalancerClass: string('Implementation of the load balancer; empty for the default.'),
    healthCheckNodePort: optional(int('Port on which each node tells whether it has local endpoints.')),
    ipFamilies: list(string(), 'IPv4, IPv6.'),
    ports: list(object(portFields)),
    conditions: conditionsField,
  },
  { object: { kind: 'Service', namespace: 'namespace', name: 'name' } },
);

export const ServicePort = factType(
  'ServicePort',
  'One port of a Service, with what the service says of all of them.',
  { ...serviceFields, service: string('Name of the service.'), ...portFields },
  { object: { kind: 'Service', namespace: 'namespace', name: 'service' } },
);

const fieldPlaces = {
  labels: 'metadata.labels',
  annotations: 'metadata.annotations',
  type: 'spec.type',
  clusterIP: 'spec.clusterIP',
  clusterIPs: 'spec.clusterIPs',
  selector: 'spec.selector',
  ports: 'spec.ports',
  externalTrafficPolicy: 'spec.externalTrafficPolicy',
  internalTrafficPolicy: 'spec.internalTrafficPolicy',
  sessionAffinity: 'spec.sessionAffinity',
  sessionAffinityTimeoutSeconds: 'spec.sessionAffinityConfig',
  externalIPs: 'spec.externalIPs',
  loadBalancerSourceRanges: 'spec.loadBalancerSourceRanges',
  publishNotReadyAddresses: 'spec.publishNotReadyAddresses',
  externalName: 'spec.externalName',
  ingressIPs: 'status.loadBalancer',
};

export const serviceReader: ObjectReader = {
  reads: ['/Service'],
  yields: [Service, ServicePort],
  read(object, wanted) {
    const shared = readShared(object);
    const ports = treesAt(object.spec, 'ports');
    const at = places(object, fieldPlaces);
    const facts = [];
    if (wanted.has(Service.name)) {
      const portsAt = memberPlaces('ports', ports, (port) => textAt(port, 'name') || textAt(port, 'port'));
      facts.push(factOf(Service, object, readService(object, shared), { at: { ...at, ...portsAt } }));
    }
    if (!wanted.has(ServicePort.name)) return facts;
    for (const port of ports) {
      const value = { ...shared, service: object.name, ...readPort(port) };
      const key = [object.namespace, object.name, value.port, value.protocol];
      facts.push(factOf(ServicePort, object, value, { span: spanOf(port), at, key }));
    }
    return facts;
  },
};

function readService(service: KubeObject, shared: ReturnType<typeof readShared>) {
  return {
    ...shared,
    name: service.name,
    labels: service.labels,
    annotations: service.annotations,
    externalName: textAt(service.spec, 'externalName'),
    loadBalancerIP: textAt(service.spec, 'loadBalancerIP'),
    loadBalancerClass: textAt(service.spec, 'loadBalancerClass'),
    healthCheckNodePort: intAt(service.spec, 'healthCheckNodePort') || undefined,
    ipFamilies: textsAt(service.spec, 'ipFamilies'),
    ports: treesAt(service.spec, 'ports').map(readPort),
    conditions: readConditions(service.status),
  };
}

function readShared(service: KubeObject) {
  const { spec, status } = service;
  const clusterIP = textAt(spec, 'clusterIP');
  const clusterIPs = textsAt(spec, 'clusterIPs');
  const ingress = treesAt(status, 'loadBalancer', 'ingress');
  const filled = (texts: readonly string[]) => texts.filter((text) => text !== '');
  return {
    namespace: service.namespace,
    type: textAt(spec, 'type') || 'ClusterIP',
    clusterIP,
    clusterIPs: clusterIPs.length === 0 && clusterIP ? [clusterIP] : clusterIPs,
    headless: clusterIP === 'None',
    selector: textMapAt(spec, 'selector'),
    externalTrafficPolicy: textAt(spec, 'externalTrafficPolicy'),
    internalTrafficPolicy: textAt(spec, 'internalTrafficPolicy') || 'Cluster',
    sessionAffinity: textAt(spec, 'sessionAffinity') || 'None',
    sessionAffinityTimeoutSeconds: intAt(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds'),
    externalIPs: textsAt(spec, 'externalIPs'),
    ingressIPs: filled(ingress.map((one) => textAt(one, 'ip'))),
    ingressHostnames: filled(ingress.map((one) => textAt(one, 'hostname'))),
    loadBalancerSourceRanges: textsAt(spec, 'loadBalancerSourceRanges'),
    publishNotReadyAddresses: boolAt(spec, 'publishNotReadyAddresses'),
    createdAt: timeAt(service.metadata, 'creationTimestamp'),
  };
}

function readPort(port: Tree) {
  return {
    portName: textAt(port, 'name'),
    port: countAt(port, 'port'),
    protocol: (textAt(port, 'protocol') || 'TCP').toLowerCase(),
    // The API server fills in the port itself where no target is given.
    targetPort: textAt(port, 'targetPort') || textAt(port, 'port'),
    nodePort: intAt(port, 'nodePort') || undefined,
    appProtocol: textAt(port, 'appProtocol'),
  };
}
