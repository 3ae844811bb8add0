// The inside of a worker thread: loads the module it is told and answers each payload with a result or an error.

import { parentPort, workerData } from 'node:worker_threads';
import { addProfile, now, startProfile, takeProfile } from './profile.ts';

type Run = (payload: unknown) => unknown;
interface Moved {
  readonly result: unknown;
  readonly transfer: ArrayBuffer[];
}
const isMoved = (value: unknown): value is Moved =>
  typeof value === 'object' && value !== null && 'transfer' in value && 'result' in value;

const { module, isProfiled } = workerData as { module: string; isProfiled: boolean };
const port = parentPort;
if (!port) throw new Error('thread.ts runs as a worker only');
const loaded = (await import(module)) as { default: (setup: unknown) => Run };
// What it is set up with may come long after it: a thread may start before anybody knows. No task comes before `ready`.
const run = loaded.default(await new Promise((resolve) => port.once('message', resolve)));
if (isProfiled) {
  await startProfile();
  addProfile(new Map([['thread', now()]]));
}

port.on('message', async (payload: unknown) => {
  let send: () => void;
  try {
    const answer = await run(payload);
    send = () => {
      const profile = isProfiled && { profile: takeProfile() };
      if (isMoved(answer)) port.postMessage({ result: answer.result, ...profile }, answer.transfer);
      else port.postMessage({ result: answer, ...profile });
    };
  } catch (error) {
    send = () => port.postMessage({ error: told(error) });
  }
  // Only after a turn of the loop: a promise that a task left rejected ends the thread now, and so counts as its own.
  setImmediate(() => {
    try {
      send();
    } catch (error) {
      port.postMessage({ error: told(error) });
    }
  });
});
port.postMessage({ ready: true });

const longestMessage = 1000;

/** One line without the stack, which names places of this machine. */
function told(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (text.split('\n')[0] ?? '').slice(0, longestMessage);
}
