// NetworkPolicies: which pods they isolate and what they let through.
//
//   kind: NetworkPolicy
//   spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress], ingress: [ { from: [ … ] } ] }

import { dyn, factType, list, string } from '../../fact-type.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import { labelSelector, readSelector } from './shapes.ts';
import { textsAt, treesAt } from './tree.ts';

export const NetworkPolicy = factType(
  'NetworkPolicy',
  'One NetworkPolicy.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    podSelector: labelSelector,
    policyTypes: list(string('Ingress or Egress.')),
    ingress: list(dyn(), 'spec.ingress as written; empty lets nothing in.'),
    egress: list(dyn(), 'spec.egress as written.'),
  },
  { object: { kind: 'NetworkPolicy', namespace: 'namespace', name: 'name' } },
);

export const networkPolicyReader: ObjectReader = {
  reads: ['networking.k8s.io/NetworkPolicy', 'extensions/NetworkPolicy'],
  yields: [NetworkPolicy],
  read(object) {
    const types = textsAt(object.spec, 'policyTypes');
    const value = {
      namespace: object.namespace,
      name: object.name,
      podSelector: readSelector(object.spec, 'podSelector'),
      // Left out, it is Ingress, and Egress when there are egress rules.
      policyTypes: types.length > 0 ? types : ['Ingress', ...('egress' in object.spec ? ['Egress'] : [])],
      ingress: treesAt(object.spec, 'ingress'),
      egress: treesAt(object.spec, 'egress'),
    };
    const at = places(object, { podSelector: 'spec.podSelector', ingress: 'spec.ingress', egress: 'spec.egress' });
    return [factOf(NetworkPolicy, object, value, { at })];
  },
};
