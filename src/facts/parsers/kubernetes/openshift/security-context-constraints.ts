// SecurityContextConstraints: what pods may do, and who may use that.
//
//   kind: SecurityContextConstraints
//   metadata: { name: anyuid }
//   allowHostNetwork: false
//   runAsUser: { type: RunAsAny }

import { bool, factType, int, list, optional, string } from '../../../fact-type.ts';
import { factOf, type ObjectReader, places } from '../kube-object.ts';
import { annotationsField } from '../shapes.ts';
import { boolAt, intAt, optionalBool, textAt, textsAt } from '../tree.ts';

export const SecurityContextConstraints = factType(
  'SecurityContextConstraints',
  'One SecurityContextConstraints object.',
  {
    name: string('Name.'),
    annotations: annotationsField,
    priority: optional(int('Higher is tried first.')),
    allowPrivilegedContainer: bool('Containers may be privileged.'),
    allowPrivilegeEscalation: bool('May gain more rights than its parent; absent means yes.'),
    allowHostNetwork: bool('Pods may use the network of the node.'),
    allowHostPID: bool('Pods may use the PID namespace of the node.'),
    allowHostIPC: bool('Pods may use the IPC namespace of the node.'),
    allowHostPorts: bool('Pods may use ports of the node.'),
    allowHostDirVolumePlugin: bool('Pods may mount paths of the node.'),
    readOnlyRootFilesystem: bool('Root filesystem is read-only.'),
    allowedCapabilities: list(string(), 'Capabilities pods may add.'),
    defaultAddCapabilities: list(string(), 'Capabilities added to every container.'),
    requiredDropCapabilities: list(string(), 'Capabilities taken from every container.'),
    allowedUnsafeSysctls: list(string(), 'Sysctls pods may set beyond the safe ones; `*` at the end matches the rest.'),
    forbiddenSysctls: list(string(), 'Sysctls pods must not set.'),
    runAsUser: string('Strategy, e.g. MustRunAsRange.'),
    seLinuxContext: string('Strategy.'),
    fsGroup: string('Strategy.'),
    supplementalGroups: string('Strategy.'),
    seccompProfiles: list(string(), 'Seccomp profiles pods may use.'),
    volumes: list(string(), 'Types of volumes pods may use.'),
    users: list(string(), 'Users who may use it.'),
    groups: list(string(), 'Groups.'),
  },
  { object: { kind: 'SecurityContextConstraints', name: 'name' } },
);

export const securityContextConstraintsReader: ObjectReader = {
  reads: ['security.openshift.io/SecurityContextConstraints', '/SecurityContextConstraints'],
  yields: [SecurityContextConstraints],
  read(object) {
    const { whole } = object;
    const value = {
      name: object.name,
      annotations: object.annotations,
      priority: intAt(whole, 'priority'),
      allowPrivilegedContainer: boolAt(whole, 'allowPrivilegedContainer'),
      allowPrivilegeEscalation: optionalBool(whole, 'allowPrivilegeEscalation') ?? true,
      allowHostNetwork: boolAt(whole, 'allowHostNetwork'),
      allowHostPID: boolAt(whole, 'allowHostPID'),
      allowHostIPC: boolAt(whole, 'allowHostIPC'),
      allowHostPorts: boolAt(whole, 'allowHostPorts'),
      allowHostDirVolumePlugin: boolAt(whole, 'allowHostDirVolumePlugin'),
      readOnlyRootFilesystem: boolAt(whole, 'readOnlyRootFilesystem'),
      allowedCapabilities: textsAt(whole, 'allowedCapabilities'),
      defaultAddCapabilities: textsAt(whole, 'defaultAddCapabilities'),
      requiredDropCapabilities: textsAt(whole, 'requiredDropCapabilities'),
      allowedUnsafeSysctls: textsAt(whole, 'allowedUnsafeSysctls'),
      forbiddenSysctls: textsAt(whole, 'forbiddenSysctls'),
      runAsUser: textAt(whole, 'runAsUser', 'type'),
      seLinuxContext: textAt(whole, 'seLinuxContext', 'type'),
      fsGroup: textAt(whole, 'fsGroup', 'type'),
      supplementalGroups: textAt(whole, 'supplementalGroups', 'type'),
      seccompProfiles: textsAt(whole, 'seccompProfiles'),
      volumes: textsAt(whole, 'volumes'),
      users: textsAt(whole, 'users'),
      groups: textsAt(whole, 'groups'),
    };
    const at = places(object, {
      users: 'users',
      groups: 'groups',
      priority: 'priority',
      allowedUnsafeSysctls: 'allowedUnsafeSysctls',
      forbiddenSysctls: 'forbiddenSysctls',
      allowPrivilegedContainer: 'allowPrivilegedContainer',
      runAsUser: 'runAsUser',
    });
    return [factOf(SecurityContextConstraints, object, value, { at })];
  },
};
