// Which namespaces a cluster operator of OpenShift looks after, where its name alone does not tell.

const others: Readonly<Record<string, readonly string[]>> = {
  authentication: ['openshift-oauth-apiserver'],
  'cloud-controller-manager': ['openshift-cloud-controller-manager'],
  'csi-snapshot-controller': ['openshift-cluster-storage-operator'],
  'machine-config': ['openshift-machine-config-operator'],
  network: [
    'openshift-cloud-network-config-controller',
    'openshift-multus',
    'openshift-network-diagnostics',
    'openshift-network-node-identity',
    'openshift-ovn-kubernetes',
    'openshift-sdn',
  ],
  'node-tuning': ['openshift-cluster-node-tuning-operator'],
  'openshift-samples': ['openshift-cluster-samples-operator'],
  'operator-lifecycle-manager': ['openshift-operator-lifecycle-manager'],
  'operator-lifecycle-manager-catalog': ['openshift-operator-lifecycle-manager'],
  'operator-lifecycle-manager-packageserver': ['openshift-operator-lifecycle-manager'],
  storage: ['openshift-cluster-csi-drivers', 'openshift-cluster-storage-operator'],
};

/** `etcd` → `openshift-etcd`, `openshift-etcd-operator`. */
export function operatorNamespaces(operator: string): readonly string[] {
  const name = operator.startsWith('openshift-') ? operator : `openshift-${operator}`;
  return [...new Set([name, `${name}-operator`, ...(Object.hasOwn(others, operator) ? (others[operator] ?? []) : [])])];
}
