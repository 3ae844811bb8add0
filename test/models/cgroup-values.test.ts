// Requests and limits as cgroup values, held against a table of known ones.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  containerQuotasOf,
  containerWeightsOf,
  linearWeightOf,
  memoryLimitsOf,
  quadraticWeightOf,
  quotaMicrosOf,
  sharesOf,
  systemdQuotaMicrosOf,
} from '../../src/models/cgroup-values.ts';

/** cpuMillis, cpu.shares, cpu.weight of kubelet and older runtimes, of newer ones, quota, quota as systemd rounds it. */
const known = [
  [5, 5, 1, 2, 1000, 1000],
  [10, 10, 1, 4, 1000, 1000],
  [100, 102, 4, 17, 10_000, 10_000],
  [125, 128, 5, 21, 12_500, 13_000],
  [250, 256, 10, 35, 25_000, 25_000],
  [333, 340, 13, 43, 33_300, 34_000],
  [500, 512, 20, 59, 50_000, 50_000],
  [1000, 1024, 39, 100, 100_000, 100_000],
  [2000, 2048, 79, 174, 200_000, 200_000],
  [4000, 4096, 157, 303, 400_000, 400_000],
  [16_000, 16_384, 625, 942, 1_600_000, 1_600_000],
] as const;

for (const [millis, shares, linear, quadratic, quota, rounded] of known) {
  test(`${millis}m is ${shares} shares, weight ${linear} or ${quadratic}, quota ${quota} µs`, () => {
    assert.is(sharesOf(millis), shares);
    assert.is(linearWeightOf(shares), linear);
    assert.is(quadraticWeightOf(shares), quadratic);
    assert.is(quotaMicrosOf(millis), quota);
    assert.is(systemdQuotaMicrosOf(quota), rounded);
  });
}

test('no request is the least weight, no limit is no quota', () => {
  assert.equal([sharesOf(0), linearWeightOf(2), quadraticWeightOf(2)], [2, 1, 1]);
  assert.equal([quotaMicrosOf(undefined), quotaMicrosOf(0)], [undefined, undefined]);
  assert.equal(containerQuotasOf(undefined), []);
});

test('weights end at 10000', () => {
  assert.equal([sharesOf(1_000_000), linearWeightOf(262_144), quadraticWeightOf(262_144)], [262_144, 10_000, 10_000]);
});

test('a container may have what any of the known runtimes writes', () => {
  assert.equal(containerWeightsOf(1000), [39, 100]);
  assert.equal(containerQuotasOf(125), [12_500, 13_000]);
  assert.equal(containerQuotasOf(500), [50_000]);
  assert.equal(memoryLimitsOf(100_000), [100_000, 98_304, 65_536]);
});

test('another period changes the quota, not the share of a CPU', () => {
  assert.is(quotaMicrosOf(500, 5000), 2500);
  assert.is(quotaMicrosOf(10, 5000), 1000);
});

test.run();
