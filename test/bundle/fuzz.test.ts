// A few hundred odd inputs for every reader and parser, the same ones each time; `test/torture/fuzz.ts` makes more.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { targets } from '../torture/fuzz.ts';
import { runTarget } from '../torture/fuzz-runner.ts';

for (const target of targets) {
  test(`${target.name}: whatever lies in a file, only typed errors come out, and the same each time`, async () => {
    const { failures } = await runTarget(target, { seed: 7, cases: 100 });
    assert.equal(
      failures.map(({ number, fault }) => `${number}: ${fault}`),
      [],
    );
  });
}

test.run();
