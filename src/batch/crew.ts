// The children of a batch at work: as many as the cores and the memory allow, each on one bundle at a time.
//
// A child that dies costs its bundle alone, and that only when the bundle is to blame: what earlier bundles left in
// the child, or somebody outside, gets the bundle another try.

import { join } from 'node:path';
import type { Answer, Child, Death, Ready } from './child-process.ts';
import type { Done } from './messages.ts';
import type { Bundle } from './plan.ts';
import { byWork, nextOf, type Waiting } from './schedule.ts';
import { startReady } from './start-ready.ts';

export interface CrewLimits {
  /** Of one child, resident. */
  readonly childBytes: number;
  readonly silentMillis: number;
  readonly bundleMillis: number;
}

export interface CrewOptions {
  readonly output: string;
  start(): Child;
  /** Throws when the child cannot be worked with; that ends the batch. */
  greet(ready: Ready): void;
  readonly children: number;
  /** Worker threads of all children together. */
  readonly jobs: number;
  readonly budgetBytes: number;
  readonly limits: CrewLimits;
  /** Handed over in one turn with what is written down of it. */
  onOver(bundle: Bundle, result: Result): Promise<void>;
  /** In words, with the limit and how to raise it. */
  readonly reasons: Readonly<Record<'memory' | 'silence' | 'time', string>>;
}

export type Result =
  /** Without a scratch folder its files lie in their place already. */
  { readonly done: Done; readonly scratch?: string } | { readonly failed: string; readonly advice: string };

export interface Running {
  readonly bundle: Bundle;
  readonly stage: string;
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

export interface Crew {
  /** Has one child at hand, which was greeted. */
  prepare(): Promise<void>;
  isUnderWay(path: string): boolean;
  add(bundles: readonly Bundle[]): void;
  /** When nothing waits and nothing runs. Rejects with what ends the batch. */
  idle(): Promise<void>;
  running(): Running[];
  /** Gives an idle child something else to do, its last. */
  borrow<T>(work: (child: Child) => Promise<T>): Promise<T>;
  /** Ends all children; what runs is left undone. */
  stop(graceMillis: number): Promise<void>;
}

/** A child that behaves is kept for so many bundles: to start one takes as long as to analyse a small bundle. */
const bundlesPerChild = 100;
/** Past this it holds on to what earlier bundles left. */
const keptBytes = 700 * 1024 * 1024;
/** Taken by somebody outside so often, and it is the bundle that is given up. */
const mostTries = 4;
const watchMillis = 200;

interface Slot {
  readonly waiting: Waiting;
  child: Child | undefined;
  beganAt: number;
  /** Ended by the watch for the sake of the others. */
  pressed: boolean;
}

export function createCrew(options: CrewOptions): Crew {
  const waiting: Waiting[] = [];
  const slots = new Set<Slot>();
  const children = new Set<Child>();
  const free: Child[] = [];
  const tries = new Map<string, number>();
  let fatal: { readonly error: unknown } | undefined;
  let everReady = false;
  let stopped = false;
  let whenIdle: PromiseWithResolvers<void> | undefined;
  const timer = setInterval(watch, watchMillis);

  async function readyChild(): Promise<Child> {
    const kept = free.pop();
    if (kept) return kept;
    const { child, ready } = await startReady({ ...options, children, everReady, isStopped: () => stopped });
    options.greet(ready);
    everReady = true;
    return child;
  }

  function fill(): void {
    while (!fatal && !stopped) {
      const next = nextOf(
        waiting,
        [...slots].map((slot) => slot.waiting),
        options,
      );
      if (next === undefined) break;
      const [taken] = waiting.splice(next, 1);
      if (!taken) break;
      const slot: Slot = { waiting: taken, child: undefined, beganAt: Number.NaN, pressed: false };
      slots.add(slot);
      void work(slot).catch((error: unknown) => {
        fatal ??= { error };
        slots.delete(slot);
        settle();
      });
    }
    settle();
  }

  function settle(): void {
    if (!whenIdle || (slots.size > 0 && !fatal) || (waiting.length > 0 && !fatal)) return;
    if (fatal) whenIdle.reject(fatal.error);
    else whenIdle.resolve();
    whenIdle = undefined;
  }

  async function work(slot: Slot): Promise<void> {
    const { bundle } = slot.waiting;
    const child = await readyChild();
    slot.child = child;
    slot.beganAt = performance.now();
    const wasFresh = child.answered === 0;
    const atOnce = Math.min(options.children, slots.size + waiting.length);
    const jobs = Math.max(1, Math.floor(options.jobs / atOnce));
    const { input, folder } = bundle;
    const answer = await child.obey({ order: 'bundle', input, folder, standing: join(options.output, folder), jobs });
    if (stopped) return;
    if (answer.told === 'died') {
      children.delete(child);
      if (mayTryAgain(slot, answer, wasFresh)) waiting.unshift(again(slot, answer));
      else await options.onOver(bundle, { failed: answer.reason, advice: '' });
    } else {
      await options.onOver(bundle, resultOf(answer, child));
      keep(child, answer);
    }
    if (answer.told !== 'died') tries.delete(bundle.path);
    slots.delete(slot);
    fill();
  }

  function mayTryAgain({ waiting: { bundle }, pressed }: Slot, { how }: Death, wasFresh: boolean): boolean {
    const count = (tries.get(bundle.path) ?? 0) + 1;
    tries.set(bundle.path, count);
    if (count >= mostTries) return false;
    return pressed || how === 'taken' || !wasFresh;
  }

  /** Who was taken most often, or pressed the others, gets the machine for itself. */
  function again({ waiting: { bundle, alone }, pressed }: Slot, { how }: Death): Waiting {
    const isLast = how === 'taken' && (tries.get(bundle.path) ?? 0) === mostTries - 1;
    return { bundle, alone: alone || pressed || isLast };
  }

  function keep(child: Child, answer: Answer): void {
    const behaved = answer.told === 'done' && (answer.entry?.gaps ?? 0) === 0;
    if (behaved && child.answered < bundlesPerChild && child.residentBytes() < keptBytes) free.push(child);
    else retire(child);
  }

  function retire(child: Child): void {
    void child.end().finally(() => children.delete(child));
  }

  function watch(): void {
    const { childBytes, silentMillis, bundleMillis } = options.limits;
    const sizes = new Map<Slot, number>();
    for (const slot of slots) {
      const { child } = slot;
      if (!child || Number.isNaN(slot.beganAt)) continue;
      const resident = child.residentBytes();
      sizes.set(slot, resident);
      if (resident > childBytes) child.kill(options.reasons.memory);
      else if (child.silentMillis() > silentMillis) child.kill(options.reasons.silence);
      else if (performance.now() - slot.beganAt > bundleMillis) child.kill(options.reasons.time);
    }
    relieve(sizes);
  }

  /** Together they hold more than there is: the idle go first, then the largest has to wait until it is alone. */
  function relieve(sizes: ReadonlyMap<Slot, number>): void {
    const idle = free.reduce((sum, child) => sum + child.residentBytes(), 0);
    const held = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (held + idle <= options.budgetBytes) return;
    for (const child of free.splice(0)) retire(child);
    if (held <= options.budgetBytes || sizes.size < 2) return;
    const [largest] = [...sizes].sort(([, a], [, b]) => b - a)[0] ?? [];
    if (!largest) return;
    largest.pressed = true;
    largest.child?.kill('it took more memory than is left beside the others');
  }

  return {
    async prepare() {
      free.push(await readyChild());
    },
    isUnderWay: (path) =>
      [...waiting, ...[...slots].map((slot) => slot.waiting)].some(({ bundle }) => bundle.path === path),
    add(bundles) {
      waiting.push(...bundles.map((bundle): Waiting => ({ bundle, alone: false })));
      waiting.sort((a, b) => byWork(a.bundle, b.bundle));
      fill();
    },
    idle() {
      whenIdle ??= Promise.withResolvers<void>();
      const { promise } = whenIdle;
      settle();
      return promise;
    },
    running: () =>
      [...slots].map(({ waiting: { bundle }, child }) => ({
        bundle,
        ...(child?.progress() ?? { stage: 'starting', bytesRead: 0, bytesTotal: 0 }),
      })),
    async borrow(borrowed) {
      const child = await readyChild();
      try {
        return await borrowed(child);
      } finally {
        retire(child);
      }
    },
    async stop(graceMillis) {
      stopped = true;
      clearInterval(timer);
      await Promise.all([...children].map((child) => child.stop(graceMillis)));
    },
  };
}

function resultOf(answer: Exclude<Answer, Death>, child: Child): Result {
  if (answer.told === 'failed') return { failed: answer.reason, advice: answer.advice };
  return { done: answer, scratch: child.scratch };
}
