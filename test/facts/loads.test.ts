import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Piece } from '../../src/bundle/source.ts';
import { createLoads, outcomesOf } from '../../src/facts/loads.ts';
import { TaskError } from '../../src/workers/pool.ts';

const pieceOf = (path: string, bytes: number): Piece => ({
  source: { path, kind: 'Pod', layout: 'must-gather', root: '', labels: {} },
  bytes: new Uint8Array(bytes).fill(path.charCodeAt(0)),
  firstLine: 1,
  last: true,
});

/** What was handed on after each of `pieces`, and at the end. */
function handed(pieces: readonly Piece[]): (readonly Piece[])[] {
  const loads: (readonly Piece[])[] = [];
  const { add, end } = createLoads((load) => loads.push(load));
  pieces.forEach(add);
  end();
  return loads;
}

const pathsOf = (load: readonly Piece[] = []) => load.map(({ source }) => source.path).join('');

test('small pieces travel in one memory, in their order, with their own bytes', () => {
  const [load, ...others] = handed([pieceOf('a', 3), pieceOf('b', 5), pieceOf('c', 1)]);
  assert.is(others.length, 0);
  assert.is(pathsOf(load), 'abc');
  assert.is(new Set(load?.map(({ bytes }) => bytes.buffer)).size, 1);
  assert.is(load?.map(({ bytes }) => Buffer.from(bytes).toString()).join(' '), 'aaa bbbbb c');
});

test('a large piece travels alone and at once, in its own memory', () => {
  const large = pieceOf('b', 64 * 1024);
  const loads = handed([pieceOf('a', 3), large, pieceOf('c', 1)]);
  assert.equal(loads.map(pathsOf), ['b', 'ac']);
  assert.is(loads[0]?.[0], large);
});

test('a load ends with so many bytes, or so many pieces', () => {
  const heavy = handed(Array.from({ length: 12 }, () => pieceOf('a', 60_000)));
  assert.equal(
    heavy.map(({ length }) => length),
    [5, 5, 2],
  );
  const many = handed(Array.from({ length: 300 }, () => pieceOf('a', 1)));
  assert.equal(
    many.map(({ length }) => length),
    [128, 128, 44],
  );
});

test('without pieces nothing is handed on', () => {
  assert.is(handed([]).length, 0);
});

/** Stands for a pool of which each load with a piece `x` is lost. */
const lossy = async (load: readonly Piece[]): Promise<readonly string[]> => {
  if (pathsOf(load).includes('x')) throw new TaskError('exited', 'gone');
  return load.map(({ bytes }) => Buffer.from(bytes).toString());
};

test('a piece that fails costs itself alone, also in company', async () => {
  const [load = []] = handed([pieceOf('a', 2), pieceOf('x', 1), pieceOf('c', 1)]);
  const [first, second, third, ...others] = await outcomesOf(load, lossy);
  assert.equal([first, third], ['aa', 'c']);
  assert.instance(second, TaskError);
  assert.is(others.length, 0);
});

test('the memory of a piece alone is moved, that of a load copied', async () => {
  const moved: number[] = [];
  const run = async (load: readonly Piece[], transfer: readonly ArrayBuffer[]) => {
    moved.push(transfer.length);
    return load.map(() => 'parsed');
  };
  for (const load of handed([pieceOf('a', 64 * 1024), pieceOf('b', 1), pieceOf('c', 1)])) await outcomesOf(load, run);
  assert.equal(moved, [1, 0]);
});

test('a fault of the program is not taken for one of a piece', async () => {
  let message = '';
  const broken = () => Promise.reject(new Error('no thread starts'));
  await outcomesOf([pieceOf('a', 1), pieceOf('b', 1)], broken).catch((error: Error) => {
    message = error.message;
  });
  assert.is(message, 'no thread starts');
});

test.run();
