// The text that excerpts are cut from: the same lines, whether it was compressed or was too small for that.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCatalogue } from '../../src/bundle/catalogue.ts';
import { createTextKeeper } from '../../src/facts/kept-text.ts';
import { packTogether } from '../../src/facts/pack-texts.ts';
import { createSourceParser } from '../../src/facts/parse-source.ts';

const { logs } = loadCatalogue([new URL('../../rules/sources', import.meta.url).pathname]);
const demand = {
  factTypes: new Set(['SwapState', 'Swap']),
  objects: new Set<string>(),
  logPatterns: [],
  logs,
};
const parse = createSourceParser(demand);
const parseInTask = createSourceParser(demand, undefined, true);
const swaps = (areas: number): string =>
  `Filename\tType\tSize\tUsed\tPriority\n${Array.from({ length: areas }, (_, at) => `/dev/sd${at} partition 1024 0 -2\r\n`).join('')}`;

test('a small text is kept as it is and a large one compressed; both give their lines', () => {
  for (const [areas, isPacked] of [
    [3, false],
    [300, true],
  ] as const) {
    const source = { path: 'proc/swaps', kind: 'ProcSwaps', layout: 'sosreport', root: '', labels: {} };
    const { kept } = parse({ source, bytes: new TextEncoder().encode(swaps(areas)), firstLine: 1, last: true });
    assert.is(kept && 'isPacked' in kept && kept.isPacked, isPacked);
    const keeper = createTextKeeper();
    if (kept) keeper.keep('proc/swaps', kept);
    assert.equal(keeper.lines('proc/swaps', [2, 3]), ['/dev/sd0 partition 1024 0 -2', '/dev/sd1 partition 1024 0 -2']);
  }
});

test('texts that came together are compressed together, and each gives its own lines', () => {
  const parsed = [3, 100, 2].map((areas, at) => {
    const source = { path: `${at}/proc/swaps`, kind: 'ProcSwaps', layout: 'sosreport', root: '', labels: {} };
    return parseInTask({ source, bytes: new TextEncoder().encode(swaps(areas)), firstLine: 1, last: true });
  });
  const keeper = createTextKeeper();
  const texts = packTogether(parsed).flatMap(({ kept }) => (kept && 'whole' in kept ? [kept] : []));
  assert.equal(
    texts.map(({ isPacked }) => isPacked),
    [true, true, true],
  );
  assert.is(new Set(texts.map(({ whole }) => whole)).size, 1);
  for (const [at, text] of texts.entries()) keeper.keep(`${at}/proc/swaps`, text);
  assert.equal(
    texts.map((_, at) => keeper.whole(`${at}/proc/swaps`)?.length),
    [5, 102, 4],
  );
  assert.equal(keeper.lines('2/proc/swaps', [3, 3]), ['/dev/sd1 partition 1024 0 -2']);
});

test.run();
