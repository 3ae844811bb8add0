// Reads the kubelet's configuration: its YAML or JSON file, and what the running kubelet says at /configz.
//
//   kind: KubeletConfiguration                     {"kubeletconfig": {"failSwapOn": true, "cpuManagerPolicy": "static", …}}
//   failSwapOn: false
//   reservedSystemCPUs: 0-1,32-33

import type { Span } from '../../../bundle/source.ts';
import type { Fact } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { readCpuList } from '../../text/cpu-list.ts';
import { keySpan, readDocuments, spanOf } from '../../text/documents.ts';
import {
  at,
  boolOf,
  intOf,
  isPlain,
  nonEmpty,
  type Plain,
  plainOf,
  textMapOf,
  textOf,
  textsOf,
} from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { KubeletConfiguration } from './kubelet-facts.ts';

export const kubeletConfig = parser({
  reads: ['KubeletConfig', 'KubeletConfigz'],
  yields: KubeletConfiguration,
  parse(text) {
    const { documents, problems } = readDocuments(text);
    const facts = documents.flatMap(({ value, span }) => {
      const inside = at(value, 'kubeletconfig');
      if (isPlain(inside)) return [factOf(inside, spanOf(inside) ?? span, 'configz')];
      return isPlain(value) && isConfiguration(value) ? [factOf(value, span, 'file')] : [];
    });
    return { facts, problems };
  },
});

/** /etc/kubernetes/kubelet.conf is this file on OpenShift, and a kubeconfig where kubeadm set the node up. */
function isConfiguration(value: Plain): boolean {
  if (value.kind !== undefined) return value.kind === 'KubeletConfiguration';
  return ['cgroupDriver', 'clusterDNS', 'failSwapOn', 'staticPodPath', 'evictionHard'].some((key) => key in value);
}

const placed = {
  failSwapOn: 'failSwapOn',
  swapBehavior: 'memorySwap',
  cgroupDriver: 'cgroupDriver',
  cpuCfsQuota: 'cpuCFSQuota',
  cpuManagerPolicy: 'cpuManagerPolicy',
  cpuManagerPolicyOptions: 'cpuManagerPolicyOptions',
  topologyManagerPolicy: 'topologyManagerPolicy',
  reservedSystemCpus: 'reservedSystemCPUs',
  systemReserved: 'systemReserved',
  kubeReserved: 'kubeReserved',
  evictionHard: 'evictionHard',
  podPidsLimit: 'podPidsLimit',
  maxPods: 'maxPods',
  allowedUnsafeSysctls: 'allowedUnsafeSysctls',
  protectKernelDefaults: 'protectKernelDefaults',
  failCgroupV1: 'failCgroupV1',
  featureGates: 'featureGates',
  clusterDns: 'clusterDNS',
} as const;

function factOf(config: Plain, span: Span, origin: 'file' | 'configz'): Fact {
  const reserved = nonEmpty(config.reservedSystemCPUs);
  const value = present({
    origin,
    failSwapOn: boolOf(config.failSwapOn),
    swapBehavior: textOf(at(config, 'memorySwap', 'swapBehavior')),
    cgroupDriver: nonEmpty(config.cgroupDriver),
    cgroupRoot: nonEmpty(config.cgroupRoot),
    cpuCfsQuota: boolOf(config.cpuCFSQuota),
    cpuCfsQuotaPeriodMicros: durationMicros(config.cpuCFSQuotaPeriod),
    cpuManagerPolicy: nonEmpty(config.cpuManagerPolicy),
    cpuManagerPolicyOptions: textMapOf(config.cpuManagerPolicyOptions),
    topologyManagerPolicy: nonEmpty(config.topologyManagerPolicy),
    topologyManagerScope: nonEmpty(config.topologyManagerScope),
    memoryManagerPolicy: nonEmpty(config.memoryManagerPolicy),
    reservedSystemCpus: reserved,
    reservedCpus: readCpuList(reserved ?? '') ?? [],
    systemReserved: textMapOf(config.systemReserved),
    kubeReserved: textMapOf(config.kubeReserved),
    enforceNodeAllocatable: textsOf(config.enforceNodeAllocatable),
    evictionHard: textMapOf(config.evictionHard),
    evictionSoft: textMapOf(config.evictionSoft),
    podPidsLimit: intOf(config.podPidsLimit),
    maxPods: intOf(config.maxPods) || undefined,
    allowedUnsafeSysctls: textsOf(config.allowedUnsafeSysctls),
    protectKernelDefaults: boolOf(config.protectKernelDefaults),
    failCgroupV1: boolOf(config.failCgroupV1),
    featureGates: gatesOf(config.featureGates),
    clusterDns: textsOf(config.clusterDNS),
    clusterDomain: nonEmpty(config.clusterDomain),
    containerLogMaxSize: nonEmpty(config.containerLogMaxSize),
    containerLogMaxFiles: intOf(config.containerLogMaxFiles),
    rotateCertificates: boolOf(config.rotateCertificates),
    serverTlsBootstrap: boolOf(config.serverTLSBootstrap),
    containerRuntimeEndpoint: nonEmpty(config.containerRuntimeEndpoint),
    resolvConf: textOf(config.resolvConf),
    raw: config,
  });
  const places = Object.entries(placed).flatMap(([field, key]) => {
    const found = keySpan(config, key);
    return found ? [[field, found] as const] : [];
  });
  return KubeletConfiguration.fact(span, value, { at: Object.fromEntries(places) });
}

function gatesOf(value: unknown): Record<string, boolean> {
  const entries = Object.entries(plainOf(value)).flatMap(([gate, on]) => {
    const known = boolOf(on);
    return known === undefined ? [] : [[gate, known] as const];
  });
  return Object.fromEntries(entries);
}

/** Written out by a program, a value that was not set is 0. A duration of Go: `100ms`, `5000us`, `1s`. */
function durationMicros(value: unknown): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(us|µs|ms|s)$/.exec(textOf(value) ?? '');
  if (!match) return undefined;
  const unit = match[2] === 's' ? 1_000_000 : match[2] === 'ms' ? 1000 : 1;
  return Math.round(Number(match[1]) * unit) || undefined;
}
