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
  try {
    const answer = await run(payload);
    if (isMoved(answer)) port.postMessage({ result: answer.result }, answer.transfer);
    else port.postMessage({ result: answer });
  } catch (error) {
    port.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
port.postMessage({ ready: true });
