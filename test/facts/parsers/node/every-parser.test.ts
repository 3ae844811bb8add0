// What holds for every parser of a node: its own example, a cut-off, an empty and a foreign file.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Parser } from '../../../../src/facts/parser.ts';
import { nodeParsers } from '../../../../src/facts/parsers/node/index.ts';
import { read } from './read.ts';

const container = '1d3d308a7d48a27814a68bf33a44acf4441c9c02463ca0bc1cdfdc8c0b4a8496';
const pod = 'kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod7a96c459_d529_44ae_9f99_90d3798d6426.slice';

/** The text that the header of each parser shows, by kind, and a path where the path matters. */
const samples: Readonly<Record<string, { text: string; path?: string; only?: string[] }>> = {
  CgroupDump: {
    text: `==> /sys/fs/cgroup/${pod}/cpu.weight <==\n157\n\n==> /sys/fs/cgroup/${pod}/cpu.max <==\nmax 100000\n`,
    only: ['CgroupCpuWeight', 'CgroupCpuQuota', 'CgroupCpuPeriod'],
  },
  CgroupFile: {
    text: '200000 100000\n',
    path: `sys/fs/cgroup/${pod}/crio-${container}.scope/cpu.max`,
    only: ['CgroupCpuQuota', 'CgroupCpuPeriod'],
  },
  ChronycSources: {
    text: 'MS Name/IP address  Stratum Poll Reach LastRx Last sample\n===\n^* 10.0.0.1  2   6   377    34   +11us[ +13us] +/- 12ms\n',
  },
  ChronycTracking: {
    text: 'Stratum         : 3\nSystem time     : 0.000012 seconds slow of NTP time\nLeap status     : Normal\n',
  },
  CloudInitResult: { text: '{"v1": {"datasource": null, "errors": ["no network"]}}\n' },
  CloudInitStatus: { text: 'status: error\ndetail:\nDataSourceOpenStack [net,ver=2]\n' },
  CniPluginList: { text: '/opt/cni/bin:\ntotal 4.0M\n-rwxr-xr-x. 1 root root 4.0M Oct  2 02:19 bridge\n' },
  ContainerdConfig: {
    text: 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = "registry.k8s.io/pause:3.9"\n',
  },
  ContainerdHosts: {
    text: 'server = "https://docker.io"\n\n[host."http://mirror.local:5000"]\n  skip_verify = true\n',
    path: 'etc/containerd/certs.d/docker.io/hosts.toml',
  },
  CpuManagerState: {
    text: '{"policyName":"static","defaultCpuSet":"0-1","entries":{"7a96c459":{"checkout":"2-3"}},"checksum":1}',
  },
  CrictlInfo: { text: '{"status": {"conditions": [{"type": "RuntimeReady", "status": true}]}}' },
  CrictlInspect: {
    text: `{"status": {"id": "${container}", "metadata": {"name": "etcd"}, "state": "CONTAINER_RUNNING"}}`,
  },
  CrictlInspectp: {
    text: `{"status": {"id": "${container}", "state": "SANDBOX_READY", "network": {"ip": "10.0.0.4"}}}`,
  },
  CrictlPods: {
    text: 'POD ID         CREATED         STATE  NAME    NAMESPACE       ATTEMPT\n3f2164ffc40a9  34 minutes ago  Ready  etcd-1  openshift-etcd  0\n',
  },
  CrictlPs: {
    text: 'CONTAINER      IMAGE          CREATED         STATE    NAME  ATTEMPT  POD ID\n91635d506dcc3  9186cbcdb7f1e  34 minutes ago  Running  etcd  0        3f2164ffc40a9\n',
  },
  CrictlVersion: { text: 'Version:  0.1.0\nRuntimeName:  cri-o\nRuntimeVersion:  1.27.4\n' },
  CrioConfig: { text: '[crio.runtime]\ncgroup_manager = "systemd"\npids_limit = 1024\n' },
  Df: {
    text: 'Filesystem     1K-blocks    Used Available Use% Mounted on\n/dev/vda1       40470732 3590360  36863988   9% /\n',
    only: ['FilesystemUsage'],
  },
  DfInodes: {
    text: 'Filesystem      Inodes  IUsed   IFree IUse% Mounted on\n/dev/vda1      5160960 100929 5060031    2% /\n',
    only: ['InodeUsage'],
  },
  DockerDaemonJson: { text: '{"storage-driver": "overlay2", "insecure-registries": ["registry.local:5000"]}' },
  DockerInfo: {
    text: 'Server Version: 24.0.7\nStorage Driver: overlay2\n Backing Filesystem: xfs\n Supports d_type: true\nCgroup Driver: systemd\n',
  },
  DsIdentifyLog: { text: '[up 3.80s] ds-identify\nFound single datasource: OpenStack\n[up 3.90s] returning 0\n' },
  EtcdAlarmList: { text: '{"header":{},"alarms":[{"memberID":13518803987065864191,"alarm":1}]}' },
  EtcdEndpointHealth: { text: '[{"endpoint":"https://10.0.0.1:2379","health":false,"took":"5.000316276s"}]' },
  EtcdEndpointStatus: {
    text: '[{"Endpoint":"https://10.0.0.1:2379","Status":{"header":{"member_id":13518803987065864191},"version":"3.5.9"}}]',
  },
  EtcdMemberList: {
    text: '{"members":[{"ID":13518803987065864191,"name":"m0","peerURLs":["https://10.0.0.1:2380"]}]}',
  },
  Free: {
    text: '               total        used        free\nMem:        24684084      954904    22803876\nSwap:              0           0           0\n',
  },
  Fstab: { text: 'UUID=94ea609a   /boot   ext4   defaults   1 2\n/dev/vg/swap    none    swap   sw         0 0\n' },
  Hostname: { text: 'worker-1.example.com\n' },
  KernelModules: { text: 'Module                  Size  Used by\nllc                    14552  2 stp,bridge\n' },
  KubeletConfig: { text: 'kind: KubeletConfiguration\nfailSwapOn: false\nreservedSystemCPUs: 0-1,32-33\n' },
  KubeletConfigz: { text: '{"kubeletconfig": {"failSwapOn": true, "cpuManagerPolicy": "static"}}' },
  Lsblk: {
    text: 'NAME   MAJ:MIN RM   SIZE RO TYPE MOUNTPOINT\nsda      8:0    0   127G  0 disk\n`-sda3   8:3    0 125.9G  0 part /sysroot\n',
  },
  Lscpu: {
    text: 'CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE\n  0    0      0    0 0:0:0:0          yes\n  1    -      -    - -                 no\n',
  },
  LscpuJson: {
    text: '{"lscpu": [{"field": "CPU(s):", "data": "2", "children": [{"field": "NUMA node0 CPU(s):", "data": "0,1"}]}]}',
  },
  Dmidecode: { text: 'System Information\n\tUUID: 6A32167A-E2C9-43A3-BC5B-AD14CED54F67\n' },
  ProductUuid: { text: '6a32167a-e2c9-43a3-bc5b-ad14ced54f67\n' },
  MachineId: { text: '7a96c459d52944ae9f9990d3798d6426\n' },
  MemoryManagerState: {
    text: '{"policyName":"Static","machineState":{},"entries":{"7a96c459":{"checkout":[{"numaAffinity":[0]}]}}}',
  },
  Mounts: { text: 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n/dev/vda1 / ext4 rw,relatime 0 0\n' },
  NumactlHardware: {
    text: 'available: 1 nodes (0)\nnode 0 cpus: 0 1\nnode 0 size: 16008 MB\nnode 0 free: 165 MB\n',
  },
  OsRelease: { text: 'NAME="Red Hat Enterprise Linux CoreOS"\nID="rhcos"\nVERSION_ID="4.14"\n' },
  PodmanInfo: { text: 'store:\n  graphDriverName: overlay\n  graphRoot: /var/lib/containers/storage\n' },
  ProcCgroups: { text: '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t1\t1\n' },
  ProcCmdline: { text: 'BOOT_IMAGE=/vmlinuz root=/dev/sda3 ro isolcpus=domain,managed_irq,2-3\n' },
  ProcCpuinfo: {
    text: 'processor\t: 0\nphysical id\t: 0\ncore id\t\t: 0\n\nprocessor\t: 1\nphysical id\t: 0\ncore id\t\t: 0\n',
  },
  ProcMeminfo: { text: 'MemTotal:       24684084 kB\nHugePages_Total:       0\nHugepagesize:       2048 kB\n' },
  ProcOomScoreAdj: { text: '-997\n', path: 'proc/1516/oom_score_adj' },
  ProcPidCgroup: { text: `0::/${pod}/crio-${container}.scope\n`, path: 'proc/1516/cgroup' },
  ProcPidCpuset: {
    text: `/kubepods/burstable/pod7a96c459-d529-44ae-9f99-90d3798d6426/${container}\n`,
    path: 'proc/1516/cpuset',
  },
  ProcPressure: { text: 'some avg10=46.17 avg60=17.67 avg300=8.54 total=1\n', path: 'proc/pressure/cpu' },
  ProcSwaps: { text: 'Filename\tType\tSize\tUsed\tPriority\n/dev/dm-1 partition\t8388604\t0\t-2\n' },
  ProcSysFile: { text: '1\n', path: 'proc/sys/net/ipv4/ip_forward' },
  ProcVmstat: { text: 'pswpin 18220\npswpout 90112\n' },
  ProcessList: {
    text: 'USER  PID %CPU COMMAND\nroot 1712  3.1 /usr/bin/kubelet --config=/etc/kubernetes/kubelet.conf\n',
  },
  RegistriesConf: {
    text: 'unqualified-search-registries = ["docker.io"]\n[[registry]]\nlocation = "quay.io"\n[[registry.mirror]]\nlocation = "registry.local:5000/ocp4"\n',
  },
  ResolvConf: { text: 'search example.com\nnameserver 10.0.0.2\noptions ndots:5\n' },
  StorageConf: { text: '[storage]\ndriver = "overlay"\ngraphroot = "/var/lib/containers/storage"\n' },
  Swapon: { text: 'NAME       TYPE          SIZE USED PRIO\n/dev/loop0 partition 67104768    0   -2\n' },
  SysBlockFile: { text: '1\n', path: 'sys/block/sda/queue/rotational' },
  SysCpuTopologyFile: {
    text: '3,67\n',
    path: 'sys/devices/system/cpu/cpu3/topology/thread_siblings_list',
    only: ['CpuCore'],
  },
  SysHugepages: { text: '512\n', path: 'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages' },
  Sysctl: {
    text: "kernel.sem = 32000\t1024000000\t500\t32000\nsysctl: permission denied on key 'net.ipv6.conf.all.stable_secret'\n",
  },
  SysctlConf: { text: '# a comment\n-net.ipv4.ip_forward = 1\n' },
  SystemctlUnitFiles: {
    text: 'UNIT FILE          STATE    VENDOR PRESET\nkubelet.service    enabled  disabled\n',
  },
  SystemctlUnits: {
    text: '  UNIT              LOAD   ACTIVE SUB     DESCRIPTION\n● kubelet.service   loaded failed failed  Kubernetes Kubelet\n',
  },
  SystemdUnitFile: {
    text: '[Service]\nExecStart=/usr/bin/kubelet \\\n    --v=2\n',
    path: 'etc/systemd/system/kubelet.service',
  },
  Timedatectl: {
    text: '      Local time: Fri 2022-02-11 19:24:03 UTC\nSystem clock synchronized: yes\n     NTP service: active\n',
  },
  Uname: { text: 'Linux worker-1 4.18.0-80.11.2.el8_0.x86_64 #1 SMP Sun Sep 15 11:24:21 UTC 2019 x86_64 GNU/Linux\n' },
  Uptime: { text: ' 19:23:40 up 25 min,  1 user,  load average: 0.83, 0.73, 0.76\n' },
  Vmstat: {
    text: 'procs -----memory----- ---swap--\n r  b   swpd   free   buff  cache   si   so    bi    bo\n 2  0      0 279448   2108 741208    3    9     1     3\n',
  },
  XfsInfo: {
    text: 'meta-data=/dev/vda4              isize=512    agcount=4, agsize=163840 blks\nnaming   =version 2              bsize=4096   ascii-ci=0, ftype=1\n',
  },
};

/** A text that none of these parsers reads. */
const foreign = 'Dear engineer,\nplease find the files attached.\n\tRegards\n';

function forEachKind(
  look: (parser: Parser, kind: string, sample: { text: string; path?: string; only?: string[] }) => void,
): void {
  for (const parser of nodeParsers) {
    for (const kind of parser.reads) {
      const sample = samples[kind];
      assert.ok(sample, `give a sample of ${kind}`);
      look(parser, kind, sample);
    }
  }
}

test('each parser reads the text its header shows, without a problem', () => {
  forEachKind((parser, kind, { text, path, only }) => {
    const { facts, problems } = read(parser, text, path);
    assert.equal(problems, [], kind);
    assert.ok(facts.length > 0, `${kind} gives facts`);
    const possible = new Set(parser.yields.map(({ name }) => name));
    for (const { type } of facts) assert.ok(possible.has(type), `${kind} gives ${type}, which it does not declare`);
    if (only) assert.equal([...new Set(facts.map(({ type }) => type))].sort(), [...only].sort(), kind);
  });
});

test('a fact stands on lines that exist, and has no field that its type does not describe', () => {
  forEachKind((parser, kind, { text, path }) => {
    const lines = text.trimEnd().split('\n').length;
    for (const { type, span, value, at = {} } of read(parser, text, path).facts) {
      for (const [first, last] of [span, ...Object.values(at)]) {
        assert.ok(first >= 1 && first <= last && last <= lines, `${kind}: ${type} ${first}-${last} of ${lines}`);
      }
      const fields = parser.yields.find(({ name }) => name === type)?.fields ?? {};
      for (const [name, field] of Object.entries(fields)) {
        assert.ok(field.is === 'optional' || Object.hasOwn(value, name), `${kind}: ${type} lacks ${name}`);
      }
      for (const name of Object.keys(value)) assert.ok(Object.hasOwn(fields, name), `${kind}: ${type} has ${name}`);
    }
  });
});

test('a text that is cut off anywhere never makes a parser throw', () => {
  forEachKind((parser, _, { text, path }) => {
    for (let end = 0; end < text.length; end++) read(parser, text.slice(0, end), path);
  });
});

test('an empty file gives nothing, neither facts nor problems', () => {
  const saysSomethingEmpty = new Set(['ProcSysFile']);
  forEachKind((parser, kind, { path }) => {
    if (saysSomethingEmpty.has(kind)) return;
    const { facts, problems } = read(parser, '', path);
    assert.equal(facts, [], kind);
    assert.equal(problems, [], kind);
  });
});

test('a file of another kind gives no facts, and says so where a whole file was expected', () => {
  const silent = new Set([
    'SystemdUnitFile',
    'ProcSysFile',
    'KubeletConfig',
    'KubeletConfigz',
    'DockerDaemonJson',
    'CloudInitResult',
  ]);
  forEachKind((parser, kind, { path }) => {
    if (kind === 'ProcSysFile') return;
    const { facts, problems } = read(parser, foreign, path);
    assert.equal(facts, [], kind);
    if (!silent.has(kind)) assert.ok(problems.length > 0, `${kind} says nothing of a foreign file`);
  });
});

test('no two parsers of a node give the same kind two readings', () => {
  const kinds = nodeParsers.flatMap(({ reads }) => reads);
  assert.is(new Set(kinds).size, kinds.length);
});

test.run();
