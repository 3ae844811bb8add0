// The parsers of what network tools print.

import type { Parser } from '../../parser.ts';
import { bridgeFdb } from './bridge-fdb.ts';
import { cni } from './cni.ts';
import { conntrack } from './conntrack.ts';
import { counters } from './counters.ts';
import { deviceMtu } from './device-mtu.ts';
import { flannel } from './flannel.ts';
import { interfaces } from './interfaces.ts';
import { ipset } from './ipset.ts';
import { ipvs } from './ipvs.ts';
import { neighbours } from './neighbours.ts';
import { iptables, nft } from './netfilter.ts';
import { policyRules } from './policy-rules.ts';
import { routes } from './routes.ts';
import { sockets } from './sockets.ts';

export const networkParsers: Parser[] = [
  iptables,
  nft,
  ipset,
  ipvs,
  interfaces,
  routes,
  policyRules,
  neighbours,
  bridgeFdb,
  conntrack,
  deviceMtu,
  counters,
  sockets,
  flannel,
  cni,
];
