// Says which node of the cluster a gathered machine is: by its machine id, the UUID of its hardware, its names, its addresses. Pure.

import type { Gap, Info } from '../bundle/coverage.ts';

/** What a node bundle says of the machine it was gathered on. */
export interface Machine {
  /** The folder its files lie in: `sosreport-worker-1/`. */
  readonly root: string;
  /** What it calls itself; absent where no file says so. */
  readonly host?: string | undefined;
  readonly machineId?: string | undefined;
  readonly systemUuid?: string | undefined;
  /** Of its devices, without those that every machine or every node has. */
  readonly addresses: readonly string[];
}

/** What a Node object says of its machine; empty where it does not. */
export interface ClusterNode {
  readonly name: string;
  /** status.nodeInfo.machineID: the kubelet reads it from /etc/machine-id. */
  readonly machineId: string;
  /** status.nodeInfo.systemUUID: the kubelet reads it from the DMI table. */
  readonly systemUuid: string;
  /** Names and addresses of status.addresses. */
  readonly addresses: readonly string[];
}

export interface JoinedMachines {
  /** The name of the node, by the root of the machine. */
  readonly names: ReadonlyMap<string, string>;
  readonly gaps: readonly Gap[];
  readonly infos: readonly Info[];
}

interface Claim {
  readonly machine: Machine;
  readonly name: string;
  /** True where a Node object is this machine. */
  readonly isNode: boolean;
  readonly gap?: Gap;
  readonly info?: Info;
}

export function joinMachines(machines: readonly Machine[], nodes: readonly ClusterNode[]): JoinedMachines {
  const claims = machines.flatMap((machine) => claimOf(machine, nodes) ?? []);
  const settled = withoutNamesakes(claims);
  return {
    names: new Map(settled.map(({ machine, name }) => [machine.root, name])),
    gaps: settled.flatMap(({ gap }) => gap ?? []),
    infos: settled.flatMap(({ info }) => info ?? []),
  };
}

function claimOf(machine: Machine, nodes: readonly ClusterNode[]): Claim | undefined {
  const { host } = machine;
  if (nodes.length === 0) return host === undefined ? undefined : { machine, name: host, isNode: false };
  const match = matchOf(machine, nodes);
  if (!match) return host === undefined ? undefined : unknownMachine(machine, host);
  const { node, by } = match;
  const other = otherInstallation(machine, node);
  if (other !== undefined && host !== undefined) {
    const detail = `its ${by} is that of node ${node.name}, but ${other}; it was not joined to that node`;
    const name = apart(machine, host);
    return { machine, name, isNode: false, gap: { code: 'MACHINE_AMBIGUOUS', path: placeOf(machine), detail } };
  }
  if (host === node.name) return { machine, name: node.name, isNode: true };
  const called = host === undefined ? '' : `, though it calls itself ${host}`;
  const detail = `this machine is node ${node.name}: its ${by} says so${called}`;
  return { machine, name: node.name, isNode: true, info: { code: 'MACHINE_JOINED', path: placeOf(machine), detail } };
}

function unknownMachine(machine: Machine, host: string): Claim {
  const detail = `no Node object that was gathered is this machine, ${host}: what the cluster asked of it could not be compared`;
  return { machine, name: host, isNode: false, gap: { code: 'MACHINE_UNKNOWN', path: placeOf(machine), detail } };
}

/** The surest sign first; a sign that fits two nodes is none. */
function matchOf(machine: Machine, nodes: readonly ClusterNode[]): { node: ClusterNode; by: string } | undefined {
  const { host, machineId, systemUuid, addresses } = machine;
  const short = shortName(host ?? '');
  const signs: readonly (readonly [by: string, fits: (node: ClusterNode) => boolean])[] = [
    ['machine id', (node) => machineId !== undefined && node.machineId === machineId],
    ['system UUID', (node) => systemUuid !== undefined && sameUuid(node.systemUuid, systemUuid)],
    ['host name', (node) => node.name === host],
    ['host name', (node) => host !== undefined && node.addresses.includes(host)],
    ['host name without its domain', (node) => short !== '' && shortName(node.name) === short],
    ['address', (node) => node.addresses.some((address) => addresses.includes(address))],
  ];
  for (const [by, fits] of signs) {
    const [node, second] = nodes.filter(fits);
    if (node && !second) return { node, by };
  }
  return undefined;
}

/** Names repeat between clusters; the ids of an installation do not. Undefined where nothing speaks against the name. */
function otherInstallation(machine: Machine, node: ClusterNode): string | undefined {
  const { machineId, systemUuid } = machine;
  if (machineId === undefined || node.machineId === '' || machineId === node.machineId) return undefined;
  if (systemUuid !== undefined && sameUuid(systemUuid, node.systemUuid)) return undefined;
  return `its machine id is ${machineId} and that of the node ${node.machineId}: another machine, or installed anew`;
}

/** Of machines with one name, those of another installation than the first get a name of their own. */
function withoutNamesakes(claims: readonly Claim[]): Claim[] {
  const holders = new Map<string, Claim>();
  for (const claim of claims) {
    const holder = holders.get(claim.name);
    if (!holder || (claim.isNode && !holder.isNode)) holders.set(claim.name, claim);
  }
  return claims.map((claim) => {
    const holder = holders.get(claim.name);
    if (!holder || holder === claim) return claim;
    const { machine } = claim;
    const other = holder.machine;
    const path = placeOf(machine);
    if (isOther(machine.machineId, other.machineId) || isOther(machine.systemUuid, other.systemUuid)) {
      const detail = `this machine and the one of ${placeOf(other)} are both called ${claim.name}, but they are two; they were kept apart`;
      return { ...claim, name: apart(machine, claim.name), gap: { code: 'MACHINE_AMBIGUOUS', path, detail } };
    }
    const detail = `gathered twice: here and in ${placeOf(other)}; what both say of ${claim.name} was read`;
    return { ...claim, info: { code: 'MACHINE_JOINED', path, detail } };
  });
}

const isOther = (mine: string | undefined, other: string | undefined): boolean =>
  mine !== undefined && other !== undefined && mine.toLowerCase() !== other.toLowerCase();

const sameUuid = (a: string, b: string): boolean => a !== '' && a.toLowerCase() === b.toLowerCase();

const shortName = (name: string): string => name.split('.')[0] ?? '';

const placeOf = ({ root }: Machine): string => root.replace(/[/!]+$/, '') || '.';

/** A name that no node has. */
const apart = (machine: Machine, name: string): string => `${name} (${placeOf(machine)})`;
