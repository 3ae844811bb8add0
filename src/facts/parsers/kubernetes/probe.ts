// Probes and lifecycle hooks of a container, with the defaults Kubernetes fills in.
//
//   livenessProbe: { httpGet: { path: /healthz, port: 8080, scheme: HTTP }, timeoutSeconds: 1, periodSeconds: 10 }

import { hasTree, intAt, type Tree, textAt, textsAt, treeAt } from './tree.ts';

const probeTypes = ['httpGet', 'tcpSocket', 'grpc', 'exec'];
const hookTypes = ['exec', 'httpGet', 'tcpSocket', 'sleep'];

export function readProbe(container: Tree, name: string) {
  const probe = treeAt(container, name);
  const type = probeTypes.find((one) => hasTree(probe, one));
  if (!type) return undefined;
  const handler = treeAt(probe, type);
  return {
    type,
    path: textAt(handler, 'path'),
    port: textAt(handler, 'port'),
    scheme: textAt(handler, 'scheme') || (type === 'httpGet' ? 'HTTP' : ''),
    host: textAt(handler, 'host'),
    service: textAt(handler, 'service'),
    command: textsAt(handler, 'command'),
    initialDelaySeconds: intAt(probe, 'initialDelaySeconds') ?? 0,
    timeoutSeconds: intAt(probe, 'timeoutSeconds') || 1,
    periodSeconds: intAt(probe, 'periodSeconds') || 10,
    failureThreshold: intAt(probe, 'failureThreshold') || 3,
    successThreshold: intAt(probe, 'successThreshold') || 1,
  };
}

export function readHook(container: Tree, name: 'postStart' | 'preStop') {
  const hook = treeAt(container, 'lifecycle', name);
  const type = hookTypes.find((one) => hasTree(hook, one));
  if (!type) return undefined;
  return { type, path: textAt(hook, type, 'path'), port: textAt(hook, type, 'port') };
}
