// All readers of API objects; `objects.ts` finds them by group and kind.

import { apiServiceReader, definitionReader, leaseReader } from './api-extensions.ts';
import { certificateRequestReader } from './certificate-request.ts';
import { priorityClassReader, runtimeClassReader } from './classes.ts';
import { configMapReader } from './config-map.ts';
import { embeddedConfigReader } from './embedded-config.ts';
import { endpointsReader } from './endpoints.ts';
import { eventReader } from './event.ts';
import { ingressReader, routeReader } from './ingress.ts';
import { peerAuthenticationReader } from './istio.ts';
import type { ObjectReader } from './kube-object.ts';
import { namespaceReader, serviceAccountReader } from './namespace.ts';
import { networkPolicyReader } from './network-policy.ts';
import { csiNodeReader, nodeReader } from './node.ts';
import { apiRequestCountReader, connectivityCheckReader } from './openshift/api-watch.ts';
import { imageConfigReader, infrastructureReader, nodesConfigReader, proxyReader } from './openshift/cluster-config.ts';
import { clusterNetworkReader } from './openshift/cluster-network.ts';
import { clusterOperatorReader, clusterVersionReader } from './openshift/cluster-version.ts';
import { kubeletConfigReader, machineConfigPoolReader, performanceProfileReader } from './openshift/machine-config.ts';
import { operatorConfigReader } from './openshift/operator-config.ts';
import { hostSubnetReader, netNamespaceReader } from './openshift/sdn.ts';
import { securityContextConstraintsReader } from './openshift/security-context-constraints.ts';
import { podReader } from './pod.ts';
import { limitRangeReader, quotaReader } from './quota.ts';
import { roleBindingReader } from './rbac.ts';
import { autoscalerReader, disruptionBudgetReader } from './scaling.ts';
import { secretReader } from './secret.ts';
import { serviceReader } from './service.ts';
import { claimReader, storageClassReader, volumeAttachmentReader, volumeReader } from './storage.ts';
import { webhookReader } from './webhook.ts';
import { workloadReader } from './workload.ts';

export const readers: readonly ObjectReader[] = [
  podReader,
  nodeReader,
  csiNodeReader,
  eventReader,
  serviceReader,
  endpointsReader,
  ingressReader,
  routeReader,
  workloadReader,
  disruptionBudgetReader,
  autoscalerReader,
  namespaceReader,
  serviceAccountReader,
  configMapReader,
  embeddedConfigReader,
  secretReader,
  claimReader,
  volumeReader,
  storageClassReader,
  volumeAttachmentReader,
  quotaReader,
  limitRangeReader,
  priorityClassReader,
  runtimeClassReader,
  networkPolicyReader,
  roleBindingReader,
  certificateRequestReader,
  apiServiceReader,
  definitionReader,
  leaseReader,
  webhookReader,
  peerAuthenticationReader,
  clusterOperatorReader,
  clusterVersionReader,
  clusterNetworkReader,
  hostSubnetReader,
  netNamespaceReader,
  infrastructureReader,
  proxyReader,
  imageConfigReader,
  nodesConfigReader,
  machineConfigPoolReader,
  kubeletConfigReader,
  performanceProfileReader,
  securityContextConstraintsReader,
  operatorConfigReader,
  apiRequestCountReader,
  connectivityCheckReader,
];
