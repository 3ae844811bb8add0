// Puts the chains that kube-proxy made in iptables mode together again: service port, endpoints, share of each.

import type { Fact, FactType } from '../../fact-type.ts';
import { intOf } from '../../text/plain-values.ts';
import { endpointHashes, type ServicePortName, serviceHashes, splitEndpoint } from './chain-names.ts';
import { KubeProxyRules, ServiceChain, ServiceFrontend } from './proxy-facts.ts';
import type { Chain, Rule, Table } from './ruleset.ts';

type ValueOf<T> = T extends FactType<infer V> ? V : never;
type Endpoint = ValueOf<typeof ServiceChain>['endpoints'][number];
export interface Place {
  readonly netns?: string;
  readonly family: string;
  readonly backend?: string;
}
/** Makes the key by which the same thing in two dumps of one node is told to be the same. */
export type KeyOf = (...parts: readonly string[]) => { readonly key: string; readonly version: number };

const service = /^KUBE-(SVC|SVL|EXT|FW|XLB)-([A-Z2-7]{16})$/;
const endpoint = /^KUBE-SEP-([A-Z2-7]{16})$/;

/** `default/kubernetes:https cluster IP`, `default/kubernetes:https -> 10.0.0.1:6443`, `shop/web has no endpoints`. */
export function readComment(comment: string | undefined): Omit<ServicePortName, 'protocol'> | undefined {
  const parts = /^"?([a-z0-9][a-z0-9-]*)\/([a-z0-9][a-z0-9-]*)(?::([a-z0-9-]*))?(?=\s|"|$)/.exec(comment ?? '');
  return parts ? { namespace: parts[1]!, service: parts[2]!, portName: parts[3] ?? '' } : undefined;
}

/** New connections reach rule i only if no rule before took them. */
export function shares(probabilities: readonly (number | undefined)[]): number[] {
  let left = 1;
  return probabilities.map((probability) => {
    const share = left * (probability ?? 1);
    left -= share;
    return share;
  });
}

export function isEven(given: readonly number[]): boolean {
  return given.every((share) => Math.abs(share - 1 / given.length) <= 1e-4);
}

const address = (ip: string, port: number | string, protocol: string) =>
  `${ip.includes(':') ? `[${ip}]` : ip}:${port}/${protocol}`;

interface Jump {
  readonly from: Chain;
  readonly rule: Rule;
}

/** `nat` and `filter` are of one family and backend; either may be missing. */
export function serviceFacts(place: Place, tables: ReadonlyMap<string, Table>, keyOf: KeyOf): Fact[] {
  const nat = tables.get('nat');
  const filter = tables.get('filter');
  const facts: Fact[] = [];
  const frontends = [nat, filter].flatMap((table) => (table ? frontendsOf(place, table, keyOf) : []));
  facts.push(...frontends.map(({ fact }) => fact));
  if (!nat) return facts;

  const jumps = new Map<string, Jump[]>();
  for (const from of nat.chains.values()) {
    for (const rule of from.rules) {
      const { target } = rule.body;
      if (!target || !service.test(target)) continue;
      const known = jumps.get(target);
      if (known) known.push({ from, rule });
      else jumps.set(target, [{ from, rule }]);
    }
  }
  let serviceCount = 0;
  let endpointCount = 0;
  for (const chain of nat.chains.values()) {
    if (endpoint.test(chain.name)) endpointCount += 1;
    const named = service.exec(chain.name);
    if (!named) continue;
    serviceCount += 1;
    facts.push(serviceChain(place, nat, filter, chain, named[1]!, named[2]!, jumps, keyOf));
  }
  const served = nat.chains.get('KUBE-SERVICES');
  if (served || serviceCount > 0) {
    const pick = (action: (text: string) => boolean, nodePort: boolean) => [
      ...new Set(
        frontends.filter(({ value }) => action(value.action) && value.nodePort === nodePort).map(({ text }) => text),
      ),
    ];
    const value = {
      ...place,
      mode: 'iptables',
      complete: nat.complete && served !== undefined,
      forwarded: pick((action) => action === 'forward', false),
      refused: pick((action) => action !== 'forward', false),
      nodePorts: pick((action) => action === 'forward', true),
      serviceChains: serviceCount,
      endpointChains: endpointCount,
    };
    facts.push(KubeProxyRules.fact(served ? spanOf(served) : nat.span, value, keyOf('iptables')));
  }
  return facts;
}

/** Its rules; with its head only where that stands right before them: a save declares all chains first. */
export function spanOf({ span, rules }: Chain): readonly [number, number] {
  const first = rules[0]?.span[0] ?? span[0];
  const last = rules.at(-1)?.span[1] ?? span[1];
  return [first - span[1] > 2 ? first : span[0], last];
}

function serviceChain(
  place: Place,
  nat: Table,
  filter: Table | undefined,
  chain: Chain,
  kind: string,
  hash: string,
  jumps: ReadonlyMap<string, readonly Jump[]>,
  keyOf: KeyOf,
): Fact {
  const callers = jumps.get(chain.name) ?? [];
  const front = callers.find(({ from }) => from.name === 'KUBE-SERVICES')?.rule.body;
  const nodePort = callers.find(({ from }) => from.name === 'KUBE-NODEPORTS')?.rule.body.destinationPort;
  const name = [...callers.map(({ rule }) => rule), ...chain.rules].flatMap(
    ({ body }) => readComment(body.comment) ?? [],
  )[0];
  const steps = chain.rules.filter(({ body }) => endpoint.test(body.target ?? ''));
  const recent = steps.find(({ body }) => body.recent?.operation === 'check');
  const spread = steps.filter(({ body }) => !body.recent && !body.otherMatches.includes('xt recent'));
  // A match that the dump does not spell out may hide a probability.
  const opaque = spread.some(({ body }) => body.otherMatches.length > 0);
  const parts = shares(spread.map(({ body }) => body.probability));
  const dnats = spread.map(({ body }) =>
    nat.chains.get(body.target!)?.rules.find((each) => each.body.target === 'DNAT'),
  );
  // Without a front rule (a local policy, a leftover) the protocol still stands at the DNAT.
  const protocol = front?.protocol ?? callers[0]?.rule.body.protocol ?? dnats[0]?.body.protocol;
  const port = name && protocol !== undefined ? { ...name, protocol } : undefined;
  const endpoints = spread.map(({ body }, at): Endpoint => {
    const to = dnats[at]?.body.toDestination;
    const matches = port && to ? endpointHashes(port, to).includes(body.target!.slice('KUBE-SEP-'.length)) : undefined;
    const place = to === undefined ? { ip: '' } : splitEndpoint(to);
    const hairpin = to === undefined ? undefined : marksHairpin(nat.chains.get(body.target!), place.ip);
    return {
      ...place,
      chain: body.target!,
      ...(matches !== undefined && { hashMatches: matches }),
      ...(body.probability !== undefined && { probability: body.probability }),
      ...(!opaque && { share: parts[at]! }),
      ...(body.packets !== undefined && { packets: body.packets }),
      ...(hairpin !== undefined && { marksHairpin: hairpin }),
    };
  });
  const dropped = droppedBy(chain, filter);
  const value = {
    ...place,
    ...name,
    ...(protocol !== undefined && { protocol }),
    chain: chain.name,
    kind,
    hash,
    ...(port && { hashMatches: serviceHashes(port).includes(hash) }),
    ...(front?.destination !== undefined && kind.startsWith('SV') && { clusterIP: front.destination }),
    ...portNamed('port', front?.destinationPort),
    ...portNamed('nodePort', nodePort),
    references: callers.length,
    endpoints,
    complete: nat.complete,
    endpointsKnown: endpoints.every(({ ip }) => ip !== ''),
    ...(!opaque && { even: isEven(parts) }),
    ...(recent?.body.recent?.seconds !== undefined && { affinitySeconds: recent.body.recent.seconds }),
    sourceRanges:
      kind === 'FW' ? chain.rules.flatMap(({ body }) => (body.source && !body.sourceNegated ? [body.source] : [])) : [],
    ...(kind === 'FW' && dropped !== undefined && { droppedPackets: dropped }),
  };
  const at = recent ? { affinitySeconds: recent.span } : undefined;
  return ServiceChain.fact(spanOf(chain), value, { ...keyOf(chain.name), ...(at && { at }) });
}

/** An endpoint that calls its own service must be masqueraded, or its own answer comes to it from nowhere. */
function marksHairpin(chain: Chain | undefined, ip: string): boolean | undefined {
  const bodies = chain?.rules.map(({ body }) => body) ?? [];
  if (bodies.some(({ hidden, otherMatches }) => hidden.includes('source') || otherMatches.length > 0)) return undefined;
  return bodies.some(
    ({ target, source, sourceNegated }) => target?.startsWith('KUBE-MARK-') && source === ip && !sourceNegated,
  );
}

/** Left out where the dump names the port (`http`) or a range. */
function portNamed<Name extends string>(name: Name, text: string | undefined): { [name in Name]?: number } {
  const port = intOf(text);
  return port === undefined ? {} : ({ [name]: port } as { [name in Name]?: number });
}

/** Up to 1.23 the chain itself marks for drop; later the drop stands in KUBE-PROXY-FIREWALL, with a comment. */
function droppedBy(chain: Chain, filter: Table | undefined): number | undefined {
  const marked = chain.rules.find(({ body }) => body.target === 'KUBE-MARK-DROP')?.body.packets;
  if (marked !== undefined) return marked;
  const firewall = filter?.chains.get('KUBE-PROXY-FIREWALL')?.rules ?? [];
  const name = readComment(chain.rules[0]?.body.comment);
  return firewall.find(({ body }) => {
    const other = readComment(body.comment);
    const same = name && other && other.namespace === name.namespace && other.service === name.service;
    return body.comment?.includes(chain.name) || (same && other.portName === name.portName);
  })?.body.packets;
}

const frontChains = /^KUBE-(SERVICES|NODEPORTS|EXTERNAL-SERVICES)$/;

function frontendsOf(place: Place, table: Table, keyOf: KeyOf) {
  return [...table.chains.values()]
    .filter(({ name }) => frontChains.test(name))
    .flatMap((chain) =>
      chain.rules.flatMap(({ body, span }, at) => {
        const { target, protocol, destinationPort } = body;
        const port = Number(destinationPort);
        if (target === undefined || protocol === undefined || !Number.isInteger(port) || body.destinationPortNegated)
          return [];
        const refused =
          target === 'REJECT' ? 'reject' : target === 'DROP' || target === 'KUBE-MARK-DROP' ? 'drop' : undefined;
        // KUBE-MARK-MASQ stands before the jump in older releases: it catches nothing.
        if (!refused && !service.test(target)) return [];
        const reason = /has (no (?:local )?endpoints)/.exec(body.comment ?? '')?.[1];
        const nodePort = body.destination === undefined || chain.name === 'KUBE-NODEPORTS';
        const value = {
          ...place,
          ...readComment(body.comment),
          table: table.name,
          chain: chain.name,
          ...(body.destination !== undefined && { address: body.destination }),
          port,
          protocol,
          nodePort,
          action: refused ?? 'forward',
          ...(reason !== undefined && { reason }),
          ...(!refused && { targetChain: target }),
          ...(body.packets !== undefined && { packets: body.packets }),
        };
        const text = nodePort ? `${port}/${protocol}` : address(body.destination ?? '', port, protocol);
        const key = keyOf(table.name, chain.name, String(at), String(chain.rules.length));
        return [{ fact: ServiceFrontend.fact(span, value, key), value, text }];
      }),
    );
}
