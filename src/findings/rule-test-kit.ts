// What the tests beside the rules need to run: the same catalogue, parsers, log scan and evaluation as a real bundle.

import type { Catalogue } from '../bundle/catalogue.ts';
import { readTexts } from '../facts/read-texts.ts';
import type { TestKit } from '../rules/test-rule.ts';
import { wantedOf } from '../rules/wanted.ts';
import { evaluate } from './evaluate.ts';

/** Facts that place and date the others, whatever the rule asks for. */
const always = ['GatherTime', 'Hostname', 'KubernetesNode'];

export function ruleTestKit(catalogue: Catalogue): TestKit {
  return {
    evaluate,
    async factsOf(files, rules, gatheredAt) {
      const wanted = wantedOf(rules);
      const demand = { ...wanted, factTypes: new Set([...always, ...wanted.factTypes]), logs: catalogue.logs };
      const { store, unclaimed, problems } = readTexts(files, { catalogue, demand }, gatheredAt);
      if (unclaimed.length > 0) {
        throw new Error(
          `no pattern of rules/sources claims ${unclaimed.join(', ')}: mend the path, or add the pattern`,
        );
      }
      if (problems.length > 0) throw new Error(problems.join('; '));
      return store;
    },
  };
}
