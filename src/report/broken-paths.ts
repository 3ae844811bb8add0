// Chooses the packet paths that a report draws: those of services that a finding speaks of, as far as the trace sees them fail.

import type { Gap } from '../bundle/coverage.ts';
import type { FactStore } from '../facts/store.ts';
import type { Finding, ObjectRef, Outcome } from '../findings/outcome.ts';
import { type Cluster, ownerOf, type PodOfCluster, type ServicePortOfCluster } from '../models/path/cluster.ts';
import { type Context, createContext } from '../models/path/context.ts';
import { tracedPacks } from '../models/path/fact-types.ts';
import type { Query, Trace, Verdict } from '../models/path/trace.ts';
import { tracePath } from '../models/path/trace-path.ts';
import type { PathOf } from './build-report.ts';

const mostPaths = 5;
/** Of services that no finding names: tried until one fails. */
const mostTried = 24;

interface Candidate {
  readonly query: Query;
  readonly about: ObjectRef;
}

export interface BrokenPaths {
  readonly paths: readonly PathOf[];
  readonly gaps: readonly Gap[];
}

export const brokenPaths = (
  store: FactStore,
  outcomes: readonly Outcome[],
  packOf: (rule: string) => string | undefined,
): BrokenPaths => pathsToldOf(store, tellingOfPaths(outcomes, packOf));

/** The findings that a packet path may explain. */
export function tellingOfPaths(
  outcomes: readonly Outcome[],
  packOf: (rule: string) => string | undefined,
): readonly Finding[] {
  const findings = outcomes.flatMap(({ findings: found }): readonly Finding[] => found);
  return findings.filter(({ rule, severity }) => severity !== 'info' && tracedPacks.has(packOf(rule) ?? ''));
}

/** A path that cannot be followed costs itself alone: it is a gap. */
export function pathsToldOf(store: FactStore, told: readonly Finding[]): BrokenPaths {
  if (told.length === 0) return { paths: [], gaps: [] };
  const paths: PathOf[] = [];
  const gaps: Gap[] = [];
  const attempt = <T>(path: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      gaps.push({ code: 'TRACE_ERROR', path, detail: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  };
  const prepared = attempt('all packet paths', () => {
    const context = createContext(store);
    return { context, candidates: candidatesOf(context, told).slice(0, mostTried) };
  });
  for (const { query, about } of prepared?.candidates ?? []) {
    if (paths.length === mostPaths) break;
    const title = `${query.from} → ${query.to}`;
    const trace = attempt(title, () => tracePath(store, query, prepared?.context));
    if (trace && mustFail(trace)) paths.push({ title, trace, about });
  }
  return { paths, gaps };
}

/** Some share fails, whatever holds of what was not gathered: a path that may work after all explains nothing. */
function mustFail({ verdicts }: Trace): boolean {
  const mayWork = verdicts.filter(({ verdict }) => mayBeFine.has(verdict)).reduce((sum, { most }) => sum + most, 0);
  return mayWork < 1 - 1e-6;
}

const mayBeFine: ReadonlySet<Verdict> = new Set(['delivered', 'not-visible', 'unknown']);

/** Named services first, seen from the node that the finding names; then services whose connections cross a named node. */
function candidatesOf({ cluster, ruleset }: Context, findings: readonly Finding[]): Candidate[] {
  const objects = findings.flatMap((finding) => finding.objects.map((object) => ({ object, finding })));
  const known = (node: string | undefined) => node !== undefined && ruleset(node).known;
  const nodes = cluster.nodes.filter(known);
  const named = objects
    .filter(({ object }) => object.kind === 'Service')
    .flatMap(({ object, finding }) => {
      const ports = cluster.ports.filter(
        ({ namespace, service }) => namespace === object.namespace && service === object.name,
      );
      const from = [object.node, ...finding.objects.map(({ node }) => node)].find(known) ?? nodes[0];
      return from === undefined ? [] : ports.flatMap((port) => candidate(cluster, from, port));
    });
  const troubled = new Set(objects.map(({ object }) => (object.kind === 'Node' ? object.name : object.node)));
  const crossing = cluster.ports.flatMap((port) => {
    const behind = new Set(endpointNodes(cluster, port));
    return nodes.flatMap((from) => {
      const crosses = [...behind].some((node) => node !== from && (troubled.has(node) || troubled.has(from)));
      return crosses ? candidate(cluster, from, port) : [];
    });
  });
  const distinct = new Map([...named, ...crossing].map((each) => [`${each.query.from}\0${each.query.to}`, each]));
  // What a pod sees comes before what a node sees.
  const ofPod = ({ query }: Candidate) => Number(!query.from.startsWith('pod/'));
  return [...distinct.values()].sort((a, b) => ofPod(a) - ofPod(b));
}

function candidate(cluster: Cluster, from: string, port: ServicePortOfCluster): Candidate[] {
  if (port.headless || port.clusterIPs.length === 0) return [];
  const { namespace, service } = port;
  const query: Query = {
    from: startOn(cluster, from, port),
    to: `svc/${namespace}/${service}:${port.port}`,
    protocol: port.protocol.toLowerCase(),
  };
  return [{ query, about: { kind: 'Service', namespace, name: service } }];
}

/** A pod of the node that does not stand behind the service itself; the node where it has none. */
function startOn(cluster: Cluster, node: string, port: ServicePortOfCluster): string {
  const behind = new Set(endpointAddresses(cluster, port));
  const isClient = (pod: PodOfCluster) =>
    pod.node === node && !pod.hostNetwork && pod.phase === 'Running' && pod.addresses.length > 0;
  const clients = cluster.pods.filter(isClient);
  const client = clients.find(({ addresses }) => !addresses.some((address) => behind.has(address)));
  return client ? `pod/${client.namespace}/${client.name}` : `node/${node}`;
}

const endpointAddresses = ({ endpoints }: Cluster, { namespace, service }: ServicePortOfCluster): string[] =>
  endpoints.flatMap((each) => (each.namespace === namespace && each.service === service ? each.address : []));

function endpointNodes(cluster: Cluster, port: ServicePortOfCluster): string[] {
  return endpointAddresses(cluster, port).flatMap((address) => {
    const owner = ownerOf(cluster, address);
    if (owner.kind === 'pod') return owner.pod.node;
    return owner.kind === 'node' || owner.kind === 'pod-network' ? owner.node : [];
  });
}
