// What a generated case is made of: the cluster as its objects tell it, and beside each object what the kernel was given.
// Plantings change the second; only then files are written.

export type Version = 'v1' | 'v2';
export type Driver = 'systemd' | 'cgroupfs';
export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

export interface Amounts {
  cpuMillis?: number;
  memoryBytes?: number;
}

/** The files of one cgroup; what is absent has no limit, or no file. */
export interface Cgroup {
  /** cpu.shares or cpu.weight. */
  weight: number;
  quotaMicros?: number | undefined;
  memoryBytes?: number | undefined;
  swapBytes?: number | undefined;
  cpus?: string;
  throttled?: { periods: number; throttledPeriods: number };
  oomKills?: number;
  usageBytes?: number;
  tasks?: { now: number; most: number };
  /** Percent of the last minute. */
  stalledPercent?: number;
  hugepageBytes?: number;
}

export interface ContainerWorld {
  name: string;
  role: 'container' | 'init' | 'sidecar' | 'ephemeral';
  requests: Amounts;
  limits: Amounts;
  id: string;
  /** What is in force while the pod is resized. */
  actualRequests?: Amounts;
  lastEnd?: { reason: string; exitCode: number; id: string };
  restarts: number;
  /** Huge pages of 2Mi that it may use. */
  hugepageBytes?: number;
  /** oom_score_adj in `crictl inspect`. */
  inspectedScore?: number;
  /** First process; the kernel's word on it was gathered. */
  process?: { pid: number; oomScoreAdj: number };
  cgroup: Cgroup;
}

export interface PodWorld {
  namespace: string;
  name: string;
  uid: string;
  /** As the kubelet knows it: for a static pod the hash of its manifest. */
  kubeletUid: string;
  isStatic: boolean;
  owner?: { kind: string; name: string };
  qosClass: QosClass;
  priorityClassName?: string;
  requests?: Amounts;
  limits?: Amounts;
  overhead?: Amounts;
  runtimeClassName?: string;
  phase: 'Running' | 'Succeeded' | 'Failed';
  failure?: { reason: string; message: string };
  sysctls?: { name: string; value: string }[];
  resizing: boolean;
  containers: ContainerWorld[];
  cgroup: Cgroup;
  /** One difference for each pod, so that each is found by what it is. */
  isPlanted: boolean;
}

export interface NodeWorld {
  name: string;
  host: string;
  /** Folder of its sosreport; undefined where none was gathered. */
  root: string | undefined;
  machineId: string;
  systemUuid: string;
  version: Version;
  isHybrid: boolean;
  driver: Driver;
  runtime: 'cri-o' | 'containerd';
  runtimeVersion: string;
  /** Whether the runtime knows the newer formula of cpu.weight. */
  hasQuadraticWeight: boolean;
  kubeletMinor: number;
  kernel: string;
  cpus: number;
  threadsPerCore: 1 | 2;
  /** CPUs of each core. */
  cores: number[][];
  memoryBytes: number;
  pageBytes: number;
  /** Huge pages of 2Mi, as the kubelet counted them and as they are. */
  hugepages?: { offered: number; onMachine: number };
  reserved: Required<Amounts>;
  /** Whether all pods together are limited. */
  enforced: boolean;
  /** reservedSystemCPUs rather than an amount of CPU. */
  reservesByNumber: boolean;
  reservedCpus: number[];
  /** Whether its Guaranteed pods may ask for whole CPUs. */
  asksWholeCpus: boolean;
  staticPolicy: boolean;
  /** Whether the configuration names the policy that is the default. */
  saysPolicy: boolean;
  wholeCores: boolean;
  /** cpu_manager_state. */
  state: { policyName: string; pool: number[]; owned: { pod: PodWorld; container: ContainerWorld; cpus: number[] }[] };
  swap?: { totalBytes: number; behaviour: 'NoSwap' | 'LimitedSwap' | '' };
  failSwapOn: boolean;
  protectsKernel: boolean;
  hasMounts: boolean;
  mounts: string[];
  disks: { device: string; mountPoint: string; usedShare: number }[];
  xfs: { device: string; mountPoint: string; ftype: number };
  bootWords: string[];
  sysctls: Map<string, string>;
  sysctlFiles: Map<string, string[]>;
  kernelLog: string[];
  pods: PodWorld[];
  all: Cgroup;
  burstable: Cgroup;
  bestEffort: Cgroup;
  systemAnonBytes: number;
  /** Percent of the last minute in which all tasks waited for memory. */
  stalledPercent: number;
  runtimeDriver: Driver;
  /** What the plantings of this node have used up. */
  planted: Set<string>;
}

export interface World {
  nodes: NodeWorld[];
  gatheredAt: string;
  openshift?: { version: string; cgroupMode?: Version };
  runtimeClasses: { name: string; overhead: Required<Amounts> }[];
}

/** A finding that must be there, and nothing else may. */
export interface Expected {
  readonly rule: string;
  readonly subject: string;
}
