// Who is bound to which role, in a namespace or in the whole cluster.
//
//   kind: ClusterRoleBinding
//   roleRef: { kind: ClusterRole, name: cluster-admin }
//   subjects: [ { kind: ServiceAccount, namespace: shop, name: deployer } ]

import { factType, list, object, string } from '../../fact-type.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import { createdField, labelsField } from './shapes.ts';
import { textAt, timeAt, treesAt } from './tree.ts';

export const RoleBinding = factType(
  'RoleBinding',
  'One RoleBinding or ClusterRoleBinding.',
  {
    kind: string('RoleBinding or ClusterRoleBinding.'),
    namespace: string('Empty for a ClusterRoleBinding.'),
    name: string('Name.'),
    labels: labelsField,
    createdAt: createdField,
    roleKind: string('Role or ClusterRole.'),
    role: string('Name of the role.'),
    subjects: list(
      object({
        kind: string('User, Group or ServiceAccount.'),
        namespace: string('Of a service account.'),
        name: string('Name.'),
      }),
      'Who gets the role.',
    ),
  },
  { object: { kind: 'kind', namespace: 'namespace', name: 'name' } },
);

const groups = ['rbac.authorization.k8s.io', 'authorization.openshift.io'];

export const roleBindingReader: ObjectReader = {
  reads: groups.flatMap((group) => [`${group}/RoleBinding`, `${group}/ClusterRoleBinding`]),
  yields: [RoleBinding],
  read(object) {
    const value = {
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      labels: object.labels,
      createdAt: timeAt(object.metadata, 'creationTimestamp'),
      roleKind: textAt(object.whole, 'roleRef', 'kind'),
      role: textAt(object.whole, 'roleRef', 'name'),
      subjects: treesAt(object.whole, 'subjects').map((subject) => ({
        kind: textAt(subject, 'kind'),
        namespace: textAt(subject, 'namespace'),
        name: textAt(subject, 'name'),
      })),
    };
    const at = places(object, { role: 'roleRef', subjects: 'subjects' });
    return [factOf(RoleBinding, object, value, { at, key: [object.kind, object.namespace, object.name] })];
  },
};
