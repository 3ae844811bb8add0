// Starts a child until one is ready: somebody outside, or a system short of memory, may take it before it is.

import { setTimeout as pause } from 'node:timers/promises';
import type { Child, Ready } from './child-process.ts';

/** Where none ever was ready, none may ever be. */
const firstTries = 10;
const laterTries = 100;
const mostPauseMillis = 2000;

export interface StartOptions {
  start(): Child;
  /** Those that live; it keeps it so. */
  readonly children: Set<Child>;
  /** One was ready before. */
  readonly everReady: boolean;
  isStopped(): boolean;
}

/** Rejects when it was tried often enough, or the crew is stopped. */
export async function startReady(options: StartOptions): Promise<{ readonly child: Child; readonly ready: Ready }> {
  const { children, everReady, isStopped } = options;
  for (let times = 1; ; times++) {
    const child = options.start();
    children.add(child);
    const ready = await child.ready;
    if (ready.told !== 'died') return { child, ready };
    children.delete(child);
    if (isStopped() || ready.how !== 'taken' || times === (everReady ? laterTries : firstTries))
      throw new Error(`a child process could not start: ${ready.reason}`);
    await pause(Math.min(mostPauseMillis, times * 20));
    if (isStopped()) throw new Error('the batch was stopped');
  }
}
