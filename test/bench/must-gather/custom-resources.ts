// Definitions of custom resources: the largest objects of a cluster, and of little use to a rule.

import { metadata, started } from './pods.ts';
import type { Mapping, Value } from './print-yaml.ts';
import { seeded } from './random.ts';

/** A long schema, as those of the some 250 that every such cluster has. */
export function customResourceDefinition(index: number): Mapping {
  const random = seeded(`crd/${index}`);
  const words =
    'accessMode capacity duration endpoint image interval label limit mode namespace policy port reference replica resource schedule selector size strategy target template threshold timeout version volume'.split(
      ' ',
    );
  const properties = (depth: number, count: number): Value =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => {
        const description = `${random.pick(words)} says what the ${random.pick(words)} of the ${random.pick(words)} is, and defaults to that of the ${random.pick(words)} where it is not given.`;
        const name = `${random.pick(words)}${at}`;
        return [
          name,
          depth === 0
            ? { description, type: 'string' }
            : { description, properties: properties(depth - 1, 4), type: 'object' },
        ];
      }),
    );
  const plural = `benches${index}`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: metadata('CustomResourceDefinition', '', `${plural}.bench.example.com`),
    spec: {
      conversion: { strategy: 'None' },
      group: 'bench.example.com',
      names: { kind: `Bench${index}`, listKind: `Bench${index}List`, plural, singular: `bench${index}` },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          schema: { openAPIV3Schema: { properties: properties(2, 10), type: 'object' } },
          served: true,
          storage: true,
        },
      ],
    },
    status: {
      acceptedNames: { kind: `Bench${index}`, listKind: `Bench${index}List`, plural, singular: `bench${index}` },
      conditions: [
        {
          lastTransitionTime: started,
          message: 'no conflicts found',
          reason: 'NoConflicts',
          status: 'True',
          type: 'NamesAccepted',
        },
        {
          lastTransitionTime: started,
          message: 'the initial names have been accepted',
          reason: 'InitialNamesAccepted',
          status: 'True',
          type: 'Established',
        },
      ],
      storedVersions: ['v1'],
    },
  };
}
