// Of very many hits the first and the last are kept, whatever pieces the log came in and in whatever order.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Piece } from '../../../src/bundle/source.ts';
import { createLogScanner } from '../../../src/facts/logs/scan-log.ts';
import { createSourceParser, type ParsedSource } from '../../../src/facts/parse-source.ts';
import { createReadPieces, leftOutGaps } from '../../../src/facts/read-pieces.ts';

const pattern = { id: 'failed', log: 'KubeletLog', pattern: 'pod (?P<pod>\\S+) failed', hint: ' failed' };
const logs = new Map([['KubeletLog', { kinds: ['KubeletLog'] }]]);
const source = { path: 'kubelet.log', kind: 'KubeletLog', layout: 'plain', root: '', labels: { node: 'w1' } };
const demand = { factTypes: new Set<string>(), objects: new Set<string>(), logPatterns: [pattern], logs };

/** A minute for each pod. */
const line = (pod: number): string => {
  const [hour, minute] = [Math.floor(pod / 60), pod % 60].map((each) => String(each).padStart(2, '0'));
  return `E0805 ${hour}:${minute}:00.000000 1 x.go:1] pod p${pod} failed\n`;
};
const text = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => line(from + index)).join('');
const piece = (from: number, to: number, last = false): Piece => ({
  source,
  bytes: Buffer.from(text(from, to)),
  firstLine: from + 1,
  last,
});

const podsOf = (parsed: readonly ParsedSource[]): (string | undefined)[] =>
  parsed
    .flatMap(({ hits }) => hits)
    .sort((a, b) => a.span[0] - b.span[0])
    .map(({ captures }) => captures.pod);

/** What is kept of a hundred lines cut at these places, with the pieces coming in this order. */
function kept(cuts: readonly number[], logHits: number, shuffle: (pieces: Piece[]) => Piece[] = (pieces) => pieces) {
  const parse = createSourceParser(demand, { logHits });
  const ends = [...cuts, 100];
  const pieces = ends.map((end, index) => piece(ends[index - 1] ?? 0, end, end === 100));
  const read = createReadPieces({ logHits }, demand.logPatterns);
  for (const each of shuffle(pieces)) read.add({ piece: each, parsed: parse(each) });
  const reads = read.take();
  const parsed = reads.map((each) => each.parsed);
  return { pods: podsOf(parsed), gaps: leftOutGaps(reads, { logHits }), parsed };
}

test('the first and the last hits are kept, and the others are counted in a gap', () => {
  const { pods, gaps } = kept([], 6);
  assert.equal(pods, ['p0', 'p1', 'p2', 'p97', 'p98', 'p99']);
  assert.equal(gaps, [
    {
      code: 'LIMIT_FINDINGS',
      path: 'kubelet.log',
      detail: '94 more lines of failed were left out; the limit log-hits is 6, --limit log-hits=12 doubles it',
    },
  ]);
});

for (const cuts of [[50], [1, 2, 3], [97], [10, 20, 30, 40, 50, 60, 70, 80, 90], [2, 98]]) {
  test(`pieces that end at ${cuts.join(', ')} give the same, in order and out of it`, () => {
    const whole = kept([], 6);
    for (const shuffle of [(all: Piece[]) => all, (all: Piece[]) => all.toReversed()]) {
      const { pods, gaps } = kept(cuts, 6, shuffle);
      assert.equal(pods, whole.pods);
      assert.equal(gaps, whole.gaps);
    }
  });
}

test('hits of which there are few are all kept, without a gap', () => {
  const { pods, gaps } = kept([50], 100);
  assert.is(pods.length, 100);
  assert.equal(gaps, []);
});

test('of lines whose hits were left out none is kept for excerpts', () => {
  const { parsed } = kept([10, 20, 30, 40, 50, 60, 70, 80, 90], 4);
  const lines = parsed.flatMap((each) => (each.kept && 'lines' in each.kept ? [...each.kept.lines.keys()] : []));
  assert.equal(
    lines.sort((a, b) => a - b),
    [1, 2, 99, 100],
  );
});

test('past the first hits, those of one minute are counted together, and none is lost', () => {
  const minuteFor = (index: number) => `07:0${Math.floor(index / 30)}:00`;
  const minutes = Array.from({ length: 90 }, (_, index) => line(index).replace(/\d\d:\d\d:00/, minuteFor(index)));
  const parse = (logHits: number) => createSourceParser(demand, { logHits });
  const whole = parse(8)({ source, bytes: Buffer.from(minutes.join('')), firstLine: 1, last: true });
  const counts = whole.hits.map(({ captures, count, span }) => [captures.pod, count, ...span]);
  assert.equal(
    counts.slice(0, 4).map(([pod, count]) => [pod, count]),
    [
      ['p0', 1],
      ['p1', 1],
      ['p2', 1],
      ['p3', 1],
    ],
  );
  assert.is(
    whole.hits.reduce((sum, { count }) => sum + count, 0),
    90,
  );
  assert.is(whole.leftOut, undefined);
  const read = createReadPieces({ logHits: 8 }, demand.logPatterns);
  for (const from of [60, 0, 30]) {
    const bytes = Buffer.from(minutes.slice(from, from + 30).join(''));
    const each: Piece = { source, bytes, firstLine: from + 1, last: from === 60 };
    read.add({ piece: each, parsed: parse(8)(each) });
  }
  const cut = read.take().flatMap(({ parsed }) => parsed.hits);
  assert.equal(
    cut.map(({ captures, count, span }) => [captures.pod, count, ...span]),
    counts,
  );
});

test('what rules group by is told apart however many hits there are', () => {
  const grouped = { ...pattern, groupBy: ['pod'] };
  const log = Array.from({ length: 90 }, (_, index) => line(0).replace(' p0 ', ` p${index % 3} `)).join('');
  const scanner = createLogScanner([grouped], logs, 4);
  const { hits } = scanner.scan({ source, bytes: Buffer.from(log), firstLine: 1, last: true }, Buffer.from(log));
  const sums = ['p0', 'p1', 'p2'].map((pod) =>
    hits.filter(({ captures }) => captures.pod === pod).reduce((sum, { count }) => sum + count, 0),
  );
  assert.equal(sums, [30, 30, 30]);
});

test('a very long line is searched at its beginning, and that is told', () => {
  const scanner = createLogScanner([pattern], logs);
  const long = `pod early failed ${'x'.repeat(300_000)} pod late failed\n`;
  const { hits, longLines } = scanner.scan(
    { source, bytes: Buffer.from(long), firstLine: 7, last: true },
    Buffer.from(long),
  );
  assert.equal(
    hits.map(({ captures }) => captures.pod),
    ['early'],
  );
  assert.equal(longLines, [7]);
});

test('a pattern without any literal text still finds its lines', () => {
  const bare = { id: 'bare', log: 'KubeletLog', pattern: '[a-z]+\\d{3}', longestOnV8: 2000 };
  const scanner = createLogScanner([bare, pattern], logs);
  const log = '\nnothing\nabc123\n\npod a failed\r\nxyz789';
  const { hits } = scanner.scan({ source, bytes: Buffer.from(log), firstLine: 1, last: true }, Buffer.from(log));
  assert.equal(
    hits.map((hit) => [hit.pattern, ...hit.span, hit.count]),
    [
      ['bare', 3, 6, 2],
      ['failed', 5, 5, 1],
    ],
  );
});

test.run();
