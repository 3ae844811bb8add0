// The inside of a worker thread: loads the module it is told and answers each payload with a result or an error.

import { parentPort, workerData } from 'node:worker_threads';

type Run = (payload: unknown) => unknown;
interface Moved {
  readonly result: unknown;
  readonly transfer: ArrayBuffer[];
}
const isMoved = (value: unknown): value is Moved =>
  typeof value === 'object' && value !== null && 'transfer' in value && 'result' in value;

const { module, setup } = workerData as { module: string; setup: unknown };
const port = parentPort;
if (!port) throw new Error('thread.ts runs as a worker only');
const loaded = (await import(module)) as { default: (setup: unknown) => Run };
const run = loaded.default(setup);

port.on('message', async (payload: unknown) => {
  let send: () => void;
  try {
    const answer = await run(payload);
    send = () => {
      if (isMoved(answer)) port.postMessage({ result: answer.result }, answer.transfer);
      else port.postMessage({ result: answer });
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
