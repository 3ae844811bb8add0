// Labels may bear any name, also one that would hide from CEL that they are a map.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dynValue } from '../../src/rules/fact-values.ts';
import { selects } from '../../src/rules/functions/kubernetes.ts';
import { sameValue } from '../../src/rules/functions/lists.ts';
import { type CelMap, entriesOf, entryOf } from '../../src/rules/map-values.ts';
import { valueText } from '../../src/rules/texts.ts';

const mapOf = (entries: object): CelMap => dynValue(entries) as CelMap;

for (const name of ['app', 'constructor', '__proto__', 'hasOwnProperty']) {
  test(`a label named ${name} is matched, compared and printed`, () => {
    const labels = mapOf(JSON.parse(`{"${name}": "shop", "tier": "web"}`));
    assert.equal(
      entriesOf(labels).map(([key]) => key),
      [name, 'tier'],
    );
    assert.equal([entryOf(labels, name), entryOf(labels, 'toString')], ['shop', undefined]);
    assert.is(selects({ matchLabels: mapOf(JSON.parse(`{"${name}": "shop"}`)) }, labels), true);
    assert.is(selects({ matchLabels: mapOf(JSON.parse(`{"${name}": "other"}`)) }, labels), false);
    assert.is(selects({ matchExpressions: [{ key: name, operator: 'Exists' }] }, labels), true);
    assert.is(sameValue(labels, mapOf(JSON.parse(`{"tier": "web", "${name}": "shop"}`))), true);
    assert.is(sameValue(labels, mapOf(JSON.parse(`{"tier": "web", "${name}": "other"}`))), false);
    assert.is(sameValue(labels, mapOf({ tier: 'web', other: 'shop' })), false);
    assert.is(valueText(labels), [`${name}=shop`, 'tier=web'].sort().join(', '));
  });
}

test.run();
