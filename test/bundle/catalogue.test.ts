// The catalogue: the files of rules/sources load, claim what they should, and mistakes in such files are told with their place.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { CatalogueError, loadCatalogue } from '../../src/bundle/catalogue.ts';

const sources = new URL('../../rules/sources', import.meta.url).pathname;
const catalogue = loadCatalogue([sources]);
const claimed = (path: string) => {
  const claim = catalogue.classify(path);
  return claim && `${claim.layout} ${claim.kind}`;
};
const sniffed = (path: string, text: string) => catalogue.sniff(path, new TextEncoder().encode(text))?.kind;

test('every file of rules/sources satisfies its schema', () => {
  const schema = JSON.parse(readFileSync(join(sources, '../sources.schema.json'), 'utf8')) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  for (const name of readdirSync(sources)) {
    const valid = validate(parse(readFileSync(join(sources, name), 'utf8')));
    assert.ok(valid, `${name}: ${JSON.stringify(validate.errors?.at(0))}`);
  }
});

const places: readonly [path: string, claim: string | undefined][] = [
  ['mg/quay-io-x-sha256-1/namespaces/shop/core/pods.yaml', 'must-gather KubernetesManifest'],
  ['namespaces/shop/pods/web-0/web-0.yaml', 'must-gather KubernetesManifest'],
  ['cluster-scoped-resources/core/nodes/w1.yaml', 'must-gather KubernetesManifest'],
  ['namespaces/shop/pods/web-0/api/api/logs/current.log', 'must-gather ContainerLog'],
  ['namespaces/shop/pods/web-0/api/api/logs/previous.insecure.log', undefined],
  ['host_service_logs/masters/kubelet_service.log', 'must-gather KubeletLog'],
  ['host_service_logs/masters/NetworkManager_service.log', 'must-gather Journal'],
  ['nodes/w1/w1_logs_kubelet.gz', 'must-gather KubeletLog'],
  ['nodes/w1/sysinfo.tgz!proc/cmdline', 'must-gather ProcCmdline'],
  ['network_logs/w1_iptables', 'must-gather IptablesSave'],
  ['etcd_info/endpoint_status.json', 'must-gather EtcdEndpointStatus'],
  ['must-gather.local.1/timestamp', 'must-gather GatherTimestamp'],
  ['namespaces/shop/timestamp', undefined],
  ['sosreport-w1-2024/proc/swaps', 'sosreport ProcSwaps'],
  ['sosreport-w1-2024/sys/fs/cgroup/kubepods.slice/cpu.max', 'sosreport CgroupFile'],
  ['sosreport-w1-2024/sys/class/rtc/rtc0/date', undefined],
  ['s/sos_commands/firewall_tables/iptables_-t_nat_-nvL', 'sosreport IptablesList'],
  ['s/sos_commands/networking/ip_netns_exec_x_iptables-save', 'sosreport IptablesSave'],
  ['s/sos_commands/kubernetes/journalctl_--no-pager_--unit_snap.kubelet.daemon.xz', 'sosreport KubeletLog'],
  [
    's/sos_commands/kubernetes/cluster-info/shop/kubectl_get_-o_json_--namespace_shop_pods',
    'sosreport KubernetesManifest',
  ],
  ['s/sos_commands/crio/containers/crictl_inspect_0123abc', 'sosreport CrictlInspect'],
  ['s/sos_commands/host/hostname', 'sosreport Hostname'],
  ['insights-w1-2024/data/insights_commands/lscpu', 'insights Lscpu'],
  ['insights-w1-2024/data/etc/fstab', 'insights Fstab'],
  ['config/pod/shop/web-0.json', 'insights-operator KubernetesManifest'],
  ['support-bundle/cluster-resources/pods/shop.json', 'troubleshoot KubernetesManifest'],
  ['support-bundle/cluster-resources/pods/logs/shop/web-0/api.log', 'troubleshoot ContainerLog'],
  ['dump/kube-system/pods.json', 'cluster-info-dump KubernetesManifest'],
  ['dump/kube-system/etcd-cp/logs.txt', 'cluster-info-dump ContainerLog'],
  ['logs/kind-worker/kubelet.log', 'kind-export-logs KubeletLog'],
  ['resources/ns/shop/core_v1_pods.json', 'sonobuoy KubernetesManifest'],
  ['hosts/w1/configz.json', 'sonobuoy KubeletConfigz'],
  ['cilium-sysdump-1/k8s-pods-20240105-101530.yaml', 'cilium-sysdump KubernetesManifest'],
  ['eks_i-1/networking/iptables-nat.txt', 'eks-log-collector IptablesList'],
  ['eks_i-1/kubelet/kubelet.log', 'eks-log-collector KubeletLog'],
  ['eks_i-1/ipamd/pods.json', 'eks-log-collector AwsIpamd'],
  ['w1-2024/networking/iptablessave', 'rancher-logs-collector IptablesSave'],
  ['w1-2024/journald/rke2-server', 'rancher-logs-collector KubeletLog'],
  ['log-bundle-1/control-plane/10.0.0.1/journals/kubelet.log', 'install-log-bundle KubeletLog'],
  ['w1/var/lib/kubelet/cpu_manager_state', 'node-dump CpuManagerState'],
  ['w1/iptables_-t_nat_-nvL.txt', 'node-dump IptablesList'],
  ['w1/etc/containerd/config.toml', 'node-dump ContainerdConfig'],
  ['w1/notes.txt', undefined],
];

for (const [path, claim] of places) {
  test(`${path} is ${claim ?? 'nobody’s'}`, () => assert.is(claimed(path), claim));
}

test('a claim carries the root, what the path says, and labels that the layout adds', () => {
  assert.equal(catalogue.classify('x/nodes/w1/sysinfo.tgz!sys/devices/system/cpu/cpu3/topology/thread_siblings_list'), {
    kind: 'SysCpuTopologyFile',
    layout: 'must-gather',
    root: 'x',
    labels: { node: 'w1', cpu: '3', file: 'thread_siblings_list' },
    log: false,
  });
  assert.equal(catalogue.classify('resources/cluster/Nodes.json')?.labels, { apiVersion: 'v1', kind: 'Node' });
  assert.equal(catalogue.classify('sys/fs/cgroup/cpu,cpuacct/kubepods/cpu.shares')?.labels, {
    controller: 'cpu',
    cgroup: 'kubepods',
    file: 'cpu.shares',
  });
  assert.is(catalogue.classify('sos_commands/firewall_tables/iptables_-t_nat_-nvL')?.labels.table, 'nat');
});

test('what a log names as its kind is a log', () => {
  assert.is(catalogue.classify('host_service_logs/masters/crio_service.log')?.log, true);
  assert.is(catalogue.classify('proc/swaps')?.log, false);
  assert.equal(catalogue.logs.get('CrioLog'), { kinds: ['CrioLog'], idents: ['crio'] });
  assert.equal(catalogue.logs.get('CoreDnsLog')?.labels, { container: ['coredns', 'dns'] });
});

test('a layout says whether it speaks of a cluster or of a node', () => {
  assert.is(catalogue.bundleKind('must-gather'), 'cluster');
  assert.is(catalogue.bundleKind('sosreport'), 'node');
});

const contents: readonly [kind: string | undefined, path: string, text: string][] = [
  ['IptablesSave', 'w1/fw', '# Generated by iptables-nft-save v1.8.9 (nf_tables) on Sat Nov 21\n*nat\n'],
  ['IptablesList', 'w1/fw', 'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\n'],
  ['IptablesList', 'w1/fw', '-P INPUT ACCEPT\n-N KUBE-SERVICES\n-A INPUT -j KUBE-SERVICES\n'],
  ['NftRuleset', 'w1/fw', 'table ip kube-proxy {\n\tcomment "rules for kube-proxy"\n'],
  ['NftRuleset', 'w1/fw', '{"nftables": [{"metainfo": {"version": "1.0.6"}}]}'],
  ['Sysctl', 'w1/s', 'abi.vsyscall32 = 1\nfs.file-max = 100\nnet.ipv4.ip_forward = 1\nvm.swappiness = 60\n'],
  ['SysctlConf', 'w1/k8s.conf', 'net.ipv4.ip_forward = 1\nvm.swappiness = 60\nvm.overcommit_memory = 1\n'],
  ['XfsInfo', 'w1/x', 'meta-data=/dev/sda1 isize=512    agcount=4, agsize=65536 blks\n'],
  [
    'IpAddr',
    'w1/i',
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue\n    link/loopback\n    inet 127.0.0.1/8 scope host lo\n',
  ],
  ['IpLink', 'w1/i', '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue\n    link/loopback 00:00\n'],
  ['IpRoute', 'w1/r', 'default via 10.0.0.1 dev eth0 proto dhcp metric 100\n'],
  ['IpRule', 'w1/r', '0:\tfrom all lookup local\n'],
  ['ProcSwaps', 'w1/s', 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'],
  ['Lscpu', 'w1/l', 'CPU NODE SOCKET CORE L1d:L1i:L2:L3 ONLINE\n0   0    0      0    0:0:0:0       yes\n'],
  ['CpuManagerState', 'w1/c', '{"policyName":"static","defaultCpuSet":"0-1","entries":{}}'],
  ['KubeletConfig', 'w1/k.yaml', 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'],
  ['KubernetesManifest', 'w1/p.yaml', 'apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n'],
  ['KubernetesManifest', 'w1/p', '{\n    "apiVersion": "v1",\n    "kind": "Pod",\n'],
  ['KubernetesManifest', 'w1/c.yaml', 'apiVersion: v1\ndata:\n  net.conf: |\n    {"cniVersion":"0.3.1","type":"x"}\n'],
  ['CgroupDump', 'w1/c', '/sys/fs/cgroup/kubepods.slice/cpu.max:max 100000\n'],
  ['CgroupDump', 'w1/c', '==> kubepods.slice/memory.max <==\nmax\n'],
  ['KernelLog', 'w1/d', '[    0.000000] Linux version 5.14.0\n'],
  ['Journal', 'w1/j', 'Mar 03 06:53:46.325049 w1 kubenswrapper[2167]: I0303 message\n'],
  ['ContainerLog', 'w1/c', '2024-05-01T12:00:00.123456789Z stderr F hello\n'],
  ['PemFile', 'w1/ca', '-----BEGIN CERTIFICATE-----\nMIIB\n'],
  ['Hostname', 'w1/hostname', 'w1.example.com\n'],
  [undefined, 'w1/other', 'w1.example.com\n'],
  [undefined, 'w1/README', 'Run iptables-save and look for Chain INPUT.\napiVersion: is a key of every object.\n'],
  [undefined, 'w1/values.yaml', 'image:\n  tag: v1\nreplicas: 2\n'],
  [undefined, 'w1/empty', ''],
  [undefined, 'w1/binary', '\u0000\u0001# Generated by iptables-save v1.8.9\n'],
  [undefined, 'sosreport-w1/sos_commands/other/x', '*nat\n:INPUT ACCEPT [0:0]\n'],
];

for (const [kind, path, text] of contents) {
  test(`${path} that begins with ${JSON.stringify(text.slice(0, 40))} is ${kind ?? 'nothing known'}`, () => {
    assert.is(sniffed(path, text), kind);
  });
}

test('what is known by content has its folder as root, and labels of its name', () => {
  const text = 'Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination\n';
  assert.equal(catalogue.sniff('a.zip!w1/iptables-nat.txt', new TextEncoder().encode(text)), {
    kind: 'IptablesList',
    layout: 'node-dump',
    root: 'a.zip!w1',
    labels: { table: 'nat' },
    log: false,
  });
});

test('UTF-16 is read as what its byte order mark says', () => {
  const head = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('meta-data=/dev/sda1 isize=512\r\n', 'utf16le')]);
  assert.is(catalogue.sniff('x.txt', head)?.kind, 'XfsInfo');
});

/** The complaints about a folder with these files, without the folder's own path. */
function complaints(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-sources-'));
  mkdirSync(folder, { recursive: true });
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    loadCatalogue([folder]);
    return [];
  } catch (error) {
    assert.instance(error, CatalogueError);
    return (error as CatalogueError).message.replaceAll(`${folder}/`, '').split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const kinds = 'kinds:\n  Sysctl: sysctl -a.\n  KubeletLog: Log of the kubelet.\n';
const layout = (rest: string): string => `layout: own\ntitle: Ours\nbundle: node\n${rest}`;

test('a layout of one’s own needs YAML alone', () => {
  assert.equal(
    complaints({ 'kinds.yaml': kinds, 'own.yaml': layout("sources:\n  Sysctl: '{node}/all.sysctl'\n") }),
    [],
  );
});

test('an unknown kind is told with a suggestion', () => {
  const own = layout('sources:\n  Sysctll: a.txt\n');
  assert.match(
    complaints({ 'kinds.yaml': kinds, 'own.yaml': own })[0] ?? '',
    /^own\.yaml:5:3: .*did you mean `Sysctl`\?/,
  );
});

test('an unknown key is told with a suggestion', () => {
  const own = layout('source:\n  Sysctl: a.txt\n');
  assert.match(
    complaints({ 'kinds.yaml': kinds, 'own.yaml': own })[0] ?? '',
    /^own\.yaml:4:1: .*did you mean `sources`\?/,
  );
});

test('a wrong pattern is told at its own column', () => {
  const own = layout("sources:\n  Sysctl: ['ok/a', 'a//b']\n");
  assert.match(complaints({ 'kinds.yaml': kinds, 'own.yaml': own })[0] ?? '', /^own\.yaml:5:23: an empty folder name/);
});

test('a signature that RE2 does not take is told', () => {
  const own = layout("signatures:\n  - { kind: Sysctl, content: '(?=x)' }\n");
  assert.match(
    complaints({ 'kinds.yaml': kinds, 'own.yaml': own })[0] ?? '',
    /^own\.yaml:5:30: not a pattern that RE2/,
  );
});

test('broken YAML, a missing part and a missing folder are told', () => {
  assert.match(complaints({ 'own.yaml': 'layout: [\n' })[0] ?? '', /^own\.yaml:\d+:\d+: /);
  const own = layout('include:\n  - { part: machin-files }\n');
  const machine = 'part: machine-files\nsources: {}\n';
  assert.match(complaints({ 'own.yaml': own, 'm.yaml': machine })[0] ?? '', /^own\.yaml:5:5: .*`machine-files`/);
  assert.throws(() => loadCatalogue(['/nowhere/at/all']), /there is no such folder/);
});

test('everything wrong is told at once', () => {
  const own = layout('sources:\n  Nothing: a.txt\n  Sysctl: a//b\n');
  assert.is(complaints({ 'kinds.yaml': kinds, 'own.yaml': own }).length, 2);
});

test('a log that names an unknown kind is told', () => {
  const logs = 'logs:\n  KubeletLog: { kinds: [KubletLog] }\n';
  assert.match(complaints({ 'kinds.yaml': kinds, 'logs.yaml': logs })[0] ?? '', /^logs\.yaml:2:25: .*`KubeletLog`\?/);
});

test.run();
