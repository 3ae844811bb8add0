import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cpuMillis, wholeUnits } from '../../../src/facts/text/quantity.ts';

test('CPU is thousandths of a core', () => {
  assert.is(cpuMillis('500m'), 500);
  assert.is(cpuMillis('2'), 2000);
  assert.is(cpuMillis(2), 2000);
  assert.is(cpuMillis('0.5'), 500);
  assert.is(cpuMillis('.5'), 500);
  assert.is(cpuMillis('1e3m'), undefined);
  assert.is(cpuMillis('0'), 0);
});

test('CPU rounds up to the next thousandth, never down', () => {
  assert.is(cpuMillis('1u'), 1);
  assert.is(cpuMillis('100000001n'), 101);
  assert.is(cpuMillis('100000000n'), 100);
  assert.is(cpuMillis('0.0005'), 1);
  assert.is(cpuMillis(0.29), 290);
  assert.is(cpuMillis('-0.0005'), 0);
});

test('memory knows binary, decimal and exponent suffixes', () => {
  assert.is(wholeUnits('128Mi'), 134217728);
  assert.is(wholeUnits('1.5Gi'), 1610612736);
  assert.is(wholeUnits('1k'), 1000);
  assert.is(wholeUnits('129e6'), 129000000);
  assert.is(wholeUnits('129E6'), 129000000);
  assert.is(wholeUnits('2E'), undefined);
  assert.is(wholeUnits('1Pi'), 1125899906842624);
  assert.is(wholeUnits('128974848000m'), 128974848);
  assert.is(wholeUnits('1m'), 1);
  assert.is(wholeUnits('+5'), 5);
});

test('what is no quantity reads as nothing', () => {
  for (const odd of ['', 'lots', '5 Gi', '1KB', 'Mi', '1.2.3', null, undefined, true, Number.NaN]) {
    assert.is(wholeUnits(odd), undefined, String(odd));
  }
});

test('a number past 2^53 is left out, as it could not be exact', () => {
  assert.is(wholeUnits('9223372036854775807'), undefined);
  assert.is(wholeUnits('8Ei'), undefined);
  assert.is(wholeUnits('1e999'), undefined);
});

test.run();
