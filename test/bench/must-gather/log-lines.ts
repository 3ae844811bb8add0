// Lines as the programs of a cluster log them; of many lines only a few say that something is wrong.

import type { Random } from './random.ts';

/** What one line is made of: a clock that went on, and the names it may speak of. */
export interface Scene {
  readonly random: Random;
  /** `2026-03-03T11:05:41` */
  readonly second: string;
  /** `.071432`, and three digits more. */
  readonly micros: string;
  /** Of pods, `namespace/name`: the few that are spoken of at this time. */
  readonly names: readonly string[];
  /** One of what is under way: it comes back in the lines that follow. */
  readonly request: string;
  /** What the program is at: neighbouring lines are alike. */
  readonly topic: number;
  readonly node: string;
}

export type Lines = (scene: Scene) => string;

/** One in so many lines tells of a fault. */
const faultInLines = 4000;

const klogTime = ({ second, micros }: Scene): string =>
  `${second.slice(5, 7)}${second.slice(8, 10)} ${second.slice(11)}${micros}`;
const nanos = ({ second, micros, random }: Scene): string => `${second}${micros}${100 + random.below(900)}Z`;
const journalTime = ({ second, micros }: Scene): string => `Mar ${second.slice(8, 10)} ${second.slice(11)}${micros}`;
const address = ({ random, topic }: Scene): string =>
  `10.128.${topic & 255}.${(topic * 7) & 255}:${30000 + random.below(300)}`;

const resources =
  'configmaps deployments endpointslices leases nodes pods replicasets routes secrets serviceaccounts services'.split(
    ' ',
  );
const onTopic = <Each>(list: readonly Each[], { topic, random }: Scene): Each =>
  list[(topic + (random.once(3) ? 1 : 0)) % list.length]!;
const agents = [
  'kube-probe/1.31',
  'Prometheus/2.55.1',
  'Go-http-client/2.0',
  'oc/4.18.0 (linux/amd64) kubernetes/1f2a3b4',
];

const klogSteps: readonly Lines[] = [
  (scene) =>
    `httplog.go:134] "HTTP" verb="GET" URI="/apis/${onTopic(resources, scene)}?timeout=32s" latency="${scene.random.below(9)}.${scene.random.below(1000)}ms" userAgent="${onTopic(agents, scene)}" audit-ID="${scene.request}" srcIP="${address(scene)}" resp=200`,
  (scene) =>
    `httplog.go:134] "HTTP" verb="GET" URI="/healthz" latency="${scene.random.below(900)}.${scene.random.below(1000)}µs" userAgent="kube-probe/1.31" audit-ID="${scene.request}" srcIP="${address(scene)}" resp=200`,
  (scene) =>
    `sync_worker.go:999] Running sync for ${onTopic(resources, scene)} "${scene.random.pick(scene.names)}" (${scene.random.below(900)} of 921)`,
  (scene) =>
    `sync_worker.go:1014] Done syncing for ${onTopic(resources, scene)} "${scene.random.pick(scene.names)}" (${scene.random.below(900)} of 921)`,
  (scene) =>
    `event.go:377] Event(v1.ObjectReference{Kind:"Deployment", Namespace:"${scene.random.pick(scene.names)}", Name:"operator", UID:"", APIVersion:"apps/v1", ResourceVersion:"", FieldPath:""}): type: 'Normal' reason: 'OperatorStatusChanged' Status for clusteroperator changed: Progressing message unchanged`,
  (scene) =>
    `reflector.go:389] k8s.io/client-go/informers/factory.go:160: Watch close - *v1.${onTopic(resources, scene)} total ${scene.random.below(80)} items received`,
  (scene) =>
    `request.go:700] Waited for ${1 + scene.random.below(3)}.${scene.random.below(100000)}s due to client-side throttling, not priority and fairness, request: GET:https://172.30.0.1:443/api/v1/namespaces/${scene.random.pick(scene.names)}/${onTopic(resources, scene)}`,
  (scene) =>
    `controller.go:219] "Reconciling" controller="${onTopic(resources, scene)}" object="${scene.random.pick(scene.names)}" reconcileID="${scene.request}"`,
  (scene) =>
    `controller.go:240] "Reconciled" controller="${onTopic(resources, scene)}" object="${scene.random.pick(scene.names)}" took="${scene.random.below(400)}ms"`,
];
const klogFaults: readonly Lines[] = [
  (scene) =>
    `leaderelection.go:436] error retrieving resource lock ${scene.random.pick(scene.names)}/lock: Get "https://172.30.0.1:443/api": context deadline exceeded`,
  (scene) =>
    `reflector.go:158] "Unhandled Error" err="failed to list *v1.${onTopic(resources, scene)}: dial tcp 172.30.0.1:443: connect: connection refused"`,
];

/** Of operators and of most parts of the control plane. */
export const klogLines: Lines = (scene) => {
  const isFault = scene.random.once(faultInLines);
  const said = (isFault ? scene.random.pick(klogFaults) : onTopic(klogSteps, scene))(scene);
  return `${nanos(scene)} ${isFault ? 'E' : 'I'}${klogTime(scene)}       1 ${said}`;
};

export const etcdLines: Lines = (scene) => {
  const { random } = scene;
  const start = `${nanos(scene)} {"level":"`;
  const key = `/kubernetes.io/${random.pick(resources)}/${random.pick(scene.names)}`;
  if (random.once(faultInLines))
    return `${start}warn","ts":"${scene.second}${scene.micros}Z","caller":"etcdserver/raft.go:416","msg":"leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk","to":"${random.hex(16)}","heartbeat-interval":"100ms","expected-duration":"200ms"}`;
  if (random.once(60))
    return `${start}warn","ts":"${scene.second}${scene.micros}Z","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"${100 + random.below(300)}.${random.below(1000000)}ms","expected-duration":"100ms","prefix":"read-only range ","request":"key:\\"${key}\\" ","response":"range_response_count:1 size:${random.below(9000)}"}`;
  if (random.once(3))
    return `${start}info","ts":"${scene.second}${scene.micros}Z","caller":"mvcc/hash.go:151","msg":"storing new hash","hash":${random.below(4294967295)},"revision":${random.below(90000000)},"compact-revision":${random.below(90000000)}}`;
  return `${start}info","ts":"${scene.second}${scene.micros}Z","caller":"traceutil/trace.go:171","msg":"trace[${random.below(2147483647)}] range","detail":"{range_begin:${key}; range_end:; response_count:1; response_revision:${random.below(90000000)}; }","duration":"${100 + random.below(90)}.${random.below(1000000)}ms","start":"${scene.second}Z","end":"${scene.second}${scene.micros}Z","steps":["trace[${random.below(2147483647)}] 'agreement among raft nodes before linearized reading'  (duration: ${random.below(100)}.${random.below(1000000)}ms)"],"step_count":1}`;
};

const paths = ['/api/v1/orders', '/api/v1/carts', '/api/v1/items', '/healthz', '/metrics', '/login', '/assets/app.js'];

/** A web server's own form. */
export const accessLines: Lines = (scene) => {
  const { random, second } = scene;
  const status = random.once(500) ? 502 : random.once(50) ? 404 : 200;
  return `${nanos(scene)} 10.128.${random.below(256)}.${random.below(256)} - - [${second.slice(8, 10)}/Mar/2026:${second.slice(11)} +0000] "GET ${random.pick(paths)}/${random.below(100000)} HTTP/1.1" ${status} ${random.below(20000)} "-" "${random.pick(agents)}" "-"`;
};

/** JSON, as applications write it. */
export const jsonLines: Lines = (scene) => {
  const { random } = scene;
  const isFault = random.once(faultInLines);
  const message = isFault
    ? 'upstream request failed: dial tcp: i/o timeout'
    : random.pick(['request served', 'message consumed', 'cache refreshed', 'session opened', 'session closed']);
  return `${nanos(scene)} {"time":"${scene.second}${scene.micros}Z","level":"${isFault ? 'error' : 'info'}","logger":"com.example.shop.${random.pick(resources)}","thread":"worker-${random.below(32)}","message":"${message}","traceId":"${scene.request.slice(0, 18)}","durationMs":${random.below(900)},"user":"u${random.below(100000)}"}`;
};

/** Keys and values, as Go programs write them. */
export const logfmtLines: Lines = (scene) => {
  const { random } = scene;
  return `${nanos(scene)} time="${scene.second}${scene.micros}Z" level=info msg="response completed" go.version=go1.23.6 http.request.host="${address(scene)}" http.request.id=${scene.request} http.request.method=GET http.request.remoteaddr="${address(scene)}" http.request.uri=${random.pick(paths)} http.request.useragent="${random.pick(agents)}" http.response.duration="${random.below(900)}.${random.below(1000)}µs" http.response.status=200 http.response.written=${random.below(90000)}`;
};

const kubeletSteps: readonly Lines[] = [
  (scene) =>
    `kubelet.go:2453] "SyncLoop (PLEG): event for pod" pod="${scene.random.pick(scene.names)}" event={"ID":"${scene.request}","Type":"ContainerStarted","Data":"${scene.random.hex(64)}"}`,
  (scene) =>
    `prober.go:107] "Probe failed" probeType="Readiness" pod="${scene.random.pick(scene.names)}" podUID="${scene.request}" containerName="main" probeResult="failure" output="HTTP probe failed with statuscode: 503"`,
  (scene) =>
    `reconciler_common.go:218] "operationExecutor.MountVolume started for volume \\"config-volume\\" (UniqueName: \\"kubernetes.io/configmap/${scene.request}-config-volume\\") " pod="${scene.random.pick(scene.names)}"`,
  (scene) =>
    `operation_generator.go:637] "MountVolume.SetUp succeeded for volume \\"config-volume\\"" pod="${scene.random.pick(scene.names)}"`,
  (scene) => `kubelet_getters.go:206] "Pod status updated" pod="${scene.random.pick(scene.names)}" status="Running"`,
  (scene) =>
    `logs.go:325] "Finished parsing log file" path="/var/log/pods/${scene.random.pick(scene.names).replace('/', '_')}_${scene.request}/main/0.log"`,
];
const kubeletFaults: readonly Lines[] = [
  (scene) =>
    `pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"main\\" with CrashLoopBackOff: \\"back-off 5m0s restarting failed container\\"" pod="${scene.random.pick(scene.names)}" podUID="${scene.request}"`,
  (scene) =>
    `log.go:32] "PullImage from image service failed" err="rpc error: code = Unknown desc = pinging container registry registry.example.com: Get \\"https://registry.example.com/v2/\\": x509: certificate signed by unknown authority" image="registry.example.com/${scene.random.pick(scene.names)}"`,
];

export const kubeletLines: Lines = (scene) => {
  const isFault = scene.random.once(faultInLines);
  const said = (isFault ? scene.random.pick(kubeletFaults) : onTopic(kubeletSteps, scene))(scene);
  return `${journalTime(scene)} ${scene.node} kubenswrapper[2214]: ${isFault ? 'E' : 'I'}${klogTime(scene)}    2214 ${said}`;
};

const crioSteps: readonly Lines[] = [
  ({ random, request }) =>
    `Checking image status: quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:${random.hex(64)}" id=${request} name=/runtime.v1.ImageService/ImageStatus`,
  ({ random, names, request }) =>
    `Created container ${random.hex(64)}: ${random.pick(names)}/main" id=${request} name=/runtime.v1.RuntimeService/CreateContainer`,
  ({ random, request }) =>
    `Started container" PID=${random.below(400000)} containerID=${random.hex(64)} description=main id=${request} name=/runtime.v1.RuntimeService/StartContainer sandboxID=${random.hex(64)}`,
  ({ random, request }) =>
    `Removing container: ${random.hex(64)}" id=${request} name=/runtime.v1.RuntimeService/RemoveContainer`,
];

export const crioLines: Lines = (scene) =>
  `${journalTime(scene)} ${scene.node} crio[1998]: time="${scene.second.replace('T', ' ')}${scene.micros}001Z" level=info msg="${onTopic(crioSteps, scene)(scene)}`;

export const journalLines: Lines = (scene) =>
  `${journalTime(scene)} ${scene.node} ovs-vswitchd[1107]: ovs|${10000 + scene.random.below(90000)}|connmgr|INFO|br-int<->unix#${scene.random.below(9000)}: ${1 + scene.random.below(40)} flow_mods in the last ${scene.random.below(59)} s (${scene.random.below(40)} adds, ${scene.random.below(40)} deletes)`;

export const auditLines: Lines = (scene) => {
  const { random, names } = scene;
  const [namespace = 'default'] = random.pick(names).split('/');
  const resource = random.pick(resources);
  return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"${random.uid()}","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/${namespace}/${resource}?allowWatchBookmarks=true","verb":"watch","user":{"username":"system:serviceaccount:${namespace}:default","uid":"${scene.request}","groups":["system:serviceaccounts","system:serviceaccounts:${namespace}","system:authenticated"]},"sourceIPs":["10.128.${random.below(256)}.${random.below(256)}"],"userAgent":"${random.pick(agents)}","objectRef":{"resource":"${resource}","namespace":"${namespace}","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"${scene.second}${scene.micros}Z","stageTimestamp":"${scene.second}${scene.micros}Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}`;
};

export const kernelLines: Lines = ({ random }) =>
  `[${String(random.below(900000)).padStart(7)}.${String(random.below(1000000)).padStart(6, '0')}] IPv6: ADDRCONF(NETDEV_CHANGE): ${random.hex(15)}: link becomes ready`;
