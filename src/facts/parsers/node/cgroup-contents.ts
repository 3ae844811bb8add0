// What each file of the cgroup tree says, by its name: its lines become facts.

import type { Span } from '../../../bundle/source.ts';
import { readCgroupPath } from '../../../models/cgroup-path.ts';
import type { Fact, FactType } from '../../fact-type.ts';
import { readCpuList } from '../../text/cpu-list.ts';
import type { Line } from '../../text/lines.ts';
import { present } from '../../text/present.ts';
import { readPressure } from '../../text/pressure.ts';
import * as facts from './cgroup-facts.ts';

export interface CgroupFileText {
  /** `cpu.max` */
  readonly file: string;
  /** Path below the mount of the hierarchy. */
  readonly cgroup: string;
  readonly version: 'v1' | 'v2';
  readonly lines: readonly Line[];
}

/** Whether the file is one of those that facts are made of. */
export const isReadCgroupFile = (file: string): boolean => readerOf(file) !== undefined;

/** The facts of one file, or nothing when its text is not what such a file holds. */
export function cgroupFacts(text: CgroupFileText, keyOf: (type: string) => string): Fact[] {
  const reader = readerOf(text.file);
  const first = text.lines[0];
  const last = text.lines.at(-1);
  if (!reader || !first || !last) return [];
  const cgroup = `/${text.cgroup.replace(/^\/+|\/+$/g, '')}`;
  const place = present({ cgroup, version: text.version, ...readCgroupPath(cgroup) });
  const span: Span = [first.number, last.number];
  return reader(text).map(([type, value]) =>
    type.fact(span, present({ ...place, ...value }), { key: keyOf(type.name) }),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: each reader names its own fact type; the list holds them all
type Said = [type: FactType<any>, value: object];

type Reader = (text: CgroupFileText) => Said[];

/** Files of huge pages have the size of a page in their name. */
function readerOf(file: string): Reader | undefined {
  if (Object.hasOwn(readers, file)) return readers[file];
  const [, size, unit] = /^hugetlb\.(\d+)([KMG])B\.(?:limit_in_bytes|max)$/.exec(file) ?? [];
  if (size === undefined || unit === undefined) return undefined;
  const pageSize = `${size}${unit}i`;
  return (text) => limit(text, (limitBytes) => [[facts.CgroupHugepageLimit, { pageSize, limitBytes }]]);
}

const readers: Readonly<Record<string, Reader>> = {
  'cgroup.controllers': controllers,
  'cpu.shares': (text) => number(text, (shares) => [[facts.CgroupCpuShares, { shares }]]),
  'cpu.weight': (text) => number(text, (weight) => [[facts.CgroupCpuWeight, { weight }]]),
  'cpu.cfs_quota_us': (text) => limit(text, (quotaMicros) => [[facts.CgroupCpuQuota, { quotaMicros }]]),
  'cpu.cfs_period_us': (text) => number(text, (periodMicros) => [[facts.CgroupCpuPeriod, { periodMicros }]]),
  'cpu.max': cpuMax,
  'cpu.stat': cpuStat,
  'cpuset.cpus': (text) => cpuset(text, false),
  'cpuset.cpus.effective': (text) => cpuset(text, true),
  'cpuset.effective_cpus': (text) => cpuset(text, true),
  'memory.limit_in_bytes': (text) => limit(text, (limitBytes) => [[facts.CgroupMemoryLimit, { limitBytes }]]),
  'memory.max': (text) => limit(text, (limitBytes) => [[facts.CgroupMemoryLimit, { limitBytes }]]),
  'memory.usage_in_bytes': (text) => number(text, (usageBytes) => [[facts.CgroupMemoryUsage, { usageBytes }]]),
  'memory.current': (text) => number(text, (usageBytes) => [[facts.CgroupMemoryUsage, { usageBytes }]]),
  'memory.max_usage_in_bytes': (text) => number(text, (peakBytes) => [[facts.CgroupMemoryPeak, { peakBytes }]]),
  'memory.peak': (text) => number(text, (peakBytes) => [[facts.CgroupMemoryPeak, { peakBytes }]]),
  'memory.high': (text) => limit(text, (bytes) => [[facts.CgroupMemoryThreshold, { bound: 'high', bytes }]]),
  'memory.low': (text) => limit(text, (bytes) => [[facts.CgroupMemoryThreshold, { bound: 'low', bytes }]]),
  'memory.min': (text) => limit(text, (bytes) => [[facts.CgroupMemoryThreshold, { bound: 'min', bytes }]]),
  'memory.soft_limit_in_bytes': (text) =>
    limit(text, (bytes) => [[facts.CgroupMemoryThreshold, { bound: 'soft', bytes }]]),
  'memory.failcnt': (text) => number(text, (failures) => [[facts.CgroupMemoryFailures, { failures }]]),
  'memory.events': memoryEvents,
  'memory.oom_control': oomControl,
  'memory.stat': memoryStat,
  'memory.swap.max': (text) =>
    limit(text, (limitBytes) => [[facts.CgroupSwapLimit, { limitBytes, includesMemory: false }]]),
  'memory.memsw.limit_in_bytes': (text) =>
    limit(text, (limitBytes) => [[facts.CgroupSwapLimit, { limitBytes, includesMemory: true }]]),
  'memory.swap.current': (text) =>
    number(text, (usageBytes) => [[facts.CgroupSwapUsage, { usageBytes, includesMemory: false }]]),
  'memory.memsw.usage_in_bytes': (text) =>
    number(text, (usageBytes) => [[facts.CgroupSwapUsage, { usageBytes, includesMemory: true }]]),
  'pids.max': (text) => limit(text, (tasks) => [[facts.CgroupPidsLimit, { limit: tasks }]]),
  'pids.current': (text) => number(text, (tasks) => [[facts.CgroupPidsUsage, { tasks }]]),
  'cpu.pressure': pressure,
  'memory.pressure': pressure,
  'io.pressure': pressure,
};

function number({ lines }: CgroupFileText, say: (value: number) => Said[]): Said[] {
  const text = lines[0]?.text.trim() ?? '';
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? say(Number(text)) : [];
}

/** "No limit" is `max` in v2; in v1 it is -1 or 2^63 rounded down to a page, whatever the size of a page. */
function limit({ lines }: CgroupFileText, say: (value: number | undefined) => Said[]): Said[] {
  const text = lines[0]?.text.trim() ?? '';
  if (text === 'max' || text === '-1') return say(undefined);
  if (!/^\d+$/.test(text)) return [];
  return say(Number.isSafeInteger(Number(text)) ? Number(text) : undefined);
}

/** Read at the root alone: what the kernel offers. Below it, what lacks is what nobody asked for. */
function controllers({ lines, cgroup, version }: CgroupFileText): Said[] {
  if (version !== 'v2' || !/^\/*$/.test(cgroup)) return [];
  const words = lines[0]?.text.trim().split(/\s+/) ?? [];
  return words.every((word) => /^[a-z_]+$/.test(word)) ? [[facts.CgroupControllers, { controllers: words }]] : [];
}

function cpuMax({ lines }: CgroupFileText): Said[] {
  const match = /^(max|\d+)\s+(\d+)$/.exec(lines[0]?.text.trim() ?? '');
  if (!match) return [];
  const quotaMicros = match[1] === 'max' ? undefined : Number(match[1]);
  return [
    [facts.CgroupCpuQuota, { quotaMicros }],
    [facts.CgroupCpuPeriod, { periodMicros: Number(match[2]) }],
  ];
}

function cpuStat({ lines }: CgroupFileText): Said[] {
  const values = counters(lines);
  const nanos = values.get('throttled_time');
  const throttledMicros = values.get('throttled_usec') ?? (nanos === undefined ? undefined : Math.floor(nanos / 1000));
  const periods = values.get('nr_periods');
  const throttledPeriods = values.get('nr_throttled');
  // The root of v2, and cgroups without the cpu controller, have usage alone.
  if (periods === undefined || throttledPeriods === undefined || throttledMicros === undefined) return [];
  const usageMicros = values.get('usage_usec');
  return [[facts.CgroupCpuStat, { periods, throttledPeriods, throttledMicros, usageMicros }]];
}

function cpuset({ lines }: CgroupFileText, effective: boolean): Said[] {
  const cpuList = lines[0]?.text.trim() ?? '';
  const cpus = readCpuList(cpuList);
  return cpus ? [[facts.CgroupCpuset, { cpus, cpuList, effective }]] : [];
}

function memoryEvents({ lines }: CgroupFileText): Said[] {
  const values = counters(lines);
  if (!values.has('max') && !values.has('oom_kill')) return [];
  const value = {
    oomKills: values.get('oom_kill'),
    oomEvents: values.get('oom'),
    maxEvents: values.get('max'),
    highEvents: values.get('high'),
  };
  return [[facts.CgroupMemoryEvents, value]];
}

function oomControl({ lines }: CgroupFileText): Said[] {
  const values = counters(lines);
  if (!values.has('under_oom')) return [];
  const value = {
    oomKills: values.get('oom_kill'),
    oomKillDisabled: values.get('oom_kill_disable') === 1,
    underOom: values.get('under_oom') === 1,
  };
  return [[facts.CgroupMemoryEvents, value]];
}

function memoryStat({ lines, version }: CgroupFileText): Said[] {
  const values = counters(lines);
  const name =
    version === 'v1'
      ? { anon: 'total_rss', file: 'total_cache', prefix: 'total_' }
      : { anon: 'anon', file: 'file', prefix: '' };
  const value = {
    anonBytes: values.get(name.anon),
    fileBytes: values.get(name.file),
    inactiveFileBytes: values.get(`${name.prefix}inactive_file`),
    shmemBytes: values.get(`${name.prefix}shmem`),
  };
  return Object.values(value).every((each) => each === undefined) ? [] : [[facts.CgroupMemoryStat, value]];
}

function pressure({ file, lines }: CgroupFileText): Said[] {
  const averages = readPressure(lines);
  if (averages.someAvg10 === undefined) return [];
  return [[facts.CgroupPressure, { resource: file.split('.')[0] ?? '', ...averages }]];
}

function counters(lines: readonly Line[]): Map<string, number> {
  const values = new Map<string, number>();
  for (const { text } of lines) {
    const match = /^(\S+)\s+(\d+)\s*$/.exec(text);
    if (match?.[1] !== undefined) values.set(match[1], Number(match[2]));
  }
  return values;
}
