// Fact types of what the container runtime of a node says of itself, its sandboxes and its containers.

import { bool, factType, int, list, node, optional, string, time } from '../../fact-type.ts';

export const RuntimeContainer = factType('RuntimeContainer', 'A container as its runtime knows it, from crictl.', {
  node: node(),
  shortId: string('The first 13 digits of the id, which every form has.'),
  containerId: optional(string('64 hexadecimal digits; tables cut it off.')),
  name: string('Name of the container in its pod.'),
  state: string('Running, Exited, Created or Unknown.'),
  image: optional(string('Image as it was asked for, or its id.')),
  attempt: optional(int('0 for the first start.')),
  namespace: optional(string('Namespace of the pod.')),
  pod: optional(string('Name of the pod.')),
  podUid: optional(string('metadata.uid of the pod.')),
  sandboxId: optional(string('Sandbox it runs in; cut off in tables.')),
  pid: optional(int('First process on the host.')),
  exitCode: optional(int('Of a container that exited.')),
  reason: optional(string('Why it exited, e.g. OOMKilled.')),
  startedAt: optional(time('When it started.')),
  finishedAt: optional(time('When it exited.')),
  cgroupsPath: optional(string('From the runtime spec: a path, or slice:prefix:name for systemd.')),
  cpuShares: optional(int('From the runtime spec.')),
  cpuQuotaMicros: optional(int('From the runtime spec; absent when there is no limit.')),
  cpuPeriodMicros: optional(int('From the runtime spec.')),
  cpuList: optional(string('From the runtime spec; absent when it may run anywhere.')),
  memoryLimitBytes: optional(int('From the runtime spec; absent when there is no limit.')),
  oomScoreAdj: optional(int('From the runtime spec.')),
});

export const RuntimeSandbox = factType('RuntimeSandbox', 'A pod sandbox as its runtime knows it, from crictl.', {
  node: node(),
  shortId: string('The first 13 digits of the id.'),
  sandboxId: optional(string('The whole id; tables cut it off.')),
  namespace: string('Namespace of the pod.'),
  pod: string('Name of the pod.'),
  podUid: optional(string('metadata.uid of the pod.')),
  state: string('Ready or NotReady.'),
  attempt: optional(int('0 for the first sandbox of the pod.')),
  runtimeHandler: optional(string('RuntimeClass handler; absent for the default.')),
  hostNetwork: optional(bool('True when it shares the network of the host; inspectp alone tells.')),
  addresses: optional(list(string(), 'Its addresses; inspectp alone tells.')),
  pid: optional(int('First process on the host; inspectp alone tells.')),
  cgroupsPath: optional(string('From the runtime spec: a path, or slice:prefix:name for systemd.')),
});

export const RuntimeState = factType(
  'RuntimeState',
  'Whether a container runtime says that it is ready, from crictl info.',
  {
    node: node(),
    runtimeReady: bool('Condition RuntimeReady.'),
    networkReady: bool('Condition NetworkReady: false without a CNI configuration.'),
    reason: optional(string('Reason of the first condition that is false.')),
    message: optional(string('Message of the first condition that is false.')),
  },
);

export const RuntimeVersion = factType('RuntimeVersion', 'Name and version of a container runtime.', {
  node: node(),
  name: string('cri-o, containerd or docker.'),
  version: string('E.g. 1.27.4.'),
  apiVersion: optional(string('Version of the CRI it speaks.')),
});

export const CrioConfiguration = factType(
  'CrioConfiguration',
  'What CRI-O is configured with, from one file or from `crio config`.',
  {
    node: node(),
    file: string('Base name of the file; of drop-ins the last name wins.'),
    cgroupManager: optional(string('systemd or cgroupfs.')),
    conmonCgroup: optional(string('Cgroup of the container monitors.')),
    pauseImage: optional(string('Image of the sandbox.')),
    pidsLimit: optional(int('Tasks per container; -1 or 0 for no limit.')),
    insecureRegistries: list(string(), 'Registries that may be spoken to without TLS.'),
    defaultRuntime: optional(string('E.g. runc or crun.')),
    dropInfraContainer: optional(bool('drop_infra_ctr: no pause container where none is needed; true by default.')),
    infraContainerCpuset: optional(string('infra_ctr_cpuset.')),
    storageDriver: optional(string('Overrides storage.conf.')),
    defaultSysctls: list(string(), 'name=value, set in every pod.'),
    networkDir: optional(string('Folder of CNI configurations.')),
  },
);

export const ContainerdConfiguration = factType(
  'ContainerdConfiguration',
  'What containerd is configured with, for its CRI plugin.',
  {
    node: node(),
    version: int('Version of the file format; 1 where it does not say.'),
    root: optional(string('Where its data lies; /var/lib/containerd by default.')),
    systemdCgroup: optional(bool('SystemdCgroup of the runtime runc; false by default.')),
    sandboxImage: optional(string('Image of the sandbox.')),
    configPath: optional(string('Folder of registry hosts (certs.d).')),
    snapshotter: optional(string('overlayfs by default.')),
    defaultRuntimeName: optional(string('runc by default.')),
    disabledPlugins: list(
      string(),
      'With `cri` or `io.containerd.grpc.v1.cri` among them the kubelet finds no runtime.',
    ),
    mirrors: list(string(), 'Hosts under registry.mirrors, the old way of configuring them.'),
  },
);

export const DockerEngine = factType(
  'DockerEngine',
  'What Docker says of itself (docker info) or is told (daemon.json).',
  {
    node: node(),
    origin: string('`info` or `daemon.json`.'),
    cgroupDriver: optional(string('systemd or cgroupfs.')),
    cgroupVersion: optional(int('1 or 2.')),
    insecureRegistries: list(string(), 'Registries that may be spoken to without TLS.'),
    registryMirrors: list(string(), 'Mirrors of Docker Hub.'),
  },
);

export const ContainerStorage = factType('ContainerStorage', 'Where container layers are kept, and by which driver.', {
  node: node(),
  origin: string('`storage.conf`, `podman info`, `docker info` or `daemon.json`.'),
  driver: string('overlay, overlay2, vfs, devicemapper …; empty where it is left to the program.'),
  root: string('Folder of the layers.'),
  backingFilesystem: optional(string('Filesystem below it, e.g. xfs or extfs.')),
  supportsDType: optional(bool('False for XFS made with ftype=0.')),
  mountProgram: optional(string('Program that mounts overlays in place of the kernel, e.g. /usr/bin/fuse-overlayfs.')),
  loopback: optional(bool('True for devicemapper on files and loop devices.')),
});

/** CONTAINER_RUNNING and SANDBOX_READY are Running and Ready in tables. */
export function stateWord(state: string): string {
  if (!/^[A-Z_]+$/.test(state)) return state;
  const word = state.replace(/^(?:CONTAINER|SANDBOX)_/, '').toLowerCase();
  return word === 'notready' ? 'NotReady' : word.charAt(0).toUpperCase() + word.slice(1);
}

export const shortId = (id: string): string => id.slice(0, 13);
