import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts, lineOf, value } from './read.ts';

const operator = `apiVersion: config.openshift.io/v1
kind: ClusterOperator
metadata: { name: etcd }
status:
  conditions:
  - type: Degraded
    status: "True"
    reason: EtcdMembers_UnhealthyMembers
    message: 2 of 3 members are available
    lastTransitionTime: "2024-05-01T12:00:00Z"
  - { type: Available, status: "True" }
  versions: [ { name: raw-internal, version: 4.9.1 }, { name: operator, version: 4.9.0 } ]
  relatedObjects: [ { group: "", resource: namespaces, name: openshift-etcd } ]
`;

test('an operator tells its conditions in short, with their lines', () => {
  const it = value('ClusterOperator', operator);
  assert.equal([it.available, it.degraded, it.progressing, it.version], ['True', 'True', '', '4.9.0']);
  assert.equal(it.relatedNamespaces, ['openshift-etcd']);
  const lines = [lineOf(operator, 'type: Degraded'), lineOf(operator, '2024-05-01')] as const;
  assert.equal(facts('ClusterOperator', operator)[0]?.at?.degraded, lines);
  const [degraded] = facts('ClusterOperatorCondition', operator);
  assert.equal(degraded?.span, lines);
  assert.is(degraded?.key, 'ClusterOperatorCondition/etcd/Degraded');
});

test('the cluster version tells what runs and what was applied in full', () => {
  const it = value(
    'ClusterVersion',
    `apiVersion: config.openshift.io/v1
kind: ClusterVersion
metadata: { name: version }
spec: { clusterID: c-1, channel: stable-4.10, overrides: [ { kind: Deployment, namespace: n, name: d, unmanaged: true } ] }
status:
  desired: { version: 4.10.2, image: i }
  availableUpdates: null
  history:
  - { state: Partial, version: 4.10.2, startedTime: "2024-05-01T12:00:00Z", completionTime: null, verified: false }
  - { state: Completed, version: 4.9.0, startedTime: "2024-01-01T12:00:00Z", completionTime: "2024-01-01T13:00:00Z", verified: true }
`,
  );
  assert.equal([it.clusterId, it.channel, it.version, it.completedVersion], ['c-1', 'stable-4.10', '4.10.2', '4.9.0']);
  assert.equal([it.history[0].state, 'completedAt' in it.history[0]], ['Partial', false]);
  assert.equal([it.overrides[0].unmanaged, it.availableUpdates], [true, []]);
});

test('three objects tell of the cluster network', () => {
  const config = value(
    'ClusterNetwork',
    'apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: { name: cluster }\nstatus: { clusterNetwork: [ { cidr: 10.128.0.0/14, hostPrefix: 23 } ], clusterNetworkMTU: 1450, networkType: OpenShiftSDN, serviceNetwork: [172.30.0.0/16] }\n',
  );
  assert.equal(
    [config.from, config.networkType, config.mtu, config.serviceNetworks],
    ['config', 'OpenShiftSDN', 1450, ['172.30.0.0/16']],
  );
  assert.equal(config.clusterNetworks, [{ cidr: '10.128.0.0/14', hostPrefix: 23 }]);
  const wanted = value(
    'ClusterNetwork',
    'apiVersion: operator.openshift.io/v1\nkind: Network\nmetadata: { name: cluster }\nspec: { defaultNetwork: { type: OVNKubernetes, ovnKubernetesConfig: { mtu: 1400, genevePort: 6081, ipv4: { internalJoinSubnet: 100.65.0.0/16 } } } }\n',
  );
  assert.equal(
    [wanted.from, wanted.mtu, wanted.genevePort, wanted.internalNetworks],
    ['operator', 1400, 6081, ['100.65.0.0/16']],
  );
  const sdn = value(
    'ClusterNetwork',
    'apiVersion: network.openshift.io/v1\nkind: ClusterNetwork\nmetadata: { name: default }\nclusterNetworks: [ { CIDR: 10.128.0.0/14, hostSubnetLength: 9 } ]\nmtu: 1450\nvxlanPort: 4789\nserviceNetwork: 172.30.0.0/16\npluginName: redhat/openshift-ovs-networkpolicy\n',
  );
  assert.equal(
    [sdn.from, sdn.vxlanPort, sdn.clusterNetworks[0].hostPrefix, sdn.mode],
    ['sdn', 4789, 23, 'networkpolicy'],
  );
});

test('the operator network is also an operator configuration', () => {
  const text = `apiVersion: operator.openshift.io/v1
kind: KubeAPIServer
metadata: { name: cluster }
spec: { managementState: Unmanaged, unsupportedConfigOverrides: { a: 1 } }
status:
  latestAvailableRevision: 6
  nodeStatuses:
  - nodeName: master-0
    currentRevision: 5
    targetRevision: 6
    lastFailedReason: InstallerFailed
`;
  const it = value('OperatorConfig', text);
  assert.equal(
    [it.kind, it.managementState, it.hasUnsupportedOverrides, it.latestRevision],
    ['KubeAPIServer', 'Unmanaged', true, 6],
  );
  assert.equal([it.nodes[0].currentRevision, it.nodes[0].lastFailedReason], [5, 'InstallerFailed']);
  assert.equal(facts('OperatorConfig', text)[0]?.at?.['nodes.master-0'], [
    lineOf(text, 'nodeName'),
    lineOf(text, 'lastFailedReason'),
  ]);
});

test('a pool tells how far its nodes are', () => {
  const it = value(
    'MachineConfigPool',
    `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: worker }
spec: { paused: true, configuration: { name: rendered-b }, nodeSelector: { matchLabels: { node-role.kubernetes.io/worker: "" } } }
status: { configuration: { name: rendered-a }, machineCount: 3, updatedMachineCount: 1, degradedMachineCount: 1, conditions: [ { type: Degraded, status: "True" } ] }
`,
  );
  assert.equal(
    [it.paused, it.desiredConfig, it.currentConfig, it.maxUnavailable],
    [true, 'rendered-b', 'rendered-a', '1'],
  );
  assert.equal([it.machines, it.updatedMachines, it.degradedMachines, it.degraded], [3, 1, 1, 'True']);
});

test('kubelet and CPU settings asked for a pool are read', () => {
  const kubelet = value(
    'KubeletConfigResource',
    'apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\nmetadata: { name: k }\nspec: { kubeletConfig: { allowedUnsafeSysctls: [kernel.sem], cpuManagerPolicy: static } }\n',
  );
  assert.equal([kubelet.allowedUnsafeSysctls, kubelet.cpuManagerPolicy], [['kernel.sem'], 'static']);
  const profile = value(
    'PerformanceProfile',
    'apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\nmetadata: { name: p }\nspec: { cpu: { isolated: 2-7, reserved: 0-1 }, numa: { topologyPolicy: single-numa-node }, nodeSelector: { a: b } }\n',
  );
  assert.equal(
    [profile.isolatedCpus, profile.reservedCpus, profile.topologyPolicy],
    ['2-7', '0-1', 'single-numa-node'],
  );
});

test('cluster-wide settings are read, and credentials of a proxy are left out', () => {
  const proxy = value(
    'ClusterProxy',
    'apiVersion: config.openshift.io/v1\nkind: Proxy\nmetadata: { name: cluster }\nspec: { httpsProxy: "http://user:secret@proxy:3128", noProxy: "a,b", trustedCA: { name: ca } }\nstatus: {}\n',
  );
  assert.equal([proxy.httpsProxy, proxy.noProxy, proxy.trustedCA], ['http://proxy:3128', ['a', 'b'], 'ca']);
  const image = value(
    'ImageConfig',
    'apiVersion: config.openshift.io/v1\nkind: Image\nmetadata: { name: cluster }\nspec: { registrySources: { insecureRegistries: [reg:5000] }, additionalTrustedCA: { name: regs } }\n',
  );
  assert.equal(
    [image.insecureRegistries, image.additionalTrustedCA, image.allowedRegistries],
    [['reg:5000'], 'regs', []],
  );
  const infrastructure = value(
    'Infrastructure',
    'apiVersion: config.openshift.io/v1\nkind: Infrastructure\nmetadata: { name: cluster }\nstatus: { platformStatus: { type: AWS }, controlPlaneTopology: SingleReplica }\n',
  );
  assert.equal([infrastructure.platform, infrastructure.controlPlaneTopology], ['AWS', 'SingleReplica']);
  const nodes = value(
    'NodesConfig',
    'apiVersion: config.openshift.io/v1\nkind: Node\nmetadata: { name: cluster }\nspec: { cgroupMode: v1 }\n',
  );
  assert.is(nodes.cgroupMode, 'v1');
});

test('security context constraints, subnets and virtual networks are read', () => {
  const scc = value(
    'SecurityContextConstraints',
    'apiVersion: security.openshift.io/v1\nkind: SecurityContextConstraints\nmetadata: { name: anyuid }\nallowHostNetwork: false\nforbiddenSysctls: ["*"]\npriority: 10\nrunAsUser: { type: RunAsAny }\n',
  );
  assert.equal(
    [scc.priority, scc.forbiddenSysctls, scc.runAsUser, scc.allowHostNetwork],
    [10, ['*'], 'RunAsAny', false],
  );
  const subnet = value(
    'HostSubnet',
    'apiVersion: network.openshift.io/v1\nkind: HostSubnet\nmetadata: { name: w }\nhost: w\nhostIP: 10.0.0.1\nsubnet: 10.128.0.0/23\n',
  );
  assert.equal([subnet.node, subnet.hostIP, subnet.subnet], ['w', '10.0.0.1', '10.128.0.0/23']);
  const net = value(
    'NetNamespace',
    'apiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: { name: n }\nnetid: 5\nnetname: n\n',
  );
  assert.equal([net.namespace, net.netId], ['n', 5]);
});

test('requests of an API are summed by user over the day', () => {
  const user = (requests: number, verb: string) =>
    `{ username: u, userAgent: a, requestCount: ${requests}, byVerb: [ { verb: ${verb}, requestCount: ${requests} } ] }`;
  const it = value(
    'APIRequestCount',
    `apiVersion: apiserver.openshift.io/v1
kind: APIRequestCount
metadata: { name: ingresses.v1beta1.extensions }
status:
  removedInRelease: "1.22"
  requestCount: 5
  last24h:
  - byNode: [ { byUser: [ ${user(2, 'watch')} ] } ]
  - byNode: [ { byUser: [ ${user(3, 'get')}, { username: v, userAgent: b, requestCount: 9 } ] } ]
`,
  );
  assert.equal([it.removedInRelease, it.requests], ['1.22', 5]);
  assert.equal(it.users, [
    { username: 'v', userAgent: 'b', requests: 9, verbs: [] },
    { username: 'u', userAgent: 'a', requests: 5, verbs: ['get', 'watch'] },
  ]);
});

test('a connectivity check tells outages that last', () => {
  const it = value(
    'PodNetworkConnectivityCheck',
    `apiVersion: controlplane.operator.openshift.io/v1alpha1
kind: PodNetworkConnectivityCheck
metadata: { name: c, namespace: n }
spec: { sourcePod: s, targetEndpoint: "10.0.0.1:6443" }
status:
  conditions: [ { type: Reachable, status: "False", message: refused } ]
  outages: [ { start: "2024-05-01T12:00:00Z", message: lost } ]
`,
  );
  assert.equal([it.targetEndpoint, it.reachable, it.message], ['10.0.0.1:6443', 'False', 'refused']);
  assert.equal(it.outages, [{ startedAt: '2024-05-01T12:00:00Z', message: 'lost' }]);
});

test.run();
