// Which values of jc's JSON must equal which fields of our facts: one table, a row for each form of output.
//
// A key of jc is either given one of our fields, or named under `notRead`: a key in neither place is a difference.

import { sysctlName } from '../../src/facts/parsers/node/sysctls.ts';
import type { Comparison, Entry, Rule } from './compare-twin.ts';

const kib =
  (field: string): Rule =>
  (value) => ({ [field]: typeof value === 'number' ? value * 1024 : undefined });
const near =
  (field: string): Rule =>
  (value) => ({ [field]: typeof value === 'number' ? { near: value } : undefined });
/** `free -h` counts in 1024s and jc in 1000s: its 3700000000 is 3.7G. */
const asPrinted =
  (field: string): Rule =>
  (value) => {
    const power = Math.max(0, Math.floor(Math.log10(Number(value) || 1) / 3));
    return { [field]: { near: (Number(value) / 1000 ** power) * 1024 ** power } };
  };
const sorted = (options: readonly unknown[]): string[] => options.map(String).sort();
const withSortedOptions = (value: Entry): Entry => ({ ...value, options: sorted(value.options as string[]) });
/** jc makes numbers of `size=5120k` and `mode=0755`. */
const withNumbers = (value: Entry): Entry => {
  const options = (value.options as string[]).map((each) =>
    each.replace(/^(\w+)=(\d+)[a-zA-Z]?$/, (_, key, digits) => `${key}=${Number(digits)}`),
  );
  return { ...value, options: sorted(options) };
};
const list = (json: unknown): Entry[] => json as Entry[];

/** Of two rows jc makes two entries; of both we make one fact. */
const memoryAndSwap = (json: unknown): Entry[] => {
  const named = new Map(list(json).map((each) => [each.type, each]));
  const cells = (type: string) =>
    Object.entries(named.get(type) ?? {}).map(([key, value]) => [`${type} ${key}`, value] as const);
  return [Object.fromEntries([...cells('Mem'), ...cells('Swap')])];
};

const dotted = (mask: unknown): number =>
  String(mask)
    .split('.')
    .reduce((bits, part) => bits + (Number(part).toString(2).match(/1/g)?.length ?? 0), 0);

const route4 = (entry: Entry): Record<string, unknown> => {
  const bits = dotted(entry.genmask);
  const all = bits === 0 && (entry.destination === '0.0.0.0' || entry.destination === 'default');
  const flags = String(entry.flags ?? entry.route_flags);
  return {
    destination: all ? 'default' : bits === 32 ? entry.destination : `${entry.destination}/${bits}`,
    gateway: flags.includes('G') ? entry.gateway : undefined,
    type: flags.includes('!') ? 'unreachable' : 'unicast',
  };
};

const programs =
  /^(?:kubelet|containerd|dockerd|etcd|chronyd|firewalld|irqbalance|tuned|systemd-timesyncd|haproxy|ntpd)$/;
const programOf = (command: unknown): string =>
  String(command).split(/\s+/)[0]?.split('/').at(-1)?.replace(/:$/, '') ?? '';
const ofNode = (json: unknown): Entry[] =>
  list(json).filter((each) => programs.test(programOf(each.command ?? each.cmd)));

const socketRows = (json: unknown): Entry[] =>
  list(json).filter(
    ({ netid, state, local_port_num }) =>
      /^(?:tcp|udp)$/.test(String(netid)) && /^(?:LISTEN|UNCONN)$/.test(String(state)) && local_port_num !== undefined,
  );

const socketCounts = (json: unknown): Entry[] => {
  const known = list(json).filter(({ netid }) => /^(?:tcp|udp|sctp|raw|mptcp|dccp)$/.test(String(netid)));
  return [...Map.groupBy(known, ({ netid }) => String(netid))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([protocol, of]) => ({
      protocol,
      total: of.length,
      states: Object.fromEntries(
        [...Map.groupBy(of, ({ state }) => String(state))].map(([state, each]) => [state, each.length]),
      ),
    }));
};

/** `anywhere` is no address, `!` before one is a field of its own, and `loopback` is what /etc/networks calls 127/8. */
const matched =
  (field: string): Rule =>
  (value) => {
    const word = String(value)
      .replace(/^!/, '')
      .replace(/^loopback\/8$/, '127.0.0.0/8');
    const isAny = /^(?:anywhere|0\.0\.0\.0\/0|\*)$/.test(word);
    return { [field]: isAny ? undefined : word, [`${field}Negated`]: String(value).startsWith('!') };
  };

export const comparisons: readonly Comparison[] = [
  {
    files: /\/free(?:-w)?\.out$/,
    kind: 'Free',
    fact: 'NodeMemory',
    entries: memoryAndSwap,
    fields: {
      'Mem total': kib('totalBytes'),
      'Mem free': kib('freeBytes'),
      'Mem available': kib('availableBytes'),
      'Swap total': kib('swapTotalBytes'),
      'Swap free': kib('swapFreeBytes'),
    },
    notRead: [
      'Mem type',
      'Swap type',
      'Mem used',
      'Mem shared',
      'Mem buff_cache',
      'Mem buffers',
      'Mem cache',
      'Swap used',
    ],
  },
  {
    files: /\/free-h\.out$/,
    kind: 'Free',
    fact: 'NodeMemory',
    entries: memoryAndSwap,
    fields: {
      'Mem total': asPrinted('totalBytes'),
      'Mem free': asPrinted('freeBytes'),
      'Mem available': asPrinted('availableBytes'),
      'Swap total': asPrinted('swapTotalBytes'),
      'Swap free': asPrinted('swapFreeBytes'),
    },
    notRead: ['Mem type', 'Swap type', 'Mem used', 'Mem shared', 'Mem buff_cache', 'Swap used'],
  },
  {
    files: /\/linux-proc\/meminfo$/,
    kind: 'ProcMeminfo',
    fact: 'NodeMemory',
    entries: (json) => {
      const { MemTotal, MemFree, MemAvailable, SwapTotal, SwapFree, HugePages_Total, HugePages_Free, Hugepagesize } =
        json as Entry;
      return [{ MemTotal, MemFree, MemAvailable, SwapTotal, SwapFree, HugePages_Total, HugePages_Free, Hugepagesize }];
    },
    fields: {
      MemTotal: kib('totalBytes'),
      MemFree: kib('freeBytes'),
      MemAvailable: kib('availableBytes'),
      SwapTotal: kib('swapTotalBytes'),
      SwapFree: kib('swapFreeBytes'),
      HugePages_Total: 'hugePagesTotal',
      HugePages_Free: 'hugePagesFree',
      Hugepagesize: kib('hugePageBytes'),
    },
  },
  {
    files: /\/linux-proc\/swaps$/,
    kind: 'ProcSwaps',
    fact: 'SwapArea',
    fields: { filename: 'device', type: 'type', size: kib('sizeBytes'), used: kib('usedBytes'), priority: 'priority' },
  },
  {
    files: /\/linux-proc\/vmstat$/,
    kind: 'ProcVmstat',
    fact: 'SwapCounter',
    entries: (json) => [{ pswpin: (json as Entry).pswpin, pswpout: (json as Entry).pswpout }],
    fields: { pswpin: 'pagesIn', pswpout: 'pagesOut' },
  },
  {
    files: /\/vmstat(?:-a|-w|-awt|-1-long|-at-5-10)?\.out$/,
    kind: 'Vmstat',
    fact: 'SwapRate',
    fields: {
      swap_in: (value, _entry, index) => ({ inBytesPerSecond: Number(value) * 1024, sinceBoot: index === 0 }),
      swap_out: kib('outBytesPerSecond'),
    },
    notRead: [
      ...[
        'runnable_procs',
        'uninterruptible_sleeping_procs',
        'virtual_mem_used',
        'free_mem',
        'buffer_mem',
        'cache_mem',
      ],
      ...['inactive_mem', 'active_mem', 'blocks_in', 'blocks_out', 'interrupts', 'context_switches', 'user_time'],
      ...['system_time', 'idle_time', 'io_wait_time', 'stolen_time', 'timestamp', 'timezone', 'epoch', 'epoch_utc'],
    ],
  },
  { files: /\/vmstat-dt?\.out$/, kind: 'Vmstat', fact: 'SwapRate', entries: () => [], fields: {} },
  {
    files: /\/df(?:-long-filesystem)?\.out$/,
    kind: 'Df',
    fact: 'FilesystemUsage',
    fields: {
      filesystem: 'device',
      '1k_blocks': kib('sizeBytes'),
      '1024_blocks': kib('sizeBytes'),
      used: kib('usedBytes'),
      available: kib('availableBytes'),
      mounted_on: 'mountPoint',
      use_percent: 'usedPercent',
      capacity_percent: 'usedPercent',
    },
    notRead: ['type'],
  },
  {
    files: /\/df-h\.out$/,
    kind: 'Df',
    fact: 'FilesystemUsage',
    fields: {
      filesystem: 'device',
      size: near('sizeBytes'),
      used: near('usedBytes'),
      available: near('availableBytes'),
      mounted_on: 'mountPoint',
      use_percent: 'usedPercent',
    },
  },
  {
    files: /\/mount(?:-spaces-in-\w+|-parens-in-filesystem)?\.out$/,
    kind: 'Mounts',
    fact: 'Mount',
    fields: { filesystem: 'device', mount_point: 'mountPoint', type: 'fsType', options: 'options' },
  },
  {
    files: /\/findmnt(?:-a|-l)?\.out$/,
    kind: 'Mounts',
    fact: 'Mount',
    ours: withSortedOptions,
    fields: {
      target: 'mountPoint',
      source: (value) => ({ device: String(value).replace(/\[\/.*\]$/, '') }),
      fstype: 'fsType',
      options: (value, { kv_options }) => {
        const pairs = Object.entries((kv_options ?? {}) as Entry).map(([key, of]) => `${key}=${of}`);
        return { options: sorted([...(value as string[]), ...pairs]) };
      },
    },
    notRead: ['kv_options'],
  },
  {
    files: /\/linux-proc\/pid_mountinfo$/,
    kind: 'Mounts',
    fact: 'Mount',
    ours: withNumbers,
    fields: {
      mount_source: 'device',
      mount_point: 'mountPoint',
      fs_type: 'fsType',
      mount_options: (value, { super_options, super_options_fields }) => {
        const pairs = Object.entries((super_options_fields ?? {}) as Entry).map(([key, of]) => `${key}=${of}`);
        const every = [...(value as string[]), ...((super_options ?? []) as string[]), ...pairs];
        const isReadOnly = every.includes('ro');
        return { options: sorted([...new Set(every)].filter((each) => !(isReadOnly && each === 'rw'))) };
      },
    },
    notRead: [
      'mount_id',
      'parent_id',
      'maj',
      'min',
      'root',
      'optional_fields',
      'super_options',
      'super_options_fields',
    ],
  },
  {
    files: /\/ip_route\.out$/,
    kind: 'IpRoute',
    fact: 'IpRoute',
    fields: {
      ip: 'destination',
      via: 'gateway',
      dev: 'device',
      proto: 'protocol',
      scope: 'scope',
      src: 'source',
      metric: 'metric',
    },
    notRead: ['status'],
  },
  {
    files: /\/(?:route|route-vn|netstat-r|netstat-rne|netstat-rnee)\.out$/,
    kind: 'IpRoute',
    fact: 'IpRoute',
    fields: {
      destination: (_value, entry) => ({ ...route4(entry), family: 'inet' }),
      iface: 'device',
      metric: 'metric',
    },
    notRead: [
      ...['gateway', 'genmask', 'flags', 'route_flags', 'flags_pretty', 'route_flags_pretty', 'kind'],
      ...['ref', 'route_refs', 'use', 'mss', 'window', 'irtt'],
    ],
  },
  {
    files: /\/route-6(?:-n)?\.out$/,
    kind: 'IpRoute',
    fact: 'IpRoute',
    entries: (json) => list(json).filter((each) => Object.keys(each).length > 0),
    fields: {
      destination: (value, { next_hop, flags }) => ({
        destination: /^\[?::\]?\/0$/.test(String(value)) ? 'default' : value,
        gateway: /^(?:::|\[::\])$/.test(String(next_hop)) ? undefined : next_hop,
        type: String(flags).includes('!') ? 'unreachable' : 'unicast',
        family: 'inet6',
      }),
      iface: 'device',
      metric: 'metric',
    },
    notRead: ['next_hop', 'flags', 'flags_pretty', 'ref', 'use'],
  },
  {
    files: /\/lsblk(?:-allcols)?\.out$/,
    kind: 'Lsblk',
    fact: 'BlockDevice',
    fields: {
      name: 'name',
      size_bytes: near('sizeBytes'),
      ro: 'readOnly',
      type: 'type',
      mountpoint: (value) => ({ mountPoints: value === null ? [] : [value] }),
      fstype: 'fsType',
      rota: 'rotational',
      tran: 'transport',
    },
    notRead: [
      ...['maj_min', 'rm', 'size', 'kname', 'label', 'uuid', 'partlabel', 'partuuid', 'ra', 'model', 'serial', 'state'],
      ...[
        'owner',
        'group',
        'mode',
        'alignment',
        'min_io',
        'opt_io',
        'phy_sec',
        'log_sec',
        'sched',
        'rq_size',
        'disc_aln',
      ],
      ...['disc_gran', 'disc_max', 'disc_zero', 'wsame', 'wwn', 'rand', 'pkname', 'hctl', 'rev', 'vendor'],
      ...['disc_gran_bytes', 'disc_max_bytes', 'wsame_bytes'],
    ],
  },
  {
    files: /\/ss-sudo-(?:a|tulpen)\.out$/,
    kind: 'SsSockets',
    fact: 'ListeningSocket',
    entries: socketRows,
    fields: {
      netid: 'protocol',
      local_address: (value) => ({ address: String(value).replace(/^\[|\]$/g, '') }),
      local_port_num: 'port',
      recv_q: 'queued',
      send_q: (value, { netid }) => ({ backlog: netid === 'udp' ? 0 : value }),
      opts: (value) => {
        const held = Object.values((((value ?? {}) as Entry).process_id ?? {}) as Record<string, Entry>)[0];
        return { process: held?.user };
      },
    },
    notRead: [
      'state',
      'local_port',
      'peer_address',
      'peer_port',
      'peer_port_num',
      'interface',
      'pid',
      'channel',
      'path',
    ],
  },
  {
    files: /\/ss-sudo-(?:a|tulpen)\.out$/,
    kind: 'SsSockets',
    fact: 'SocketCount',
    entries: socketCounts,
    fields: { protocol: 'protocol', total: 'total', states: 'states' },
  },
  {
    files: /\/sysctl-a\.out$/,
    kind: 'Sysctl',
    fact: 'Sysctl',
    entries: (json) => Object.entries(json as Entry).map(([name, value]) => ({ name, value })),
    pair: ({ name }) => String(name),
    fields: {
      name: (value) => ({ name: sysctlName(String(value)) }),
      value: (value) => ({ value: String(value).split(/\s+/).filter(Boolean).join(' ') }),
    },
  },
  {
    files: /\/systemctl\.out$/,
    kind: 'SystemctlUnits',
    fact: 'SystemdUnit',
    fields: { unit: 'name', load: 'load', active: 'active', sub: 'sub' },
    notRead: ['description'],
  },
  {
    files: /\/systemctl-luf\.out$/,
    kind: 'SystemctlUnitFiles',
    fact: 'UnitFile',
    fields: { unit_file: 'name', state: 'state', vendor_preset: 'preset' },
  },
  {
    files: /\/timedatectl\.out$/,
    kind: 'Timedatectl',
    fact: 'ClockSync',
    fields: {
      ntp_synchronized: 'synchronized',
      system_clock_synchronized: 'synchronized',
      ntp_enabled: 'serviceActive',
      'systemd-timesyncd.service_active': 'serviceActive',
    },
    notRead: ['local_time', 'universal_time', 'rtc_time', 'time_zone', 'rtc_in_local_tz', 'dst_active', 'epoch_utc'],
  },
  {
    files: /\/uname-a(?:-different-proc)?\.out$/,
    kind: 'Uname',
    fact: 'KernelVersion',
    fields: {
      kernel_release: (value) => {
        const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(String(value)) ?? [];
        return { release: value, major: Number(major), minor: Number(minor), patch: Number(patch ?? 0) };
      },
      machine: 'machine',
      kernel_version: (value) => ({ realTime: /PREEMPT[_ ]RT/.test(String(value)) }),
    },
    notRead: ['kernel_name', 'node_name', 'operating_system', 'hardware_platform', 'processor'],
  },
  {
    files: /\/uptime\.out$/,
    kind: 'Uptime',
    fact: 'Uptime',
    fields: { uptime_total_seconds: 'seconds', load_1m: 'load1', load_5m: 'load5', load_15m: 'load15' },
    notRead: [
      ...['time', 'uptime', 'users', 'time_hour', 'time_minute', 'time_second'],
      ...['uptime_days', 'uptime_hours', 'uptime_minutes'],
    ],
  },
  {
    files: /\/linux-proc\/uptime$/,
    kind: 'Uptime',
    fact: 'Uptime',
    fields: { up_time: (value) => ({ seconds: Math.floor(Number(value)) }) },
    notRead: ['idle_time'],
  },
  {
    files: /\/linux-proc\/cpuinfo2?$/,
    kind: 'ProcCpuinfo',
    fact: 'CpuThread',
    entries: (json) => list(json).map((each) => ({ ...each, online: true })),
    fields: { processor: 'cpu', 'core id': 'core', 'physical id': 'socket', online: 'online' },
    notRead: [
      ...[
        'vendor_id',
        'cpu family',
        'model',
        'model name',
        'stepping',
        'cpu MHz',
        'cache size',
        'siblings',
        'cpu cores',
      ],
      ...[
        'apicid',
        'initial apicid',
        'fpu',
        'fpu_exception',
        'cpuid level',
        'wp',
        'flags',
        'bugs',
        'bogomips',
        'microcode',
      ],
      ...['clflush size', 'cache_alignment', 'address sizes', 'power management', 'address_size_physical'],
      ...['address_size_virtual', 'cache_size_num', 'cache_size_unit', 'TLB size'],
    ],
  },
  {
    files: /\/ps-axu\.out$/,
    kind: 'ProcessList',
    fact: 'Process',
    entries: ofNode,
    fields: { user: 'user', pid: 'pid', command: (value) => ({ command: value, name: programOf(value) }) },
    notRead: ['cpu_percent', 'mem_percent', 'vsz', 'rss', 'tty', 'stat', 'start', 'time'],
  },
  {
    files: /\/ps-ef\.out$/,
    kind: 'ProcessList',
    fact: 'Process',
    entries: ofNode,
    fields: { uid: 'user', pid: 'pid', cmd: (value) => ({ command: value, name: programOf(value) }) },
    notRead: ['ppid', 'c', 'stime', 'tty', 'time'],
  },
  {
    files: /\/os-release-\w+$/,
    kind: 'OsRelease',
    fact: 'OsRelease',
    entries: (json) => {
      const fields = json as Entry;
      return [{ fields, id: fields.ID, name: fields.PRETTY_NAME, versionId: fields.VERSION_ID }];
    },
    fields: { fields: 'fields', id: 'id', name: 'name', versionId: 'versionId' },
  },
  {
    files: /\/resolve\.conf-\d$/,
    kind: 'ResolvConf',
    fact: 'ResolvConf',
    fields: {
      nameservers: 'nameservers',
      search: 'search',
      domain: (value, { search }) => ({ search: search ?? [value] }),
      options: (value) => ({
        options: Object.fromEntries((value as string[]).map((each) => [each.split(':')[0], each.split(':')[1] ?? ''])),
      }),
    },
    notRead: ['sortlist'],
  },
  {
    files: /\/lsmod\.out$/,
    kind: 'KernelModules',
    fact: 'KernelModule',
    fields: {
      module: (value, { by }) => ({ name: value, usedBy: by ?? [] }),
      size: 'sizeBytes',
      used: 'references',
    },
    notRead: ['by'],
  },
  {
    files: /\/linux-proc\/modules$/,
    kind: 'KernelModules',
    fact: 'KernelModule',
    fields: { module: 'name', size: 'sizeBytes', used: 'references', used_by: 'usedBy', status: 'state' },
    notRead: ['location'],
  },
  ...(['nat', 'filter', 'mangle', 'raw', 'no-jump', 'filter-nv', 'filter-line-numbers'] as const).map(
    (form): Comparison => ({
      files: new RegExp(`/iptables-${form}\\.out$`),
      kind: 'IptablesList',
      fact: 'NetfilterChain',
      fields: {
        chain: 'chain',
        default_policy: 'policy',
        default_packets: 'packets',
        default_bytes: 'bytes',
        rules: (value) => ({ rules: (value as unknown[]).length }),
      },
    }),
  ),
  {
    files: /\/iptables-(?:nat|filter|mangle|raw|no-jump|filter-nv|filter-line-numbers)\.out$/,
    kind: 'IptablesList',
    fact: 'NetfilterRule',
    entries: (json) =>
      list(json).flatMap(({ chain, rules }) =>
        (rules as Entry[]).map((rule, index) => ({ ...rule, chain, position: index + 1 })),
      ),
    fields: {
      chain: 'chain',
      position: 'position',
      num: 'position',
      target: 'target',
      prot: (value) => ({ protocol: value === 'all' ? undefined : value }),
      source: matched('source'),
      destination: matched('destination'),
      in: matched('inInterface'),
      out: matched('outInterface'),
      pkts: 'packets',
      bytes: 'bytes',
    },
    notRead: ['opt', 'options'],
  },
  {
    files: /\/date2?\.out$/,
    kind: 'SosDate',
    fact: 'GatherTime',
    entries: (json) => [{ iso: (json as Entry).iso }],
    fields: { iso: (value) => ({ gatheredAt: new Date(String(value)).toISOString().replace('.000Z', 'Z') }) },
  },
];
