// What leads traffic into the cluster: Ingress objects and OpenShift Routes.
//
//   kind: Ingress
//   spec: { rules: [ { host: shop.example.com, http: { paths: [ { path: /, backend: { service: { name: web } } } ] } } ] }

import { bool, factType, int, list, object, optional, string } from '../../fact-type.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import { annotationsField, createdField, labelsField } from './shapes.ts';
import { intAt, type Tree, textAt, timeAt, treeAt, treesAt } from './tree.ts';

export const Ingress = factType(
  'Ingress',
  'One Ingress.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    createdAt: createdField,
    className: string('Empty for the default class.'),
    backends: list(
      object({
        host: string('Empty for every host.'),
        path: string('Path.'),
        service: string('Empty where the backend is a resource.'),
        port: string('Number or name.'),
      }),
      'One per rule and path, and the default backend.',
    ),
    tlsSecrets: list(string(), 'Secrets with certificates.'),
    ingressIPs: list(string(), 'Addresses of the load balancer.'),
    ingressHostnames: list(string(), 'Host names of the load balancer.'),
  },
  { object: { kind: 'Ingress', namespace: 'namespace', name: 'name' } },
);

export const Route = factType(
  'Route',
  'One OpenShift Route.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    labels: labelsField,
    annotations: annotationsField,
    createdAt: createdField,
    host: string('Host name.'),
    path: string('Path.'),
    service: string('Service of the first backend.'),
    weight: optional(int('Share of the traffic.')),
    alternateServices: list(string(), 'Services of further backends.'),
    targetPort: string('Number or name; empty where the service has one port.'),
    tlsTermination: string('edge, passthrough, reencrypt; empty for plain HTTP.'),
    insecureEdgeTerminationPolicy: string('What happens to plain HTTP: None, Allow or Redirect.'),
    admissions: list(
      object({
        router: string('Router.'),
        status: string('Status of Admitted.'),
        reason: string('One word; empty where none is given.'),
        message: string('Text for people; empty where none is given.'),
      }),
    ),
    admitted: bool('At least one router admitted it.'),
  },
  { object: { kind: 'Route', namespace: 'namespace', name: 'name' } },
);

export const ingressReader: ObjectReader = {
  reads: ['networking.k8s.io/Ingress', 'extensions/Ingress'],
  yields: [Ingress],
  read(object) {
    const { spec, status } = object;
    const defaults = ['defaultBackend', 'backend'].filter((key) => key in spec).map((key) => treeAt(spec, key));
    const balancers = treesAt(status, 'loadBalancer', 'ingress');
    const value = {
      namespace: object.namespace,
      name: object.name,
      labels: object.labels,
      annotations: object.annotations,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      className: textAt(spec, 'ingressClassName') || (object.annotations['kubernetes.io/ingress.class'] ?? ''),
      backends: [
        ...treesAt(spec, 'rules').flatMap((rule) =>
          treesAt(rule, 'http', 'paths').map((one) => ({
            host: textAt(rule, 'host'),
            path: textAt(one, 'path'),
            ...readBackend(treeAt(one, 'backend')),
          })),
        ),
        ...defaults.map((backend) => ({ host: '', path: '', ...readBackend(backend) })),
      ],
      tlsSecrets: treesAt(spec, 'tls').map((one) => textAt(one, 'secretName')),
      ingressIPs: balancers.map((one) => textAt(one, 'ip')).filter(Boolean),
      ingressHostnames: balancers.map((one) => textAt(one, 'hostname')).filter(Boolean),
    };
    return [factOf(Ingress, object, value, { at: places(object, { backends: 'spec.rules', tlsSecrets: 'spec.tls' }) })];
  },
};

export const routeReader: ObjectReader = {
  reads: ['route.openshift.io/Route'],
  yields: [Route],
  read(object) {
    const { spec } = object;
    const admissions = treesAt(object.status, 'ingress').map((ingress) => {
      const admitted = treesAt(ingress, 'conditions').find((one) => one.type === 'Admitted') ?? {};
      return {
        router: textAt(ingress, 'routerName'),
        status: textAt(admitted, 'status'),
        reason: textAt(admitted, 'reason'),
        message: textAt(admitted, 'message'),
      };
    });
    const value = {
      namespace: object.namespace,
      name: object.name,
      labels: object.labels,
      annotations: object.annotations,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      host: textAt(spec, 'host'),
      path: textAt(spec, 'path'),
      service: textAt(spec, 'to', 'name'),
      weight: intAt(spec, 'to', 'weight'),
      alternateServices: treesAt(spec, 'alternateBackends').map((one) => textAt(one, 'name')),
      targetPort: textAt(spec, 'port', 'targetPort'),
      tlsTermination: textAt(spec, 'tls', 'termination'),
      insecureEdgeTerminationPolicy: textAt(spec, 'tls', 'insecureEdgeTerminationPolicy'),
      admissions,
      admitted: admissions.some((one) => one.status === 'True'),
    };
    const at = places(object, {
      host: 'spec.host',
      service: 'spec.to',
      targetPort: 'spec.port',
      admissions: 'status.ingress',
    });
    return [factOf(Route, object, value, { at })];
  },
};

/** networking.k8s.io/v1 nests the service; the beta versions name it flat. */
function readBackend(backend: Tree) {
  const port = treeAt(backend, 'service', 'port');
  return {
    service: textAt(backend, 'service', 'name') || textAt(backend, 'serviceName'),
    port: textAt(port, 'name') || textAt(port, 'number') || textAt(backend, 'servicePort'),
  };
}
