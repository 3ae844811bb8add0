// Which way a node sends a packet: policy rules in order, tables, longest prefix, metric, next hops; and from which address.

import { contains, parseAddress } from '../netfilter/address.ts';
import { allBits, type Family, type Mark } from '../netfilter/packet.ts';
import type { NodeNetwork, PolicyRule, Route } from './node-network.ts';
import { deviceWith, isLoopback, within } from './own-addresses.ts';
import type { Place } from './trace.ts';

export interface RouteQuestion {
  readonly family: Family;
  readonly destination: string;
  /** Empty where it is not chosen yet (a local process) or not known. */
  readonly source: string;
  readonly mark: Mark;
  /** Empty for what a local process sends. */
  readonly inDevice: string;
}

export type RouteAnswer =
  | { readonly kind: 'local'; readonly place?: Place }
  | {
      readonly kind: 'via';
      readonly device: string;
      readonly gateway?: string;
      readonly source?: string;
      readonly text: string;
      readonly place?: Place;
    }
  /** `none`: no route at all. */
  | {
      readonly kind: 'refused';
      readonly type: 'none' | 'unreachable' | 'prohibit' | 'blackhole';
      readonly place?: Place;
    }
  | { readonly kind: 'group'; readonly place?: Place }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Routing {
  readonly answer: RouteAnswer;
  readonly weight: number;
  readonly assumptions: readonly string[];
}

const defaultRules: readonly Pick<PolicyRule, 'priority' | 'negated' | 'from' | 'table' | 'action' | 'text'>[] = [
  { priority: 0, negated: false, from: 'all', table: 'local', action: 'lookup', text: 'from all lookup local' },
  { priority: 32766, negated: false, from: 'all', table: 'main', action: 'lookup', text: 'from all lookup main' },
];

/** All ways it may go; several where next hops share the load, or where a rule or table is not known. */
export function findRoutes(network: NodeNetwork, question: RouteQuestion): readonly Routing[] {
  const certain = { weight: 1, assumptions: [] };
  if (question.destination === '') return [{ ...certain, answer: unknown('the destination is not known') }];
  if (isLoopback(question.destination)) return [{ ...certain, answer: { kind: 'local' } }];
  // `ip route` shows one family; a machine that speaks the other one has routes of it too.
  const { routes: all, ...rest } = network;
  const routes = all?.filter(({ family }) => family === question.family) ?? [];
  const seen: NodeNetwork = routes.length > 0 ? { ...rest, routes } : rest;
  const rules = (network.rules ?? defaultRules) as readonly PolicyRule[];
  const sameFamily = rules.filter((rule) => fitsFamily(rule, question.family));
  return askRules(seen, question, sameFamily.length > 0 ? sameFamily : (defaultRules as readonly PolicyRule[]), []);
}

function askRules(
  network: NodeNetwork,
  question: RouteQuestion,
  rules: readonly PolicyRule[],
  assumptions: readonly string[],
): readonly Routing[] {
  for (const [at, rule] of rules.entries()) {
    const fits = matches(rule, question);
    if (fits === false) continue;
    const hit = ask(network, question, rule, rules.slice(at));
    if (hit === undefined) continue;
    const said = hit.map((each) => ({ ...each, assumptions: [...assumptions, ...each.assumptions] }));
    if (fits === true) return said;
    const atom = `routing rule "${rule.text}" of ${network.node} fits`;
    return [
      ...said.map((each) => ({ ...each, assumptions: [...each.assumptions, atom] })),
      ...askRules(network, question, rules.slice(at + 1), [...assumptions, `not: ${atom}`]),
    ];
  }
  const none: RouteAnswer = network.routes
    ? { kind: 'refused', type: 'none' }
    : unknown(`the routes of ${network.node || 'the node'} were not gathered`);
  return [{ answer: none, weight: 1, assumptions }];
}

/** Undefined: the rule has no answer, the next one is asked. */
function ask(
  network: NodeNetwork,
  question: RouteQuestion,
  rule: PolicyRule,
  rest: readonly PolicyRule[],
): readonly Routing[] | undefined {
  const one = (answer: RouteAnswer): readonly Routing[] => [{ answer, weight: 1, assumptions: [] }];
  if (rule.action === 'nop') return undefined;
  if (rule.action === 'goto') {
    const target = Number(/goto (\d+)/.exec(rule.text)?.[1]);
    return askRules(
      network,
      question,
      rest.filter(({ priority }) => priority >= target),
      [],
    );
  }
  if (rule.action === 'unreachable' || rule.action === 'prohibit' || rule.action === 'blackhole')
    return one({ kind: 'refused', type: rule.action, place: rule.place });
  const table = rule.table ?? 'main';
  const shortest = Number(/suppress_prefixlength (\d+)/.exec(rule.text)?.[1] ?? -1);
  const routes = tableOf(network, table);
  if (table === 'local' || table === '255') return askLocal(network, question, routes);
  if (!routes) {
    if (table === 'default' || table === '253') return undefined;
    return one(unknown(`routing table ${table} of ${network.node || 'the node'} was not gathered`));
  }
  const found = best(routes, question, shortest);
  if (found.length === 0) return undefined;
  const total = found.reduce((sum, { weight }) => sum + weight, 0);
  if (found[0]!.type === 'throw') return undefined;
  return found.map((route) => ({ answer: answerOf(route), weight: route.weight / total, assumptions: [] }));
}

function answerOf(route: Route): RouteAnswer {
  const { type, place, device, gateway, source } = route;
  if (type === 'local' || type === 'anycast') return { kind: 'local', place };
  if (type === 'broadcast' || type === 'multicast') return { kind: 'group', place };
  if (type === 'unreachable' || type === 'prohibit' || type === 'blackhole') return { kind: 'refused', type, place };
  if (device === undefined) return unknown(`the route to ${route.destination} names no device`);
  const text = `${route.destination}${gateway === undefined ? '' : ` via ${gateway}`} dev ${device}`;
  return {
    kind: 'via',
    device,
    ...(gateway !== undefined && { gateway }),
    ...(source !== undefined && { source }),
    text,
    place,
  };
}

/** The local table, or what addresses imply of it where it was not dumped. */
function askLocal(
  network: NodeNetwork,
  question: RouteQuestion,
  routes: readonly Route[] | undefined,
): readonly Routing[] | undefined {
  if (routes) {
    const [found] = best(routes, question, -1);
    if (found) return [{ answer: answerOf(found), weight: 1, assumptions: [] }];
    // Dumps of the local table are rarely complete for the other family.
    if (routes.some(({ family }) => family === question.family)) return undefined;
  }
  const holder = deviceWith(network, question.destination);
  if (holder) return [{ answer: { kind: 'local', place: holder.place }, weight: 1, assumptions: [] }];
  return undefined;
}

/** Whether it is known which addresses are the node's own: by the local table, or by those of its devices. */
export function knowsLocal(network: NodeNetwork, family: Family): boolean {
  return (
    network.addressesKnown || (network.routes?.some((each) => each.type === 'local' && each.family === family) ?? false)
  );
}

function tableOf({ routes }: NodeNetwork, table: string): readonly Route[] | undefined {
  if (!routes) return undefined;
  const name = ({ '254': 'main', '255': 'local', '253': 'default' } as Record<string, string>)[table] ?? table;
  const found = routes.filter((route) => route.table === name);
  if (found.length > 0 || name === 'main') return found;
  // With `table all` a table that is not printed is empty.
  const allDumped = routes.some((route) => route.table !== 'main');
  return allDumped && name !== 'local' ? [] : undefined;
}

function best(routes: readonly Route[], question: RouteQuestion, shortest: number): readonly Route[] {
  const address = parseAddress(question.destination);
  if (!address) return [];
  let found: Route[] = [];
  for (const route of routes) {
    const length = route.network.prefixLength;
    if (length <= shortest || !contains(route.network, address)) continue;
    const top = found[0];
    const longer = top ? length - top.network.prefixLength : 1;
    if (longer > 0 || (longer === 0 && route.metric < top!.metric)) found = [route];
    else if (longer === 0 && route.metric === top!.metric && hops(route, top!)) found.push(route);
  }
  return found;
}

/** Of equal routes that are not next hops of one, only the first is used. */
const hops = (one: Route, two: Route) => one.type === 'unicast' && two.type === 'unicast' && one.device !== undefined;

function matches(rule: PolicyRule, { source, destination, mark, inDevice }: RouteQuestion): boolean | undefined {
  const parts: (boolean | undefined)[] = [];
  if (rule.from !== 'all')
    parts.push(source === '' ? (inDevice === '' ? false : undefined) : within(rule.from, source));
  if (rule.to !== undefined && rule.to !== 'all') parts.push(within(rule.to, destination));
  if (rule.inInterface !== undefined) parts.push(rule.inInterface === (inDevice || 'lo'));
  // Only sockets that are bound to a device have one before they are routed.
  if (rule.outInterface !== undefined) parts.push(false);
  if (rule.mark !== undefined) parts.push(hasMark(rule.mark, mark));
  if (/ (ipproto|sport|dport|tos|uidrange) /.test(` ${rule.text} `)) parts.push(undefined);
  const all = parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
  return rule.negated && all !== undefined ? !all : all;
}

function hasMark(text: string, mark: Mark): boolean | undefined {
  const [value, mask] = text.split('/').map(Number);
  const wanted = (mask ?? allBits) >>> 0;
  if (((mark.value ^ (value ?? 0)) & mark.known & wanted) !== 0) return false;
  return (mark.known & wanted) >>> 0 === wanted ? true : undefined;
}

function fitsFamily({ from, to }: PolicyRule, family: Family): boolean {
  const sample = from !== 'all' ? from : to;
  return sample === undefined || sample === 'all' || (sample.includes(':') ? 'ip6' : 'ip') === family;
}

const unknown = (reason: string): RouteAnswer => ({ kind: 'unknown', reason });
