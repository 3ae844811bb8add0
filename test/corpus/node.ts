// Runs the parsers of node sources over an unpacked bundle and prints what came out: `node test/corpus/node.ts FOLDER`.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Source } from '../../src/bundle/source.ts';
import type { Fact } from '../../src/facts/fact-type.ts';
import { nodeParsers } from '../../src/facts/parsers/node/index.ts';

/** Names that tell a kind without a catalogue, the first match winning. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/sysctl_-a$|sysctl-a[^/]*\.(?:out|txt)$/, 'Sysctl'],
  [/\/etc\/sysctl(?:\.d\/[^/]+)?\.conf$|sysctl\.d\/[^/]+\.conf$/, 'SysctlConf'],
  [/proc\/sys\/.+/, 'ProcSysFile'],
  [/xfs_info[^/]*$/, 'XfsInfo'],
  [/sys\/fs\/cgroup\/.+\/(?:cpu|memory|pids|cpuset|io)\.[^/]+$/, 'CgroupFile'],
  [/proc[/-]cgroups[^/]*$/, 'ProcCgroups'],
  [/proc\/(?:\d+|self)\/cgroup$/, 'ProcPidCgroup'],
  [/lscpu[^/]*\.json$|lscpu_-J$/, 'LscpuJson'],
  [/lscpu[^/]*$/, 'Lscpu'],
  [/devices\/system\/(?:cpu\/.*|node\/node\d+\/cpulist)$/, 'SysCpuTopologyFile'],
  [/proc[/_]cmdline$/, 'ProcCmdline'],
  [/proc\/meminfo$/, 'ProcMeminfo'],
  [/proc\/cpuinfo$/, 'ProcCpuinfo'],
  [/proc\/pressure\/\w+$/, 'ProcPressure'],
  [/proc[/-]swaps[^/]*$/, 'ProcSwaps'],
  [/swapon[^/]*$/, 'Swapon'],
  [/etc\/fstab$/, 'Fstab'],
  [/\/free(?:_-m|\.out|\.txt)?$/, 'Free'],
  [/uname(?:_-a)?$/, 'Uname'],
  [/os-release$/, 'OsRelease'],
  [/(?:host\/hostname[^/]*|etc\/hostname)$/, 'Hostname'],
  [/etc\/machine-id$/, 'MachineId'],
  [/\/uptime$/, 'Uptime'],
  [/lsblk[^/]*$/, 'Lsblk'],
  [/(?:mount_-l|findmnt|\/mounts(?:-[^/]*)?|mtab|mountinfo)$/, 'Mounts'],
  [/df_-ali[^/]*$/, 'DfInodes'],
  [/df_-al[^/]*$/, 'Df'],
  [/kubelet\/config\.yaml$|kubelet\.conf$/, 'KubeletConfig'],
  [/configz[^/]*$/, 'KubeletConfigz'],
  [/cpu_manager_state$/, 'CpuManagerState'],
  [/memory_manager_state$/, 'MemoryManagerState'],
  [/crictl_ps[^/]*$/, 'CrictlPs'],
  [/crictl_pods[^/]*$/, 'CrictlPods'],
  [/crictl_inspect_[^/]*$/, 'CrictlInspect'],
  [/crictl_info$/, 'CrictlInfo'],
  [/crictl_version$/, 'CrictlVersion'],
  [/crio(?:_config|\.conf|\.conf\.d\/[^/]+)$/, 'CrioConfig'],
  [/containerd[^/]*\/config[^/]*\.toml$|containerd_config_dump$/, 'ContainerdConfig'],
  [/docker_info$/, 'DockerInfo'],
  [/docker\/daemon\.json$/, 'DockerDaemonJson'],
  [/registries\.conf(?:\.d\/[^/]+)?$/, 'RegistriesConf'],
  [/containers\/storage\.conf$/, 'StorageConf'],
  [/podman_info$/, 'PodmanInfo'],
  [/systemctl_list-units[^/]*$/, 'SystemctlUnits'],
  [/\/ps_[^/]*$/, 'ProcessList'],
  [/systemd\/system\/.*\.(?:service|conf)$/, 'SystemdUnitFile'],
  [/chronyc_tracking$/, 'ChronycTracking'],
  [/chronyc(?:_-n)?_sources$/, 'ChronycSources'],
  [/timedatectl$/, 'Timedatectl'],
  [/cloud-init(?:_status[^/]*|\/status\.json)$/, 'CloudInitStatus'],
  [/cloud-init\/result\.json$/, 'CloudInitResult'],
  [/ds-identify\.log$/, 'DsIdentifyLog'],
  [/etcd_info\/endpoint_status\.json$/, 'EtcdEndpointStatus'],
  [/etcd_info\/endpoint_health\.json$/, 'EtcdEndpointHealth'],
  [/etcd_info\/member_list\.json$/, 'EtcdMemberList'],
  [/etcd_info\/alarm_list\.json$/, 'EtcdAlarmList'],
  [/etc\/resolv\.conf$/, 'ResolvConf'],
];

function main([folder = '.', shown = '2', only = '']: readonly string[]): void {
  const found = new Map<string, { path: string; fact: Fact }[]>();
  const problems: string[] = [];
  let files = 0;
  for (const path of filesOf(folder)) {
    const name = relative(folder, path);
    const kind = kinds.find(([pattern]) => pattern.test(`/${name}`))?.[1];
    if (kind === undefined || (only !== '' && kind !== only)) continue;
    files++;
    const text = readFileSync(path, 'utf8');
    const source: Source = { path: name, kind, layout: 'corpus', root: '', labels: {} };
    for (const parser of nodeParsers.filter((each) => each.reads.includes(kind))) {
      const parsed = parser.parse(text, source, { has: () => true, objects: 'all' });
      for (const fact of parsed.facts) {
        const others = found.get(fact.type) ?? [];
        others.push({ path: name, fact });
        found.set(fact.type, others);
      }
      for (const { code, span, detail } of parsed.problems) {
        problems.push(`${code} ${kind} ${name}:${span?.join('-') ?? ''} ${detail}`);
      }
    }
  }
  console.log(`${files} files, ${problems.length} problems`);
  for (const [type, facts] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${type} ${facts.length}`);
    const step = Math.max(1, Math.floor(facts.length / Number(shown)));
    for (let index = 0; index < facts.length && index / step < Number(shown); index += step) {
      const { path, fact } = facts[index] ?? facts[0]!;
      console.log(`    ${path.slice(-60)}:${fact.span.join('-')} ${JSON.stringify(fact.value).slice(0, 300)}`);
    }
  }
  for (const problem of problems.slice(0, 60)) console.log(problem);
}

function* filesOf(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesOf(path);
    else if (entry.isFile() && statSync(path).size < 20_000_000) yield path;
  }
}

main(process.argv.slice(2));
