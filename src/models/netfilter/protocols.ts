// One name for each IP protocol: rules and packets spell them in several ways.

import { protocolName } from '../../facts/parsers/network/ruleset.ts';

/** `6`, `tcp` and `TCP` are `tcp`; `58` and `icmpv6` are `ipv6-icmp`. */
export function protocolNumberName(text: string): string {
  return protocolName(text.toLowerCase()) ?? text;
}
