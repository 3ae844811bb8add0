// The small cluster-wide settings of config.openshift.io: Infrastructure, Proxy, Image and Node.
//
//   kind: Infrastructure
//   status: { infrastructureName: shop-x7k2p, platformStatus: { type: AWS }, controlPlaneTopology: HighlyAvailable }

import { bool, factType, list, optional, string } from '../../../fact-type.ts';
import { factOf, type ObjectReader, places } from '../kube-object.ts';
import { hasTree, textAt, textsAt, treesAt } from '../tree.ts';

export const Infrastructure = factType(
  'Infrastructure',
  'Where the cluster runs.',
  {
    infrastructureName: string('Unique name of the cluster.'),
    platform: string('AWS, Azure, GCP, VSphere, BareMetal, OpenStack, None, …'),
    controlPlaneTopology: string('HighlyAvailable, SingleReplica, External, …'),
    infrastructureTopology: string('Where infrastructure pods may run.'),
    apiServerUrl: string('API server from outside.'),
    apiServerInternalUrl: string('API server from inside.'),
    cpuPartitioning: string('AllNodes or None; empty where not told.'),
  },
  { object: { kind: 'Infrastructure' } },
);

export const ClusterProxy = factType(
  'ClusterProxy',
  'HTTP proxy of the cluster. User names and passwords in the addresses are left out.',
  {
    httpProxy: string('Proxy for HTTP; empty for none.'),
    httpsProxy: string('Proxy for HTTPS; empty for none.'),
    noProxy: list(string(), 'Names and networks reached without proxy.'),
    trustedCA: string('ConfigMap in openshift-config; empty where none is set.'),
  },
  { object: { kind: 'Proxy' } },
);

export const ImageConfig = factType(
  'ImageConfig',
  'Registry settings of the cluster (image.config.openshift.io).',
  {
    allowedRegistries: list(string(), 'The only registries images may come from; empty means all.'),
    blockedRegistries: list(string(), 'Registries images must not come from.'),
    insecureRegistries: list(string(), 'Registries used without TLS verification.'),
    searchRegistries: list(string(), 'containerRuntimeSearchRegistries.'),
    additionalTrustedCA: string('ConfigMap in openshift-config; empty where none is set.'),
    allowedRegistriesForImport: list(string(), 'Registries that users may import from.'),
    internalRegistryHostname: string('Name of the built-in registry.'),
    externalRegistryHostnames: list(string(), 'Outside names of the built-in registry.'),
  },
  { object: { kind: 'Image' } },
);

export const NodesConfig = factType(
  'NodesConfig',
  'Cluster-wide node settings (node.config.openshift.io).',
  {
    cgroupMode: optional(string('v1 or v2; absent for the default of the release.')),
    workerLatencyProfile: string('Default, MediumUpdateAverageReaction, LowUpdateSlowReaction; empty for the default.'),
    hasStatus: bool('The operators have reported on it.'),
  },
  { object: { kind: 'Node' } },
);

export const infrastructureReader: ObjectReader = {
  reads: ['config.openshift.io/Infrastructure'],
  yields: [Infrastructure],
  read(object) {
    const { status, spec } = object;
    const value = {
      infrastructureName: textAt(status, 'infrastructureName'),
      platform:
        textAt(status, 'platformStatus', 'type') || textAt(status, 'platform') || textAt(spec, 'platformSpec', 'type'),
      controlPlaneTopology: textAt(status, 'controlPlaneTopology'),
      infrastructureTopology: textAt(status, 'infrastructureTopology'),
      apiServerUrl: textAt(status, 'apiServerURL'),
      apiServerInternalUrl: textAt(status, 'apiServerInternalURI'),
      cpuPartitioning: textAt(status, 'cpuPartitioning'),
    };
    const at = places(object, {
      platform: 'status.platformStatus',
      controlPlaneTopology: 'status.controlPlaneTopology',
    });
    return [factOf(Infrastructure, object, value, { at })];
  },
};

export const proxyReader: ObjectReader = {
  reads: ['config.openshift.io/Proxy'],
  yields: [ClusterProxy],
  read(object) {
    const either = (key: string) => textAt(object.status, key) || textAt(object.spec, key);
    const value = {
      httpProxy: withoutCredentials(either('httpProxy')),
      httpsProxy: withoutCredentials(either('httpsProxy')),
      noProxy: either('noProxy').split(',').filter(Boolean),
      trustedCA: textAt(object.spec, 'trustedCA', 'name'),
    };
    const at = places(object, { trustedCA: 'spec.trustedCA', noProxy: 'status.noProxy' });
    return [factOf(ClusterProxy, object, value, { at })];
  },
};

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//');
}

export const imageConfigReader: ObjectReader = {
  reads: ['config.openshift.io/Image'],
  yields: [ImageConfig],
  read(object) {
    const { spec, status } = object;
    const hostnames = [...textsAt(spec, 'externalRegistryHostnames'), ...textsAt(status, 'externalRegistryHostnames')];
    const value = {
      allowedRegistries: textsAt(spec, 'registrySources', 'allowedRegistries'),
      blockedRegistries: textsAt(spec, 'registrySources', 'blockedRegistries'),
      insecureRegistries: textsAt(spec, 'registrySources', 'insecureRegistries'),
      searchRegistries: textsAt(spec, 'registrySources', 'containerRuntimeSearchRegistries'),
      additionalTrustedCA: textAt(spec, 'additionalTrustedCA', 'name'),
      allowedRegistriesForImport: treesAt(spec, 'allowedRegistriesForImport').map((one) => textAt(one, 'domainName')),
      internalRegistryHostname: textAt(status, 'internalRegistryHostname'),
      externalRegistryHostnames: [...new Set(hostnames)],
    };
    const at = places(object, {
      allowedRegistries: 'spec.registrySources.allowedRegistries',
      blockedRegistries: 'spec.registrySources.blockedRegistries',
      insecureRegistries: 'spec.registrySources.insecureRegistries',
      searchRegistries: 'spec.registrySources.containerRuntimeSearchRegistries',
      additionalTrustedCA: 'spec.additionalTrustedCA',
    });
    return [factOf(ImageConfig, object, value, { at })];
  },
};

export const nodesConfigReader: ObjectReader = {
  reads: ['config.openshift.io/Node'],
  yields: [NodesConfig],
  read(object) {
    const value = {
      cgroupMode: textAt(object.spec, 'cgroupMode') || undefined,
      workerLatencyProfile: textAt(object.spec, 'workerLatencyProfile'),
      hasStatus: hasTree(object.whole, 'status'),
    };
    const at = places(object, { cgroupMode: 'spec.cgroupMode', workerLatencyProfile: 'spec.workerLatencyProfile' });
    return [factOf(NodesConfig, object, value, { at })];
  },
};
