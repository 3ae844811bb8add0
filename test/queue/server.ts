// A real Redis or Valkey server on loopback, which keeps nothing and ends with the tests.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

const programs = ['redis-server', 'valkey-server'];
const startMillis = 10_000;

/** Throws with what to install where there is none. */
export async function startServer(): Promise<Server> {
  const program = programs.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  if (program === undefined)
    throw new Error('The queue is tested against a real server, and none is here: apt-get install redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'drydock-redis-'));
  const port = await freePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn(program, words, { stdio: 'ignore' });
  const end = () => void server.kill('SIGKILL');
  process.on('exit', end);
  await untilListening(port, server);
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const gone = new Promise((resolve) => server.on('close', resolve));
      server.kill('SIGKILL');
      await gone;
      process.off('exit', end);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function untilListening(port: number, server: ChildProcess): Promise<void> {
  for (let millis = 0; millis < startMillis; millis += 50) {
    if (server.exitCode !== null) throw new Error(`the server ended with exit code ${server.exitCode}`);
    if (await answers(port)) return;
    await pause(50);
  }
  throw new Error(`the server did not listen on port ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
