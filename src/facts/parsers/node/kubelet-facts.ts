// Fact types of the kubelet's configuration: the file it reads, and the flags that override it.

import { bool, dyn, factType, int, list, map, node, optional, string } from '../../fact-type.ts';

export const KubeletConfiguration = factType(
  'KubeletConfiguration',
  'What the kubelet is configured with: from its file, or from configz, where defaults are filled in. Flags may override it.',
  {
    node: node(),
    origin: string('`file`, or `configz`: what the running kubelet says.'),
    failSwapOn: optional(bool('The kubelet refuses to start with swap on; true by default.')),
    swapBehavior: optional(string('memorySwap.swapBehavior: NoSwap, LimitedSwap or empty.')),
    cgroupDriver: optional(string('systemd or cgroupfs.')),
    cgroupRoot: optional(string('Cgroup below which the pods live.')),
    cpuCfsQuota: optional(bool('CPU limits are enforced by quota; true by default.')),
    cpuCfsQuotaPeriodMicros: optional(int('Period of that quota; 100000 by default.')),
    cpuManagerPolicy: optional(string('none or static.')),
    cpuManagerPolicyOptions: map(string(), 'E.g. full-pcpus-only: "true".'),
    topologyManagerPolicy: optional(string('none, best-effort, restricted or single-numa-node.')),
    topologyManagerScope: optional(string('container or pod.')),
    memoryManagerPolicy: optional(string('None or Static.')),
    reservedSystemCpus: optional(string('reservedSystemCPUs, a list of CPUs.')),
    reservedCpus: list(int('CPU number.'), 'The same as numbers; empty when nothing is reserved by number.'),
    systemReserved: map(string(), 'Quantity by resource.'),
    kubeReserved: map(string(), 'Quantity by resource.'),
    enforceNodeAllocatable: list(string(), 'pods, system-reserved, kube-reserved; empty means the default, pods.'),
    evictionHard: map(string(), 'Threshold by signal; empty means the defaults.'),
    evictionSoft: map(string(), 'Threshold by signal.'),
    podPidsLimit: optional(int('Tasks per pod; -1 for no limit.')),
    maxPods: optional(int('110 by default.')),
    allowedUnsafeSysctls: list(string(), 'Names, or prefixes ending in `*`.'),
    protectKernelDefaults: optional(bool('The kubelet refuses to start where kernel settings differ from its own.')),
    failCgroupV1: optional(bool('The kubelet refuses to start on cgroup v1.')),
    featureGates: map(bool(), 'Gates that are set; the others have their default.'),
    clusterDns: list(string(), 'clusterDNS: addresses.'),
    clusterDomain: optional(string('E.g. cluster.local.')),
    containerLogMaxSize: optional(string('Quantity; 10Mi by default.')),
    containerLogMaxFiles: optional(int('5 by default.')),
    rotateCertificates: optional(bool('The client certificate is renewed by itself.')),
    serverTlsBootstrap: optional(bool('The serving certificate is asked for from the cluster.')),
    containerRuntimeEndpoint: optional(string('Socket of the runtime.')),
    resolvConf: optional(string('File that the pods with dnsPolicy Default get their resolvers from.')),
    raw: dyn('The whole configuration as it was written.'),
  },
);

export const KubeletFlags = factType('KubeletFlags', 'Command-line flags of the kubelet; they override its file.', {
  node: node(),
  origin: string('`process`: of the running kubelet; `unit`: of a systemd unit or a drop-in.'),
  flags: map(string(), 'Value by name without the dashes; `true` where a flag has no value.'),
});

/** `--fail-swap-on=false --v 2`; a word that follows a flag and is none itself is its value. */
export function readFlags(words: readonly string[]): Record<string, string> {
  const flags: [string, string][] = [];
  for (const [index, word] of words.entries()) {
    const match = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(word);
    if (!match?.[1]) continue;
    const next = words[index + 1];
    const follows = next !== undefined && !next.startsWith('-') ? next : 'true';
    flags.push([match[1], match[2] ?? follows]);
  }
  return Object.fromEntries(flags);
}
