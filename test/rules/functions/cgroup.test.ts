// What rules compute of cgroups: numbers from the spec, and ids from paths.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLanguage, isProblem } from '../../../src/rules/cel.ts';
import { vocabulary } from '../small-world.ts';

const language = createLanguage(vocabulary);

function run(expression: string): unknown {
  const compiled = language.newScope().compile(expression);
  if (isProblem(compiled)) throw new Error(compiled.message);
  return compiled.run({});
}

const pod = '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod2b1d7a52_7e4f_4a6e_9f7a_7d3d5a8f9c11.slice';
const id = '7f2d0c5b8a914e36b05d7c1f2e3a4958677889900aabbccddeeff00112233445';

for (const truth of [
  'cpuShares(0) == 2 && cpuShares(250) == 256',
  'cpuWeights(1000) == [39, 100] && cpuWeights(0) == [1]',
  'cpuQuotas(125, 100000) == [12500, 13000] && cpuQuotas(5, 100000) == [1000] && cpuQuotas(0, 100000) == []',
  'kubeletCpuWeight(1000) == 39 && kubeletCpuWeight(0) == 1',
  'burstableOomScoreAdj(107374182, 1073741824) == 901 && burstableOomScoreAdj(0, 1073741824) == 999',
  'memoryLimits(536870912) == [536870912] && 99999744 in memoryLimits(100000000)',
  `cgroupPodUid("${pod}") == "2b1d7a52-7e4f-4a6e-9f7a-7d3d5a8f9c11" && cgroupPodUid("/system.slice") == ""`,
  `cgroupContainerId("${pod}/crio-${id}.scope") == "${id}" && cgroupContainerId("${pod}") == ""`,
]) {
  test(truth.slice(0, 60), () => assert.is(run(truth), true));
}

test.run();
