// Objects of the Cisco ACI CNI, as they are: there are many small kinds (aci.snat, aci.ctrl, aci.fabricattachment, …).
//
//   apiVersion: aci.snat/v1
//   kind: SnatPolicy
//   spec: { snatIp: [10.20.175.81] }

import { dyn, factType, string } from '../../fact-type.ts';
import { factOf, type KubeObject } from './kube-object.ts';

export const AciObject = factType(
  'AciObject',
  'One object of the Cisco ACI CNI.',
  {
    group: string('API group, e.g. aci.snat.'),
    kind: string('Kind.'),
    namespace: string('Namespace.'),
    name: string('Name.'),
    spec: dyn('spec as written.'),
    status: dyn('status as written.'),
  },
  { object: { kind: 'kind', namespace: 'namespace', name: 'name' } },
);

export const isAci = (object: KubeObject): boolean => object.group.startsWith('aci.');

export function readAciObject(object: KubeObject) {
  const { group, kind, namespace, name, spec, status } = object;
  return factOf(
    AciObject,
    object,
    { group, kind, namespace, name, spec, status },
    { key: [group, kind, namespace, name] },
  );
}
