// Which base chains a packet meets at a hook, and in what order: by priority, over all tables and backends.

import type { Hook } from '../path/trace.ts';
import type { Family } from './packet.ts';
import type { Chain, Table } from './ruleset.ts';

export type Backend = 'legacy' | 'nft' | 'native';

export interface BaseChain {
  readonly chain: Chain;
  readonly priority: number;
}

/** Base chains of equal priority; in which order the kernel has them no dump shows. */
export interface HookGroup {
  readonly priority: number;
  /** Chains of type nat share one place at the hook; the first that decides ends them. */
  readonly nat: boolean;
  readonly chains: readonly BaseChain[];
}

const priorities: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 };
const hooks: Readonly<Record<string, Hook>> = {
  PREROUTING: 'prerouting',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
};

/** Connection tracking looks at a packet here; a nat hook translates it here, whatever the priority of its chains. */
export const conntrackPriority = -200;
export const natPriority = (hook: Hook) => (hook === 'prerouting' || hook === 'output' ? -100 : 100);

export const isNatHook = (hook: Hook) => hook !== 'forward';

export function hookGroups(tables: readonly Table[], family: Family, hook: Hook): HookGroup[] {
  const nat: BaseChain[] = [];
  const others = new Map<number, BaseChain[]>();
  for (const table of tables) {
    if (table.family !== family && table.family !== 'inet') continue;
    for (const chain of table.chains.values()) {
      const iptables = table.backend !== 'native';
      if ((iptables ? hooks[chain.name] : chain.hook) !== hook) continue;
      const isNat = iptables ? table.name === 'nat' : chain.type === 'nat';
      const priority = iptables
        ? isNat
          ? natPriority(hook)
          : (priorities[table.name] ?? chain.priority ?? 0)
        : (chain.priority ?? 0);
      if (isNat) nat.push({ chain, priority });
      else others.set(priority, [...(others.get(priority) ?? []), { chain, priority }]);
    }
  }
  const groups = [...others].map(([priority, chains]): HookGroup => ({ priority, nat: false, chains }));
  if (isNatHook(hook)) {
    // Always there: a connection that was translated before is translated here without any rule.
    nat.sort((one, two) => one.priority - two.priority);
    groups.push({ priority: natPriority(hook), nat: true, chains: nat });
  }
  return groups.sort((one, two) => one.priority - two.priority || Number(two.nat) - Number(one.nat));
}
