import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cniPlugins } from '../../../../src/facts/parsers/node/cni-plugins.ts';
import { crictlInspectp } from '../../../../src/facts/parsers/node/crictl-inspectp.ts';
import { kernelModules } from '../../../../src/facts/parsers/node/kernel-modules.ts';
import { numactl } from '../../../../src/facts/parsers/node/numactl.ts';
import { registryHosts } from '../../../../src/facts/parsers/node/registry-hosts.ts';
import { unitFiles } from '../../../../src/facts/parsers/node/unit-files.ts';
import { read } from './read.ts';

test('lsmod and /proc/modules tell the same modules, and /proc/modules their state', () => {
  const listed = read(
    kernelModules,
    'Module                  Size  Used by\nbr_netfilter           22256  0\nllc                    14552  2 stp,bridge\n',
  );
  assert.equal(listed.of('KernelModule'), [
    { name: 'br_netfilter', sizeBytes: 22256, references: 0, usedBy: [] },
    { name: 'llc', sizeBytes: 14552, references: 2, usedBy: ['stp', 'bridge'] },
  ]);
  assert.equal(listed.spans('KernelModule'), ['2-2', '3-3']);
  const kernel = read(
    kernelModules,
    'zfs 3751936 6 - Live 0xffffffffc0a14000 (POE)\nllc 16384 2 stp,bridge, Live 0xffffffffc0ab4000\nxor 16384 1 raid6,[permanent], Live 0x0\n',
  );
  assert.equal(kernel.of('KernelModule'), [
    { name: 'zfs', sizeBytes: 3751936, references: 6, usedBy: [], state: 'Live' },
    { name: 'llc', sizeBytes: 16384, references: 2, usedBy: ['stp', 'bridge'], state: 'Live' },
    { name: 'xor', sizeBytes: 16384, references: 1, usedBy: ['raid6'], state: 'Live' },
  ]);
});

test('a machine without modules is no problem, and a missing lsmod is one', () => {
  assert.equal(read(kernelModules, 'Module                  Size  Used by\n').problems, []);
  assert.is(read(kernelModules, 'bash: lsmod: command not found\n').problems[0]?.code, 'COLLECTION_ERROR');
});

test('unit files have a state, and from newer systemd what the vendor would have', () => {
  const text =
    'UNIT FILE                  STATE           VENDOR PRESET\n-.mount                    generated       -\nswap.img.swap              disabled        enabled\n\n2 unit files listed.\n';
  assert.equal(read(unitFiles, text).of('UnitFile'), [
    { name: '-.mount', state: 'generated' },
    { name: 'swap.img.swap', state: 'disabled', preset: 'enabled' },
  ]);
  const older =
    'UNIT FILE                                     STATE   \nkubelet.service                               enabled \n';
  assert.equal(read(unitFiles, older).of('UnitFile'), [{ name: 'kubelet.service', state: 'enabled' }]);
});

test('numactl tells CPUs and memory of each node, also of one without CPUs', () => {
  const text = `available: 2 nodes (0-1)
node 0 cpus: 0 2 1 3
node 0 size: 16008 MB
node 0 free: 165 MB
node 1 cpus:
node 1 size: 64000 MB
node 1 free: 63999 MB
node distances:
node   0   1
  0:  10  21
`;
  const { facts, of, spans } = read(numactl, text);
  assert.equal(of('NumaNode'), [
    { id: 0, cpus: [0, 1, 2, 3], cpuList: '0-3' },
    { id: 1, cpus: [], cpuList: '' },
  ]);
  assert.equal(of('NumaMemory'), [
    { id: 0, totalBytes: 16008 * 1024 ** 2, freeBytes: 165 * 1024 ** 2 },
    { id: 1, totalBytes: 64000 * 1024 ** 2, freeBytes: 63999 * 1024 ** 2 },
  ]);
  assert.equal(spans('NumaMemory'), ['3-4', '6-7']);
  assert.is(facts.length, 4);
  assert.equal(read(numactl, 'No NUMA available on this system\n').problems, []);
});

test('hosts.toml gives the hosts in the order they are tried, and the server last', () => {
  const text = `server = "https://registry.example.com"

[host."http://mirror.local:5000"]
  capabilities = ["pull"]

[host."https://second.local"]
  skip_verify = true
  ca = ["/etc/certs/a.pem", "b.pem"]
  override_path = true
`;
  const { of, spans } = read(registryHosts, text, 'etc/containerd/certs.d/registry.example.com_5000_/hosts.toml');
  const plain = { isServer: false, plainHttp: false, skipVerify: false, certificateFiles: [], overridePath: false };
  const registry = 'registry.example.com:5000';
  const every = ['pull', 'resolve', 'push'];
  assert.equal(of('RegistryHost'), [
    { ...plain, registry, url: 'http://mirror.local:5000', position: 1, plainHttp: true, capabilities: ['pull'] },
    {
      ...plain,
      registry,
      url: 'https://second.local',
      position: 2,
      skipVerify: true,
      capabilities: every,
      certificateFiles: ['/etc/certs/a.pem', 'b.pem'],
      overridePath: true,
    },
    { ...plain, registry, url: 'https://registry.example.com', position: 3, isServer: true, capabilities: every },
  ]);
  assert.equal(spans('RegistryHost'), ['3-4', '6-9', '1-1']);
});

test('hosts.toml may set something for the registry itself without naming a server', () => {
  const { of } = read(registryHosts, 'ca = "/etc/certs/own.pem"\n', 'etc/containerd/certs.d/_default/hosts.toml');
  const [only] = of('RegistryHost');
  assert.equal([only?.registry, only?.url, only?.isServer], ['_default', undefined, true]);
  assert.equal(only?.certificateFiles, ['/etc/certs/own.pem']);
});

test('plugins are told from a listing, links and their rights included', () => {
  const text = `/opt/cni/bin:
total 76M
drwxr-xr-x. 2 root root 4.0K Oct  2 02:19 .
drwxr-xr-x. 3 root root   17 Oct  2  2019 ..
-rwxr-xr-x. 1 root root 4.0M Oct  2 02:19 bridge
lrwxrwxrwx. 1 root root   10 Oct  2  2019 calico -> install
-rw-r--r--. 1 root root  11K 2024-03-01 10:00:00.000000000 +0000 LICENSE
`;
  const folder = '/opt/cni/bin';
  assert.equal(read(cniPlugins, text).of('CniPlugin'), [
    { name: 'bridge', folder, executable: true },
    { name: 'calico', folder, executable: true },
    { name: 'LICENSE', folder, executable: false },
  ]);
  const nameless = read(cniPlugins, text.split('\n').slice(1).join('\n'), 'sos_commands/crio/ls_-alh_.opt.cni.bin');
  assert.is(nameless.of('CniPlugin')[0]?.folder, folder);
  const missing = "ls: cannot access '/opt/cni/bin': No such file or directory\n";
  assert.is(read(cniPlugins, missing).problems[0]?.code, 'COLLECTION_ERROR');
});

test('inspectp tells whose a sandbox is, its addresses and whether it has the network of the host', () => {
  const id = '3f2164ffc40a996a2723131243bff2439166b35ef49345b699b467cc5d1a3832';
  const sandbox = {
    status: {
      id,
      metadata: { attempt: 1, name: 'etcd-0', namespace: 'kube-system', uid: 'a4a4914b' },
      state: 'SANDBOX_NOTREADY',
      network: { ip: '10.0.0.4', additionalIps: [{ ip: 'fd00::4' }] },
      linux: { namespaces: { options: { network: 'POD' } } },
      runtimeHandler: 'kata',
    },
    info: { pid: 1402, runtimeSpec: { linux: { cgroupsPath: 'kubepods.slice:cri-containerd:3f21' } } },
  };
  assert.equal(read(crictlInspectp, JSON.stringify(sandbox, undefined, 2)).of('RuntimeSandbox'), [
    {
      shortId: '3f2164ffc40a9',
      sandboxId: id,
      namespace: 'kube-system',
      pod: 'etcd-0',
      podUid: 'a4a4914b',
      state: 'NotReady',
      attempt: 1,
      runtimeHandler: 'kata',
      hostNetwork: false,
      addresses: ['10.0.0.4', 'fd00::4'],
      pid: 1402,
      cgroupsPath: 'kubepods.slice:cri-containerd:3f21',
    },
  ]);
  const container = JSON.stringify({ status: { id, state: 'CONTAINER_RUNNING' } });
  assert.equal(read(crictlInspectp, container).facts, []);
});

test.run();
