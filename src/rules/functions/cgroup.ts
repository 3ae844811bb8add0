// Functions that spare rules the arithmetic between the spec of a container and its cgroup, and the reading of cgroup paths.

import { readCgroupPath } from '../../models/cgroup-path.ts';
import {
  containerQuotasOf,
  containerWeightsOf,
  linearWeightOf,
  memoryLimitsOf,
  sharesOf,
} from '../../models/cgroup-values.ts';
import { burstableOomScoreAdj } from '../../models/oom-score.ts';
import { define, type FunctionTable } from './function-table.ts';

const ints = (numbers: readonly number[]): bigint[] => numbers.map(BigInt);

export const cgroupFunctions: FunctionTable = {
  functions: [
    define('cpuShares(int): int', 'cpu.shares (v1) of a CPU request in thousandths of a core.', (millis) =>
      BigInt(sharesOf(Number(millis))),
    ),
    define(
      'cpuWeights(int): list<int>',
      'Every cpu.weight (v2) that a container with this CPU request may have.',
      (m) => ints(containerWeightsOf(Number(m))),
    ),
    define(
      'kubeletCpuWeight(int): int',
      'cpu.weight (v2) of a pod, a QoS class or all pods with this CPU request: the kubelet writes it, no runtime.',
      (millis) => BigInt(linearWeightOf(sharesOf(Number(millis)))),
    ),
    define(
      'burstableOomScoreAdj(int, int): int',
      'oom_score_adj of a container in a Burstable pod, from its memory request and the memory of its node in bytes.',
      (request, node) => BigInt(burstableOomScoreAdj(Number(request), Number(node))),
    ),
    define(
      'cpuQuotas(int, int): list<int>',
      'Every CPU quota, in µs, that a limit in thousandths of a core may become over a period in µs.',
      (millis, period) => ints(containerQuotasOf(Number(millis), Number(period))),
    ),
    define(
      'memoryLimits(int): list<int>',
      'Every limit in bytes that a memory limit may become: pages are whole.',
      (b) => ints(memoryLimitsOf(Number(b))),
    ),
    define(
      'cgroupPodUid(string): string',
      'metadata.uid of the pod that a cgroup path belongs to; empty outside of pods.',
      (path) => readCgroupPath(path).podUid ?? '',
    ),
    define(
      'cgroupContainerId(string): string',
      'Id of the container that a cgroup path ends at; empty where it ends elsewhere.',
      (path) => readCgroupPath(path).containerId ?? '',
    ),
  ],
};
