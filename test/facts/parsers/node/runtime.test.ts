// What container runtimes say, and what they are configured with.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { podmanInfo, storageConf } from '../../../../src/facts/parsers/node/container-storage.ts';
import { containerdConfig } from '../../../../src/facts/parsers/node/containerd-config.ts';
import { crictlInspect } from '../../../../src/facts/parsers/node/crictl-inspect.ts';
import { crictlPods, crictlPs } from '../../../../src/facts/parsers/node/crictl-lists.ts';
import { crictlInfo, crictlVersion } from '../../../../src/facts/parsers/node/crictl-runtime.ts';
import { crioConfig } from '../../../../src/facts/parsers/node/crio-config.ts';
import { dockerDaemon, dockerInfo } from '../../../../src/facts/parsers/node/docker.ts';
import { registriesConf } from '../../../../src/facts/parsers/node/registries-conf.ts';
import { read } from './read.ts';

const id = '91635d506dcc3413a847ac6628550c44408b2092bc6bf76a78e78c73f8d8fb08';

test('tables of old and new crictl give the same container', () => {
  const old =
    'CONTAINER ID        IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID\n91635d506dcc3       9186cbcdb7f1e       34 minutes ago      Running             etcd-metrics        2                   3f2164ffc40a9\n';
  const expected = {
    shortId: '91635d506dcc3',
    name: 'etcd-metrics',
    state: 'Running',
    image: '9186cbcdb7f1e',
    attempt: 2,
    sandboxId: '3f2164ffc40a9',
  };
  assert.equal(read(crictlPs, old).of('RuntimeContainer'), [expected]);
  const now =
    'CONTAINER           IMAGE               CREATED              STATE     NAME           ATTEMPT   POD ID          POD          NAMESPACE\n91635d506dcc3       9186cbcdb7f1e       About a minute ago   Running   etcd-metrics   2         3f2164ffc40a9   etcd-node1   kube-system\n';
  assert.equal(read(crictlPs, now).of('RuntimeContainer'), [
    { ...expected, pod: 'etcd-node1', namespace: 'kube-system' },
  ]);
});

test('JSON and the long form know whole ids and the pod', () => {
  const labels = {
    'io.kubernetes.pod.name': 'etcd-1',
    'io.kubernetes.pod.namespace': 'openshift-etcd',
    'io.kubernetes.pod.uid': 'a4a4',
  };
  const json = JSON.stringify({
    containers: [
      {
        id,
        podSandboxId: '3f21',
        metadata: { name: 'etcd-metrics', attempt: 0 },
        image: { image: 'sha256:9186' },
        state: 'CONTAINER_EXITED',
        labels,
      },
    ],
  });
  const [fromJson] = read(crictlPs, json).of('RuntimeContainer');
  assert.equal(
    [fromJson?.containerId, fromJson?.state, fromJson?.pod, fromJson?.podUid],
    [id, 'Exited', 'etcd-1', 'a4a4'],
  );
  const long = `ID: ${id}\nPodID: 3f21\nName: etcd-metrics\nAttempt: 0\nState: Exited\nLabels:\n\tio.kubernetes.pod.name -> etcd-1\n\tio.kubernetes.pod.uid -> a4a4\n`;
  const found = read(crictlPs, long);
  assert.equal([found.of('RuntimeContainer')[0]?.pod, found.spans('RuntimeContainer')], ['etcd-1', ['1-8']]);
});

test('inspect tells what the runtime was told to enforce', () => {
  const text = JSON.stringify({
    status: {
      id,
      metadata: { name: 'api', attempt: 1 },
      state: 'CONTAINER_EXITED',
      startedAt: '2024-05-01T10:00:00+02:00',
      finishedAt: '2024-05-01T08:30:00.5Z',
      exitCode: 137,
      reason: 'OOMKilled',
    },
    info: {
      pid: 1516,
      runtimeSpec: {
        process: { oomScoreAdj: 985 },
        linux: {
          cgroupsPath: `kubepods-pod1.slice:crio:${id}`,
          resources: { cpu: { shares: 512, quota: 50000, period: 100000 }, memory: { limit: 1048576 } },
        },
      },
    },
  });
  const [found] = read(crictlInspect, text).of('RuntimeContainer');
  assert.equal(
    [found?.reason, found?.exitCode, found?.startedAt, found?.finishedAt, found?.pid],
    ['OOMKilled', 137, '2024-05-01T08:00:00.000Z', '2024-05-01T08:30:00.500Z', 1516],
  );
  assert.equal(
    [found?.cpuShares, found?.cpuQuotaMicros, found?.cpuPeriodMicros, found?.memoryLimitBytes, found?.oomScoreAdj],
    [512, 50000, 100000, 1048576, 985],
  );
});

test('no quota and no end yet are absent fields; a sandbox is no container', () => {
  const text = JSON.stringify({
    status: {
      id,
      metadata: { name: 'api' },
      state: 'CONTAINER_RUNNING',
      startedAt: '2024-05-01T08:00:00Z',
      finishedAt: '1970-01-01T00:00:00Z',
    },
    info: { runtimeSpec: { linux: { resources: { cpu: { quota: -1 } } } } },
  });
  const [found] = read(crictlInspect, text).of('RuntimeContainer');
  for (const field of ['cpuQuotaMicros', 'finishedAt', 'exitCode'])
    assert.not.ok(Object.hasOwn(found ?? {}, field), field);
  const sandbox = JSON.stringify({ status: { id, state: 'SANDBOX_READY' } });
  assert.equal([read(crictlInspect, sandbox).facts, read(crictlInspect, sandbox).problems], [[], []]);
});

test('pods, readiness and version of a runtime', () => {
  const pods =
    'POD ID              CREATED             STATE               NAME                NAMESPACE           ATTEMPT             RUNTIME\n3f2164ffc40a9       34 minutes ago      NotReady            etcd-1              openshift-etcd      0                   (default)\n';
  assert.equal(read(crictlPods, pods).of('RuntimeSandbox'), [
    { shortId: '3f2164ffc40a9', namespace: 'openshift-etcd', pod: 'etcd-1', state: 'NotReady', attempt: 0 },
  ]);
  const info =
    '{\n  "status": {\n    "conditions": [\n      {"type": "RuntimeReady", "status": true, "reason": "", "message": ""},\n      {"type": "NetworkReady", "status": false, "reason": "NetworkPluginNotReady", "message": "Missing CNI default network"}\n    ]\n  }\n}\n';
  const state = read(crictlInfo, info);
  assert.equal(state.of('RuntimeState'), [
    {
      runtimeReady: true,
      networkReady: false,
      reason: 'NetworkPluginNotReady',
      message: 'Missing CNI default network',
    },
  ]);
  assert.equal(state.spans('RuntimeState'), ['4-5']);
  const version = 'Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v1.7.2\nRuntimeApiVersion:  v1\n';
  assert.equal(read(crictlVersion, version).of('RuntimeVersion'), [
    { name: 'containerd', version: 'v1.7.2', apiVersion: 'v1' },
  ]);
});

test('crio config is read past its own log lines, with the lines of its settings', () => {
  const text =
    'time="2024-05-01 08:00:00" level=info msg="Starting CRI-O"\n[crio]\n# storage_driver = "vfs"\n[crio.runtime]\ncgroup_manager = "systemd"\ndrop_infra_ctr = false\n[crio.image]\npause_image = "registry.k8s.io/pause:3.9"\ninsecure_registries = [\n  "registry.local:5000",\n]\n';
  const { facts, problems } = read(crioConfig, text, 'sos_commands/crio/crio_config');
  assert.equal(problems, []);
  assert.equal(facts[0]?.value, {
    file: 'crio_config',
    cgroupManager: 'systemd',
    pauseImage: 'registry.k8s.io/pause:3.9',
    insecureRegistries: ['registry.local:5000'],
    dropInfraContainer: false,
    defaultSysctls: [],
  });
  assert.equal(facts[0]?.at?.cgroupManager, [5, 5]);
  assert.equal(facts[0]?.at?.insecureRegistries, [9, 9]);
});

test('a crio.conf that is cut off keeps what came before', () => {
  const { of, problems } = read(
    crioConfig,
    '[crio.runtime]\ncgroup_manager = "systemd"\ndefault_sysctls = [\n  "net.ipv4.ping_group_ra',
  );
  assert.is(of('CrioConfiguration')[0]?.cgroupManager, 'systemd');
  assert.is(problems[0]?.code, 'PARSE_ERROR');
});

test('containerd says the same in versions 2 and 3 of its file', () => {
  const two =
    'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = "pause:3.9"\n  [plugins."io.containerd.grpc.v1.cri".registry]\n    config_path = "/etc/containerd/certs.d"\n  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n    SystemdCgroup = true\n';
  const three =
    "version = 3\n[plugins.'io.containerd.cri.v1.images'.pinned_images]\n  sandbox = 'pause:3.9'\n[plugins.'io.containerd.cri.v1.images'.registry]\n  config_path = '/etc/containerd/certs.d'\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]\n  SystemdCgroup = true\n";
  for (const [version, text] of [
    [2, two],
    [3, three],
  ] as const) {
    const { facts } = read(containerdConfig, text);
    assert.equal(facts[0]?.value, {
      version,
      systemdCgroup: true,
      sandboxImage: 'pause:3.9',
      configPath: '/etc/containerd/certs.d',
      disabledPlugins: [],
      mirrors: [],
    });
    assert.equal(facts[0]?.at?.systemdCgroup, [7, 7]);
    assert.equal(facts[0]?.at?.sandboxImage, [3, 3]);
  }
});

test('docker info and daemon.json give engine and storage', () => {
  const info =
    'Server Version: 24.0.7\nStorage Driver: overlay2\n Backing Filesystem: xfs\n Supports d_type: false\nLogging Driver: json-file\nCgroup Driver: cgroupfs\nCgroup Version: 1\nDocker Root Dir: /data/docker\nInsecure Registries:\n registry.local:5000\n 127.0.0.0/8\nLive Restore Enabled: false\n';
  const { of, spans } = read(dockerInfo, info);
  assert.equal(of('ContainerStorage'), [
    { origin: 'docker info', driver: 'overlay2', root: '/data/docker', backingFilesystem: 'xfs', supportsDType: false },
  ]);
  assert.equal(spans('ContainerStorage'), ['2-4']);
  assert.equal(of('DockerEngine'), [
    {
      origin: 'info',
      cgroupDriver: 'cgroupfs',
      cgroupVersion: 1,
      insecureRegistries: ['registry.local:5000', '127.0.0.0/8'],
      registryMirrors: [],
    },
  ]);
  const daemon = read(
    dockerDaemon,
    '{"exec-opts": ["native.cgroupdriver=systemd"], "registry-mirrors": ["https://m.example"]}',
  );
  assert.equal(daemon.of('DockerEngine'), [
    { origin: 'daemon.json', cgroupDriver: 'systemd', insecureRegistries: [], registryMirrors: ['https://m.example'] },
  ]);
  assert.equal(daemon.of('ContainerStorage'), []);
});

test('podman info of any age, and storage.conf', () => {
  const old =
    'store:\n  GraphDriverName: overlay\n  GraphRoot: /var/lib/containers/storage\n  GraphStatus:\n    Backing Filesystem: xfs\n    Supports d_type: "true"\n';
  const expected = {
    origin: 'podman info',
    driver: 'overlay',
    root: '/var/lib/containers/storage',
    backingFilesystem: 'xfs',
    supportsDType: true,
  };
  assert.equal(read(podmanInfo, old).of('ContainerStorage'), [expected]);
  assert.equal(read(podmanInfo, old.replaceAll('Graph', 'graph')).of('ContainerStorage'), [expected]);
  const conf = read(storageConf, '# comment\n[storage]\nrunroot = "/run"\ndriver = "vfs"\n');
  assert.equal(
    [conf.of('ContainerStorage'), conf.spans('ContainerStorage')],
    [[{ origin: 'storage.conf', driver: 'vfs', root: '/var/lib/containers/storage' }], ['4-4']],
  );
});

test('registries of version 2 keep their mirrors, each with its own lines', () => {
  const text = `unqualified-search-registries = ["docker.io"]
short-name-mode = "enforcing"

[[registry]]
  prefix = ""
  location = "quay.io/ocp"
  mirror-by-digest-only = true

  [[registry.mirror]]
    location = "registry.local:5000/ocp4"
    insecure = true

[[registry]]
location = "plain.local"
insecure = true
`;
  const { of, spans } = read(registriesConf, text, 'etc/containers/registries.conf');
  const mirrors = [{ location: 'registry.local:5000/ocp4', insecure: true, pullFromMirror: 'all' }];
  const file = 'registries.conf';
  assert.equal(of('Registry'), [
    {
      prefix: 'quay.io/ocp',
      location: 'quay.io/ocp',
      insecure: false,
      blocked: false,
      mirrorByDigestOnly: true,
      mirrors,
      file,
    },
    {
      prefix: 'plain.local',
      location: 'plain.local',
      insecure: true,
      blocked: false,
      mirrorByDigestOnly: false,
      mirrors: [],
      file,
    },
  ]);
  assert.equal(spans('Registry'), ['4-11', '13-15']);
  assert.equal(of('RegistriesSearch'), [{ registries: ['docker.io'], shortNameMode: 'enforcing', file }]);
  assert.equal(spans('RegistriesSearch'), ['1-1']);
});

test('registries of version 1 are told by three lists', () => {
  const { of } = read(
    registriesConf,
    "[registries.search]\nregistries = ['docker.io']\n[registries.insecure]\nregistries = ['plain.local']\n[registries.block]\nregistries = ['bad.local']\n",
  );
  assert.equal(
    of('RegistriesSearch').map(({ registries }) => registries),
    [['docker.io']],
  );
  assert.equal(
    of('Registry').map(({ location, insecure, blocked }) => [location, insecure, blocked]),
    [
      ['plain.local', true, false],
      ['bad.local', false, true],
    ],
  );
});

test('a drop-in of short-name aliases says nothing of registries', () => {
  const { facts, problems } = read(registriesConf, '[aliases]\n"ubi8" = "registry.access.redhat.com/ubi8"\n');
  assert.equal([facts, problems], [[], []]);
});

test.run();
