import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts, lineOf, value, values } from './read.ts';

const service = `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  type: LoadBalancer
  clusterIP: 172.30.10.20
  externalTrafficPolicy: Local
  sessionAffinity: ClientIP
  sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } }
  selector: { app: web }
  ports:
  - name: http
    port: 80
    targetPort: web
    nodePort: 31080
  - port: 53
    protocol: UDP
    nodePort: 0
status: { loadBalancer: { ingress: [ { ip: 10.10.12.208 }, { hostname: lb.example.com } ] } }
`;

test('a service tells how traffic gets in', () => {
  const it = value('Service', service);
  assert.equal(
    [it.type, it.clusterIPs, it.headless, it.selector],
    ['LoadBalancer', ['172.30.10.20'], false, { app: 'web' }],
  );
  assert.equal([it.externalTrafficPolicy, it.internalTrafficPolicy], ['Local', 'Cluster']);
  assert.equal([it.sessionAffinity, it.sessionAffinityTimeoutSeconds], ['ClientIP', 10800]);
  assert.equal([it.ingressIPs, it.ingressHostnames], [['10.10.12.208'], ['lb.example.com']]);
  assert.equal(it.ports[0], {
    portName: 'http',
    port: 80,
    protocol: 'tcp',
    targetPort: 'web',
    nodePort: 31080,
    appProtocol: '',
  });
});

test('each port is a fact on its own lines, with protocol in lower case', () => {
  const [http] = facts('ServicePort', service);
  assert.equal(http?.span, [lineOf(service, 'name: http'), lineOf(service, 'nodePort: 31080')]);
  assert.is(http?.key, 'ServicePort/shop/web/80/tcp');
  const second = values('ServicePort', service)[1];
  assert.equal([second.service, second.port, second.protocol, second.targetPort], ['web', 53, 'udp', '53']);
  assert.not.ok('nodePort' in second);
});

test('a headless service is told apart', () => {
  const text = 'apiVersion: v1\nkind: Service\nmetadata: { name: h, namespace: n }\nspec: { clusterIP: None }\n';
  const it = value('Service', text);
  assert.equal([it.headless, it.clusterIP, it.type, it.ports], [true, 'None', 'ClusterIP', []]);
});

test('an EndpointSlice gives one fact per port, ready and not ready apart', () => {
  const text = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-x1, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
endpoints:
- addresses: [10.128.0.9]
  nodeName: worker-1
  targetRef: { kind: Pod, namespace: shop, name: web-0, uid: u }
- addresses: [10.128.0.10]
  conditions: { ready: false, serving: true, terminating: true }
ports:
- { name: http, port: 8080, protocol: TCP }
- { name: dns, port: 53, protocol: UDP }
`;
  const [http, dns] = facts('ServiceEndpoints', text);
  const [it] = values('ServiceEndpoints', text);
  assert.equal([it.service, it.from, it.portName, it.port, it.protocol], ['web', 'EndpointSlice', 'http', 8080, 'tcp']);
  assert.equal(it.ready, [
    {
      address: '10.128.0.9',
      pod: 'web-0',
      podNamespace: 'shop',
      podUid: 'u',
      node: 'worker-1',
      zone: '',
      serving: true,
      terminating: false,
    },
  ]);
  const [gone] = it.notReady;
  assert.equal([gone.address, gone.serving, gone.terminating], ['10.128.0.10', true, true]);
  assert.is.not(http?.key, dns?.key);
});

test('Endpoints give one fact per subset and port', () => {
  const text = `apiVersion: v1
kind: Endpoints
metadata: { name: web, namespace: shop }
subsets:
- addresses: [ { ip: 10.128.0.9, nodeName: worker-1 } ]
  ports: [ { port: 8080 } ]
- notReadyAddresses: [ { ip: "fd00::1" } ]
  ports: [ { port: 8081 } ]
`;
  const all = facts('ServiceEndpoints', text);
  const it = values('ServiceEndpoints', text);
  assert.equal(
    it.map((one) => [one.from, one.service, one.ready.length, one.notReady.length, one.addressType]),
    [
      ['Endpoints', 'web', 1, 0, 'IPv4'],
      ['Endpoints', 'web', 0, 1, 'IPv6'],
    ],
  );
  assert.is.not(all[0]?.key, all[1]?.key);
});

test('a service without any address is a fact too', () => {
  const it = value('ServiceEndpoints', 'apiVersion: v1\nkind: Endpoints\nmetadata: { name: web, namespace: shop }\n');
  assert.equal([it.service, it.ready, it.notReady, it.protocol], ['web', [], [], '']);
  assert.not.ok('port' in it);
});

test('Ingress backends read in the new and the old form', () => {
  const rule = (backend: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: i, namespace: n }
spec: { rules: [ { host: a.example.com, http: { paths: [ { path: /, backend: ${backend} } ] } } ] }
`;
  const expected = [{ host: 'a.example.com', path: '/', service: 'web', port: '80' }];
  assert.equal(value('Ingress', rule('{ service: { name: web, port: { number: 80 } } }')).backends, expected);
  assert.equal(value('Ingress', rule('{ serviceName: web, servicePort: 80 }')).backends, expected);
});

test('a Route tells whether a router admitted it', () => {
  const text = `apiVersion: route.openshift.io/v1
kind: Route
metadata: { name: r, namespace: n }
spec: { host: r.example.com, to: { kind: Service, name: web, weight: 100 }, port: { targetPort: http }, tls: { termination: edge } }
status: { ingress: [ { routerName: default, conditions: [ { type: Admitted, status: "False", reason: HostAlreadyClaimed } ] } ] }
`;
  const it = value('Route', text);
  assert.equal(
    [it.host, it.service, it.targetPort, it.tlsTermination, it.admitted],
    ['r.example.com', 'web', 'http', 'edge', false],
  );
  assert.equal(it.admissions, [{ router: 'default', status: 'False', reason: 'HostAlreadyClaimed', message: '' }]);
});

test.run();
