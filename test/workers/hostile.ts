// A worker module for the pool's tests: does what the payload says, and most of it is nothing a task should do.

import { parentPort } from 'node:worker_threads';

const mebibyte = 1024 * 1024;
const forever = (step: (round: number) => unknown): never => {
  for (let round = 0; ; round++) step(round);
};

const deeds: Readonly<Record<string, () => unknown>> = {
  throw: () => {
    throw new Error('told to\nwith a second line');
  },
  'throw an oddity': () => {
    throw { toString: 'no function' };
  },
  'answer with a function': () => () => undefined,
  exit: () => process.exit(1),
  'exit as if all were well': () => process.exit(0),
  'reject unheard': () => void Promise.reject(new Error('unheard')),
  'close its port': () => {
    parentPort?.close();
    return new Promise(() => undefined);
  },
  'never settle': () => new Promise(() => undefined),
  hang: () => forever(() => undefined),
  'sleep long': () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  'match without end': () => /^(a|a)*$/.test(`${'a'.repeat(60)}b`),
  // Honest work: 300 ms of a processor, however long that takes by the clock.
  compute: () => {
    const usedMicros = () => Object.values(process.threadCpuUsage()).reduce((a, b) => a + b, 0);
    const end = usedMicros() + 300_000;
    let sum = 0;
    while (usedMicros() < end) for (let step = 0; step < 1e6; step++) sum += step;
    return sum > 0 ? 'computed' : '';
  },
  'sort for ever': () => {
    const numbers = Array.from({ length: 2_000_000 }, (_, index) => (index * 7919) % 2_000_003);
    return forever(() => numbers.sort((a, b) => a - b).reverse());
  },
  'push into one array': () => {
    const list: number[] = [];
    return forever(() => list.push(0));
  },
  'hoard buffers': () => {
    const list: Buffer[] = [];
    return forever(() => list.push(Buffer.alloc(4 * mebibyte, 1)));
  },
  'hoard strings': () => {
    const list: string[] = [];
    return forever((round) => list.push(Buffer.alloc(4 * mebibyte, 65 + (round % 20)).toString('latin1')));
  },
  'fill a map': () => {
    const map = new Map<number, number>();
    return forever((round) => map.set(round, round));
  },
  'hoard objects': () => {
    const list: object[] = [];
    return forever((round) => list.push({ round }));
  },
};

export default function setUp(setup: { greeting: string; fails?: string }) {
  if (setup.fails === 'throws') throw new Error('no setup today');
  if (setup.fails === 'exits') process.exit(0);
  return (does: string): unknown => {
    if (does === 'leave a trap') {
      setTimeout(() => process.exit(0), 30);
      return 'trap is set';
    }
    return deeds[does] ? deeds[does]() : `${setup.greeting} ${does}`;
  };
}
