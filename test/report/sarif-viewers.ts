// What viewers of SARIF ask for beyond the schema: GitHub code scanning names these as required, with these limits.

import type { SarifRun } from './sarif-schema.ts';

/** Complaints about one run. */
export function viewerComplaints({ tool, results }: SarifRun): string[] {
  const { rules } = tool.driver;
  const complaints: string[] = [];
  const expect = (holds: boolean, sentence: string) => complaints.push(...(holds ? [] : [sentence]));
  expect(rules.length <= 25_000 && results.length <= 25_000, 'too many rules or results');
  expect(new Set(rules.map(({ id }) => id)).size === rules.length, 'two rules with one id');
  for (const { id, shortDescription, fullDescription, help, defaultConfiguration, properties } of rules) {
    for (const text of [id, shortDescription.text, fullDescription?.text, help?.text]) expect(!!text, `${id}: no text`);
    for (const text of [shortDescription.text, fullDescription?.text])
      expect((text ?? '').length <= 1024, `${id}: a description too long`);
    expect(properties.tags.length <= 20, `${id}: too many tags`);
    expect(/^(?:error|warning|note)$/.test(defaultConfiguration?.level ?? ''), `${id}: no level`);
  }
  for (const { ruleId, ruleIndex, message, locations, relatedLocations, partialFingerprints } of results) {
    expect(rules[ruleIndex]?.id === ruleId, `${ruleId} leads to another rule`);
    expect(message.text !== '', `${ruleId}: no message`);
    expect(locations.length === 1 && relatedLocations.length < 1000, `${ruleId}: ${locations.length} locations`);
    const { artifactLocation, region } = locations[0]?.physicalLocation ?? { artifactLocation: {} };
    expect(!!artifactLocation.uri && !/^[a-z][a-z0-9+.-]*:|^\//i.test(artifactLocation.uri), `${ruleId}: no address`);
    expect(!!region && region.startLine >= 1 && region.endLine >= region.startLine, `${ruleId}: no lines`);
    expect(Object.values(partialFingerprints).every(Boolean), `${ruleId}: no fingerprint`);
    expect(
      relatedLocations.every(({ id }) => id !== undefined),
      `${ruleId}: a related location without id`,
    );
  }
  return complaints;
}
