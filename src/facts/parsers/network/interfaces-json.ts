// Reads `ip -j addr` and `ip -j -d link`.
//
//   [{"ifindex":2,"ifname":"flannel.1","flags":["UP"],"mtu":1450,"operstate":"UNKNOWN","linkinfo":{"info_kind":"vxlan",…}}]

import type { Device } from './interface-facts.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
const present = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

export function readInterfacesJson(source: string): Device[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  const last = source.trimEnd().split('\n').length;
  return parsed.filter(isObject).flatMap((entry) => {
    const name = text(entry.ifname);
    if (name === undefined) return [];
    const info = isObject(entry.linkinfo) ? entry.linkinfo : {};
    const data = isObject(info.info_data) ? info.info_data : {};
    const port = isObject(info.info_slave_data) ? info.info_slave_data : {};
    const stats = isObject(entry.stats64) ? entry.stats64 : {};
    const [rx, tx] = [stats.rx, stats.tx].map((side) => (isObject(side) ? side : undefined));
    const tunnel = info.info_kind === 'vxlan' || info.info_kind === 'geneve';
    const value = {
      name,
      index: number(entry.ifindex) ?? 0,
      flags: Array.isArray(entry.flags) ? entry.flags.filter((flag) => typeof flag === 'string') : [],
      ...present({
        peer: text(entry.link),
        mtu: number(entry.mtu),
        state: text(entry.operstate),
        master: text(entry.master),
        linkType: text(entry.link_type),
        mac: text(entry.address),
        kind: text(info.info_kind),
        hairpin: typeof port.hairpin === 'boolean' ? port.hairpin : undefined,
      }),
      ...(tunnel &&
        present({
          vxlanId: number(data.id),
          vxlanPort: number(data.port),
          vxlanLocal: text(data.local) ?? text(data.local6),
          vxlanDevice: text(data.link),
        })),
      ...(rx && tx && { counters: { ...side('rx', rx), ...side('tx', tx) } as Required<Device['value']>['counters'] }),
      addresses: (Array.isArray(entry.addr_info) ? entry.addr_info.filter(isObject) : []).flatMap((each) => {
        const address = text(each.local);
        if (address === undefined) return [];
        const family = text(each.family) ?? 'inet';
        return [{ family, address, prefixLength: number(each.prefixlen) ?? 0, scope: text(each.scope) ?? 'global' }];
      }),
    };
    return [{ value, span: [1, last], addressSpans: [] }];
  });
}

const side = (name: 'rx' | 'tx', { bytes, packets, errors, dropped }: Json) => ({
  [`${name}Bytes`]: number(bytes) ?? 0,
  [`${name}Packets`]: number(packets) ?? 0,
  [`${name}Errors`]: number(errors) ?? 0,
  [`${name}Dropped`]: number(dropped) ?? 0,
});
