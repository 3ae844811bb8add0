// What the nft table of kube-proxy says about services: elements of its maps, and its chains per service port.

import type { Fact, FactType } from '../../fact-type.ts';
import { nftChainName, splitEndpoint } from './chain-names.ts';
import { KubeProxyRules, ServiceChain, ServiceMapElement } from './proxy-facts.ts';
import type { Chain, MapElement, Table } from './ruleset.ts';
import { isEven, type KeyOf, type Place, readComment, spanOf } from './service-chains.ts';

type ValueOf<T> = T extends FactType<infer V> ? V : never;
type Endpoint = ValueOf<typeof ServiceChain>['endpoints'][number];

/** `service-ULMVA6XW-ns1/svc1/tcp/p80`, `endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80`. */
const chainName =
  /^(service|local|external|firewall|endpoint)-([A-Z2-7]{8})-(.+?)\/(.+?)\/(tcp|udp|sctp)\/([^_]*)(?:__(.+))?$/;
const kinds: Record<string, string> = { service: 'SVC', local: 'SVL', external: 'EXT', firewall: 'FW' };

export function nftServiceFacts(place: Place, table: Table, keyOf: KeyOf): Fact[] {
  const elements = table.elements.flatMap((element) => readElement(element) ?? []);
  const facts: Fact[] = elements.map(({ element, value }) =>
    ServiceMapElement.fact(
      element.span,
      { ...withoutBackend(place), table: table.name, ...value },
      keyOf(element.map, element.key.join()),
    ),
  );
  const fronts = new Map(elements.map(({ value }) => [value.chain, value]));
  const references = new Map<string, number>();
  const count = (name: string | undefined) => name && references.set(name, (references.get(name) ?? 0) + 1);
  for (const { value } of elements) count(value.chain);
  for (const { rules } of table.chains.values()) for (const { body } of rules) count(body.target);

  let serviceChains = 0;
  let endpointChains = 0;
  for (const chain of table.chains.values()) {
    const named = chainName.exec(chain.name);
    if (!named) continue;
    if (named[1] === 'endpoint') {
      endpointChains += 1;
      continue;
    }
    serviceChains += 1;
    const [, kind, hash, namespace, service, protocol, portName] = named as unknown as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const port = { namespace, service, portName, protocol };
    const front = fronts.get(chain.name);
    const endpoints = endpointsOf(table, chain, port);
    const recent = chain.rules.find(({ body }) => body.set?.name.startsWith('affinity-'));
    const seconds = recent && table.setTimeouts.get(recent.body.set?.name ?? '');
    const value = {
      ...place,
      namespace,
      service,
      portName,
      protocol,
      chain: chain.name,
      kind: kinds[kind]!,
      hash,
      hashMatches: chain.name === `${kind}-${nftChainName(port)}`,
      ...(front?.address !== undefined && kind === 'service' && { clusterIP: front.address }),
      ...(front && { port: front.port }),
      references: references.get(chain.name) ?? 0,
      endpoints,
      complete: table.complete,
      endpointsKnown: endpoints.every(({ ip }) => ip !== ''),
      even: isEven(endpoints.map(({ share }) => share ?? 0)),
      ...(seconds !== undefined && { affinitySeconds: seconds }),
      sourceRanges:
        kind === 'firewall'
          ? chain.rules.flatMap(({ body }) => (body.source && body.sourceNegated ? [body.source] : []))
          : [],
    };
    const at = recent ? { at: { affinitySeconds: recent.span } } : {};
    facts.push(ServiceChain.fact(spanOf(chain), value, { ...keyOf(chain.name), ...at }));
  }
  const listed = (map: string) =>
    elements
      .filter(({ element }) => element.map === map)
      .map(({ value }) => {
        const end = `${value.port}/${value.protocol}`;
        if (value.address === undefined) return end;
        return `${value.address.includes(':') ? `[${value.address}]` : value.address}:${end}`;
      });
  const summary = {
    ...place,
    mode: 'nftables',
    complete: table.complete,
    forwarded: listed('service-ips'),
    refused: listed('no-endpoint-services'),
    nodePorts: listed('service-nodeports'),
    serviceChains,
    endpointChains,
  };
  return [...facts, KubeProxyRules.fact(table.span, summary, keyOf('nftables'))];
}

function withoutBackend({ family, netns }: Place) {
  return { family, ...(netns !== undefined && { netns }) };
}

function readElement(element: MapElement) {
  const { key, verdict, comment } = element;
  const [address, protocol, port] = key.length === 3 ? key : [undefined, ...key];
  if (protocol === undefined || !/^\d+$/.test(port ?? '')) return undefined;
  const [action, chain] = verdict.split(' ');
  // Since 1.33 a comment stands only on elements without endpoints; the chain names the service just as well.
  const named = chainName.exec(chain ?? '');
  const name = readComment(comment) ?? (named ? { namespace: named[3]!, service: named[4]!, portName: named[6]! } : {});
  const value = {
    map: element.map,
    ...(address !== undefined && { address }),
    protocol,
    port: Number(port),
    ...name,
    action: action!,
    ...(chain !== undefined && { chain }),
  };
  return [{ element, value }];
}

/** `numgen random mod 2 vmap { 0 : goto endpoint-…, 1 : goto endpoint-… }`, or a map of addresses at the dnat itself. */
function endpointsOf(table: Table, chain: Chain, port: Parameters<typeof nftChainName>[0]): Endpoint[] {
  for (const { body } of chain.rules) {
    const spread =
      /numgen random mod ([1-9]\d*) (v?map) \{ (.*) \}/.exec(body.targetOptions ?? '') ??
      /numgen random mod ([1-9]\d*) (v?map) \{ (.*) \}/.exec(body.toDestination ?? '');
    if (!spread) continue;
    return [...spread[3]!.matchAll(/\d+ : (?:goto (\S+?)|(\S+) \. (\d+))(?:,|$)/g)].map(([, name, ip, number]) => {
      const share = 1 / Number(spread[1]);
      if (name === undefined) return { ip: ip!, port: Number(number), chain: '', share };
      const to = table.chains.get(name)?.rules.find(({ body: each }) => each.target === 'DNAT')?.body.toDestination;
      const packets = table.chains.get(name)?.rules.at(-1)?.body.packets;
      const end = to === undefined ? { ip: '' } : splitEndpoint(to);
      const path = `${end.ip}/${'port' in end ? end.port : ''}`;
      return {
        ...end,
        chain: name,
        ...(to !== undefined && { hashMatches: name === `endpoint-${nftChainName(port, path)}` }),
        share,
        ...(packets !== undefined && { packets }),
      };
    });
  }
  return [];
}
