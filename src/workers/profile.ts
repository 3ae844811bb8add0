// Where the time of a run goes, by stage. Nothing is measured until somebody asks for it, and no measure reaches a report.

export interface Spent {
  readonly times: number;
  readonly bytes: number;
  /** By the clock. Of threads that work beside each other: the sum. */
  readonly millis: number;
  /** Of a processor. */
  readonly cpuMillis: number;
}

/** By stage and, after a tab, the name of what it was spent on. */
export type Profile = ReadonlyMap<string, Spent>;

let profile: Map<string, Spent> | undefined;
/** Read only: what this process and this thread have spent. To load it opens standard input, which takes a while. */
let meter: Pick<typeof import('node:process'), 'cpuUsage' | 'resourceUsage' | 'threadCpuUsage'> | undefined;
let stage: { readonly name: string; readonly from: Spent } | undefined;

export const isProfiled = (): boolean => profile !== undefined;

/** From here on this thread and those it starts are measured. */
export async function startProfile(): Promise<void> {
  meter ??= await import('node:process');
  profile ??= new Map();
}

/** What was measured since it was asked for last. */
export function takeProfile(): Profile {
  const taken = profile ?? new Map();
  profile &&= new Map();
  return taken;
}

/** Adds what another thread measured. */
export function addProfile(other: Profile): void {
  for (const [name, spent] of other) add(name, spent);
}

/** This thread comes to another stage, or with none to its end. */
export function enterStage(name?: string): void {
  if (!profile || stage?.name === name) return;
  if (stage) add(stage.name, since(stage.from));
  stage = name === undefined ? undefined : { name, from: now() };
}

/** Runs a part of a stage. It may be a promise. */
export function measured<T>(name: string, of: string, work: () => T, bytes = 0): T {
  if (!profile) return work();
  const from = now();
  const end = () => add(of === '' ? name : `${name}\t${of}`, { ...since(from), bytes });
  let isUnderWay = false;
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    isUnderWay = true;
    return result.finally(end) as T;
  } finally {
    if (!isUnderWay) end();
  }
}

/** What this thread has spent since it began. */
export function now(): Spent {
  const { user, system } = meter?.threadCpuUsage() ?? { user: 0, system: 0 };
  return { times: 1, bytes: 0, millis: performance.now(), cpuMillis: (user + system) / 1000 };
}

/** Of the whole process: what V8 and the decompression do beside the threads, too. */
export function ofProcess(): { readonly cpuMillis: number; readonly mostBytes: number } {
  const { user, system } = meter?.cpuUsage() ?? { user: 0, system: 0 };
  return { cpuMillis: (user + system) / 1000, mostBytes: (meter?.resourceUsage().maxRSS ?? 0) * 1024 };
}

function since(from: Spent): Spent {
  const { millis, cpuMillis } = now();
  return { times: 1, bytes: 0, millis: millis - from.millis, cpuMillis: cpuMillis - from.cpuMillis };
}

function add(name: string, spent: Spent): void {
  const before = profile?.get(name) ?? { times: 0, bytes: 0, millis: 0, cpuMillis: 0 };
  profile?.set(name, {
    times: before.times + spent.times,
    bytes: before.bytes + spent.bytes,
    millis: before.millis + spent.millis,
    cpuMillis: before.cpuMillis + spent.cpuMillis,
  });
}
