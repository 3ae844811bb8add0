// All that Drydock knows, loaded once: where files lie, the rules, and what both ask of a bundle.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Catalogue, loadCatalogue } from '../bundle/catalogue.ts';
import { checkedLayoutsName } from '../bundle/checked-layouts.ts';
import type { Demand } from '../facts/parse-source.ts';
import { factTypes } from '../facts/parsers.ts';
import { tracedFactTypes, tracedPacks } from '../models/path/fact-types.ts';
import { checkedSettingsName } from './checked-settings.ts';
import { findRuleFiles, loadRules } from './load-rules.ts';
import type { Rule, RuleProblem, Vocabulary } from './rule.ts';
import { loadSettings } from './settings.ts';
import { wantedOf } from './wanted.ts';

export interface Knowledge {
  readonly catalogue: Catalogue;
  readonly rules: readonly Rule[];
  /** Rule files, or parts of them, that cannot be used; the others can. */
  readonly problems: readonly RuleProblem[];
  readonly vocabulary: Vocabulary;
  readonly demand: Demand;
  /** `sha256:…` over the rule files in use and the settings. */
  readonly digest: string;
}

export interface KnowledgeOptions {
  readonly builtin: boolean;
  readonly ruleDirs: readonly string[];
  /** Only these packs; empty takes all. */
  readonly packs: readonly string[];
  readonly settingsFile?: string | undefined;
  /** Read every fact, also those that no rule asks for. */
  readonly everything?: boolean | undefined;
  /** Check every rule and layout anew, also those that are kept as checked. */
  readonly anew?: boolean | undefined;
}

/** The folder of the built-in rules. */
const home = fileURLToPath(new URL('../../rules/', import.meta.url));
/** What the head of a report and the naming of nodes need, whatever the rules ask for. */
const always = [
  'GatherTime',
  'Hostname',
  'MachineId',
  'SystemUuid',
  'InterfaceAddress',
  'KubernetesNode',
  'ClusterVersion',
  'Infrastructure',
  'Event',
  'NodeCondition',
  // What the pictures of a report draw beside these; certificates only where rules ask for them.
  'ClockSync',
  'ClusterOperatorCondition',
  'Container',
  'MachineConfigPool',
  'NodeMemory',
  'Pod',
  'Uptime',
  'Workload',
];

/** Throws when the catalogue itself is broken; a broken rule is a problem and costs itself alone. */
export function loadKnowledge(options: KnowledgeOptions): Knowledge {
  const kept = (name: string) => (options.anew ? undefined : `${home}${name}`);
  const catalogue = loadCatalogue([`${home}sources`], kept(checkedLayoutsName));
  const { settings, problems: settingProblems } = loadSettings(
    `${home}settings.yaml`,
    options.settingsFile,
    kept(checkedSettingsName),
  );
  const vocabulary: Vocabulary = { factTypes, logs: [...catalogue.logs.keys()], settings };
  const dirs = [...(options.builtin ? [home] : []), ...options.ruleDirs];
  // Own rules may explain built-in ones, also where these do not run.
  const alsoKnown = options.builtin ? [] : findRuleFiles(home).map(({ name }) => name);
  const loaded = loadRules(dirs, vocabulary, options.anew || !options.builtin ? undefined : home, alsoKnown);
  const rules = loaded.rules.filter(({ pack }) => options.packs.length === 0 || options.packs.includes(pack));
  const wanted = wantedOf(rules);
  const traced = rules.some(({ pack }) => tracedPacks.has(pack)) ? tracedFactTypes : [];
  return {
    catalogue,
    rules,
    problems: [...settingProblems, ...loaded.problems],
    vocabulary,
    demand: {
      factTypes: options.everything ? 'all' : new Set([...always, ...traced, ...wanted.factTypes]),
      objects: options.everything ? 'all' : wanted.objects,
      logPatterns: wanted.logPatterns,
      logs: catalogue.logs,
    },
    digest: digestOf(rules, settings),
  };
}

function digestOf(rules: readonly Rule[], settings: Vocabulary['settings']): string {
  const hash = createHash('sha256');
  for (const { id, file } of [...rules].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    hash.update(`${id}\0`).update(readFileSync(file, 'utf8'));
  }
  const values = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return `sha256:${hash.update(JSON.stringify(values)).digest('hex')}`;
}
