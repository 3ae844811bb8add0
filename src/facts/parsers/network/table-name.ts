// Which table a listing is of, when the listing itself does not say: a prompt line before it, or its base chains.
//
//   root@worker-1:~# iptables -t nat -nvL

import type { Table } from './ruleset.ts';

export interface Prompted {
  readonly table: string;
  readonly family: 'ip' | 'ip6';
}

/** A line that shows the command; without `-t` iptables means filter. */
export function promptedTable(line: string): Prompted | undefined {
  const command = /^(?!Chain |-[APN] )(?:.*[\s#$>/+]|)(ip6?tables)(?:-nft|-legacy)?((?:\s+\S+)*)$/.exec(line);
  if (!command || !/\s-\S*[LS]|--list/.test(command[2] ?? '')) return undefined;
  const named = /(?:-t|--table)[\s=]?([a-z]+)/.exec(command[2] ?? '');
  return { table: named?.[1] ?? 'filter', family: command[1] === 'ip6tables' ? 'ip6' : 'ip' };
}

const baseChains = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/** mangle has all five base chains, filter the three in the middle, nat no FORWARD, raw only two. */
export function inferTable({ chains }: Table): string {
  const base = baseChains.filter((name) => chains.has(name)).join(' ');
  if (base === baseChains.join(' ')) return 'mangle';
  if (base === 'PREROUTING OUTPUT') return 'raw';
  if (chains.has('POSTROUTING') || chains.has('PREROUTING')) return 'nat';
  for (const { rules } of chains.values()) {
    for (const { body } of rules) {
      if (body.toDestination !== undefined || body.toSource !== undefined || body.target === 'MASQUERADE') return 'nat';
    }
  }
  return 'filter';
}
