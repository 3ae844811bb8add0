// The names kube-proxy gives its chains: a hash of the service port, so that a chain can be told without its comment.

import { createHash } from 'node:crypto';

export interface ServicePortName {
  readonly namespace: string;
  readonly service: string;
  /** Empty where the port has no name. */
  readonly portName: string;
  /** `TCP` or `tcp`. */
  readonly protocol: string;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(bytes: Uint8Array, length: number): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      text += alphabet[(value >> (bits - 5)) & 31];
      bits -= 5;
    }
  }
  return text;
}

const hash = (text: string, length: number) => base32(createHash('sha256').update(text).digest(), length);

/** `default/kubernetes:https`, as kube-proxy writes it into comments. */
export const servicePortText = ({ namespace, service, portName }: ServicePortName) =>
  `${namespace}/${service}${portName === '' ? '' : `:${portName}`}`;

/** In older releases a port without a name kept its colon in the hash: `default/web:`. */
const spellings = (port: ServicePortName) =>
  port.portName === '' ? [servicePortText(port), `${servicePortText(port)}:`] : [servicePortText(port)];

/** What follows `KUBE-SVC-`, and just so `KUBE-SVL-`, `KUBE-EXT-`, `KUBE-FW-` and `KUBE-XLB-`: today's form first. */
export function serviceHashes(port: ServicePortName): string[] {
  return spellings(port).map((name) => hash(name + port.protocol.toLowerCase(), 16));
}

/** What follows `KUBE-SEP-`; `endpoint` is `ip:port`, IPv6 as `[ip]:port`. */
export function endpointHashes(port: ServicePortName, endpoint: string): string[] {
  return spellings(port).map((name) => hash(name + port.protocol.toLowerCase() + endpoint, 16));
}

/**
 * `ULMVA6XW-ns1/svc1/tcp/p80`: what follows `service-`, `local-`, `external-`, `firewall-`; with an endpoint `ip/port`
 * also `endpoint-` and `affinity-`. The colons of IPv6 become dots.
 */
export function nftChainName({ namespace, service, portName, protocol }: ServicePortName, endpoint?: string): string {
  const end = endpoint === undefined ? '' : `__${endpoint.replaceAll(':', '.')}`;
  const base = `${namespace}/${service}/${protocol.toLowerCase()}/${portName}${end}`;
  return `${hash(base, 8)}-${base}`;
}

/** `[fd00::1]:8080` or `10.0.0.1:8080`, without the port for a bare address. */
export function splitEndpoint(text: string): { ip: string; port?: number } {
  const parts = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:]+)(?::(\d+))?$/.exec(text);
  if (!parts) return { ip: text };
  return { ip: parts[1]!, ...(parts[2] !== undefined && { port: Number(parts[2]) }) };
}
