// Istio's PeerAuthentication: where mutual TLS is demanded.
//
//   kind: PeerAuthentication
//   spec: { mtls: { mode: STRICT }, portLevelMtls: { "8080": { mode: DISABLE } } }

import { factType, map, string } from '../../fact-type.ts';
import { factOf, type ObjectReader, places } from './kube-object.ts';
import { textAt, textMapAt, treeAt } from './tree.ts';

export const PeerAuthentication = factType(
  'PeerAuthentication',
  'One PeerAuthentication of Istio.',
  {
    namespace: string('Namespace.'),
    name: string('Name.'),
    mode: string('STRICT, PERMISSIVE, DISABLE or UNSET.'),
    selector: map(string(), 'Labels of the pods; empty covers the namespace (or the mesh, in the root namespace).'),
    portModes: map(string(), 'Mode by port.'),
  },
  { object: { kind: 'PeerAuthentication', namespace: 'namespace', name: 'name' } },
);

export const peerAuthenticationReader: ObjectReader = {
  reads: ['security.istio.io/PeerAuthentication'],
  yields: [PeerAuthentication],
  read(object) {
    const ports = Object.keys(treeAt(object.spec, 'portLevelMtls'));
    const value = {
      namespace: object.namespace,
      name: object.name,
      mode: textAt(object.spec, 'mtls', 'mode') || 'UNSET',
      selector: textMapAt(object.spec, 'selector', 'matchLabels'),
      portModes: Object.fromEntries(
        ports.map((port) => [port, textAt(object.spec, 'portLevelMtls', port, 'mode') || 'UNSET']),
      ),
    };
    const at = places(object, { mode: 'spec.mtls', portModes: 'spec.portLevelMtls', selector: 'spec.selector' });
    return [factOf(PeerAuthentication, object, value, { at })];
  },
};
