// Two hundred generated cases: every planted difference is found, and nothing else is.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readTexts } from '../../src/facts/read-texts.ts';
import { evaluate } from '../../src/findings/evaluate.ts';
import type { Finding } from '../../src/findings/outcome.ts';
import { compileRules } from '../../src/rules/compile.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';
import { generateCase, type PlantedKind } from './generate-case.ts';
import { plantings } from './plantings.ts';

const packs = ['resources-cgroup', 'cpu-topology', 'sysctl', 'filesystem', 'cgroup-version', 'swap'];
const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs });
const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
const compiled = compileRules(knowledge.rules, knowledge.vocabulary);

test('every planted difference is found, and nothing else', () => {
  const differences: string[] = [];
  const occurred: PlantedKind[] = [];
  const unproven = new Set(reconciling);
  for (const seed of seeds) {
    const { files, expected, planted } = generateCase(seed);
    occurred.push(...planted);
    const { store, unclaimed, problems } = readTexts(files, knowledge);
    const outcomes = evaluate(compiled, store);
    const findings = outcomes.flatMap((outcome): readonly Finding[] => outcome.findings);
    const said = [
      ...unclaimed.map((path) => `no pattern claims ${path}`),
      ...problems,
      ...outcomes.flatMap(({ rule, errors }) => errors.map((error) => `${rule} broke: ${error}`)),
      ...differencesOf(expected.map(lineOf), findings.map(lineOf)),
      ...findings.flatMap(withoutProof),
    ];
    for (const { rule } of findings) unproven.delete(rule);
    differences.push(...said.map((each) => `seed ${seed}: ${each}`));
  }
  assert.is(differences.join('\n'), '');
  assert.is(rareOnes(occurred).join('\n'), '');
  const lacks = [...unproven].map((rule) => `${rule} reconciles, and nothing planted makes it fail: add a planting`);
  assert.is(lacks.join('\n'), '');
});

const lineOf = ({ rule, subject }: { readonly rule: string; readonly subject: string }): string => `${rule} ${subject}`;

/** As lists: what is found twice was planted twice. */
function differencesOf(expected: readonly string[], found: readonly string[]): string[] {
  const left = [...found];
  const missed = expected.filter((line) => {
    const place = left.indexOf(line);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
  return [...missed.sort().map((line) => `not found: ${line}`), ...left.sort().map((line) => `not planted: ${line}`)];
}

/** Each finding shows its lines, and one that reconciles shows both sides. */
function withoutProof({ rule, subject, evidence, reconciles }: Finding): string[] {
  const isShown = evidence.every(({ path, span: [first, last] }) => path !== '' && first >= 1 && last >= first);
  const sides = reconciles ? [reconciles.what, reconciles.asked.text, reconciles.got.text] : ['-'];
  const isWhole = sides.every((text) => text !== '') && (reconciles !== undefined) === reconciling.has(rule);
  return isShown && isWhole ? [] : [`${rule} ${subject} does not show what it says`];
}

const reconciling = new Set(knowledge.rules.filter((rule) => rule.reconciles !== undefined).map(({ id }) => id));

/** Each kind at least five times, on each version and each driver that it can be on. */
function rareOnes(occurred: readonly PlantedKind[]): string[] {
  return plantings.flatMap(({ kind, only }) => {
    const mine = occurred.filter((each) => each.kind === kind);
    const places = [
      ...(only === undefined ? ['v1', 'v2'] : [only]).map(
        (name) => [name, mine.filter(({ version }) => version === name)] as const,
      ),
      ...['systemd', 'cgroupfs'].map((name) => [name, mine.filter(({ driver }) => driver === name)] as const),
    ];
    return places.flatMap(([name, those]) =>
      those.length < 5 ? [`${kind} was planted ${those.length} times with ${name}`] : [],
    );
  });
}

test.run();
