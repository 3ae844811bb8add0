// All parsers of what is read on one machine, and of etcd's own words.

import type { Parser } from '../../parser.ts';
import { cgroupDump } from './cgroup-dump.ts';
import { cgroupFile } from './cgroup-file.ts';
import { procCgroups, procPidCgroup } from './cgroup-hierarchy.ts';
import { chronycSources, chronycTracking, timedatectl } from './clock.ts';
import { cloudInitResult, cloudInitStatus, dsIdentifyLog } from './cloud-init.ts';
import { cniPlugins } from './cni-plugins.ts';
import { podmanInfo, storageConf } from './container-storage.ts';
import { containerdConfig } from './containerd-config.ts';
import { crictlInspect } from './crictl-inspect.ts';
import { crictlInspectp } from './crictl-inspectp.ts';
import { crictlPods, crictlPs } from './crictl-lists.ts';
import { crictlInfo, crictlVersion } from './crictl-runtime.ts';
import { crioConfig } from './crio-config.ts';
import { df } from './df.ts';
import { dockerDaemon, dockerInfo } from './docker.ts';
import { etcdAlarmList, etcdEndpointHealth, etcdEndpointStatus, etcdMemberList } from './etcd.ts';
import { fstab } from './fstab.ts';
import { hostname } from './hostname.ts';
import { hugepages } from './hugepages.ts';
import { kernelCommandLine } from './kernel-command-line.ts';
import { kernelModules } from './kernel-modules.ts';
import { kubeletConfig } from './kubelet-config.ts';
import { cpuManagerState, memoryManagerState } from './kubelet-state.ts';
import { kubeletUnits } from './kubelet-units.ts';
import { lsblk } from './lsblk.ts';
import { lscpu } from './lscpu.ts';
import { lscpuJson } from './lscpu-json.ts';
import { machineId } from './machine-id.ts';
import { mounts } from './mounts.ts';
import { free, procMeminfo } from './node-memory.ts';
import { nodePressure } from './node-pressure.ts';
import { numactl } from './numactl.ts';
import { osRelease } from './os-release.ts';
import { procCpuinfo } from './proc-cpuinfo.ts';
import { processCpuset } from './process-cpuset.ts';
import { processOomScore } from './process-oom-score.ts';
import { processes } from './processes.ts';
import { registriesConf } from './registries-conf.ts';
import { registryHosts } from './registry-hosts.ts';
import { resolvConf } from './resolv-conf.ts';
import { swapon } from './swapon.ts';
import { swaps } from './swaps.ts';
import { sysBlock } from './sys-block.ts';
import { sysCpu } from './sys-cpu.ts';
import { procSysFile, sysctl, sysctlConf } from './sysctls.ts';
import { dmidecode, productUuid } from './system-uuid.ts';
import { systemctlUnits } from './systemctl-units.ts';
import { uname } from './uname.ts';
import { unitFiles } from './unit-files.ts';
import { uptime } from './uptime.ts';
import { procVmstat, vmstat } from './vmstat.ts';
import { xfsInfo } from './xfs-info.ts';

export const nodeParsers: readonly Parser[] = [
  cgroupDump,
  cgroupFile,
  chronycSources,
  chronycTracking,
  cloudInitResult,
  cloudInitStatus,
  cniPlugins,
  containerdConfig,
  cpuManagerState,
  crictlInfo,
  crictlInspect,
  crictlInspectp,
  crictlPods,
  crictlPs,
  crictlVersion,
  crioConfig,
  df,
  dmidecode,
  dockerDaemon,
  dockerInfo,
  dsIdentifyLog,
  etcdAlarmList,
  etcdEndpointHealth,
  etcdEndpointStatus,
  etcdMemberList,
  free,
  fstab,
  hostname,
  hugepages,
  kernelCommandLine,
  kernelModules,
  kubeletConfig,
  kubeletUnits,
  lsblk,
  lscpu,
  lscpuJson,
  machineId,
  memoryManagerState,
  mounts,
  nodePressure,
  numactl,
  osRelease,
  podmanInfo,
  procCgroups,
  procCpuinfo,
  procMeminfo,
  procPidCgroup,
  processes,
  processCpuset,
  processOomScore,
  procSysFile,
  procVmstat,
  productUuid,
  registriesConf,
  registryHosts,
  resolvConf,
  storageConf,
  swapon,
  swaps,
  sysctl,
  sysctlConf,
  sysBlock,
  sysCpu,
  systemctlUnits,
  timedatectl,
  uname,
  unitFiles,
  uptime,
  vmstat,
  xfsInfo,
];
