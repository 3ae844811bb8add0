// Whether a bundle would have shown a finding of the other one: only then may it be called new there, or fixed here.

import { factTypes } from '../facts/parsers.ts';
import type { ObjectRef } from '../findings/outcome.ts';
import { redactText } from '../report/redact-secrets.ts';
import type { Report, ReportFinding, ReportOutcome } from '../report/report.ts';
import type { Binding, Rule } from '../rules/rule.ts';
import { sourceName } from '../rules/rule.ts';
import { createGathered, type Sought, type WhyNot } from './gathered.ts';
import type { Side } from './side.ts';

/**
 * `examined`: the rule looked at this very thing. `gone`: the thing is not there. `unknown`: the data is not there.
 * `silent`: the rule ran with all it needs, and only a report is there, which does not tell whether the thing is.
 */
export interface Judgement {
  readonly state: 'examined' | 'gone' | 'silent' | 'unknown';
  readonly why: string;
}
export type Judge = (finding: ReportFinding) => Judgement;

const unknown = (why: string): Judgement => ({ state: 'unknown', why: redactText(why) });
const gone = (why: string): Judgement => ({ state: 'gone', why });
const examined: Judgement = { state: 'examined', why: '' };

/** `from` is the side of the finding, `to` the one that does not have it. */
export function createJudge(from: Side, to: Side, rules: ReadonlyMap<string, Rule>, otherCluster: boolean): Judge {
  const outcomes = new Map(to.report.outcomes.map((outcome) => [outcome.rule, outcome]));
  const before = new Map(from.report.outcomes.map((outcome) => [outcome.rule, outcome]));
  const whyNot = createGathered(to);
  const unlisted = unlistedRules(to.report);
  return (finding) => {
    if (otherCluster) return unknown('the two bundles are of different clusters');
    const outcome = outcomes.get(finding.rule);
    const answer = outcomeAnswer(outcome, to.which);
    if (answer) return answer;
    if (outcome === undefined) return unknown('');
    if (unlisted.some((path) => path.includes(finding.rule)))
      return unknown(`not all findings of the rule are listed ${to.which} (LIMIT_FINDINGS)`);
    const bindings = rules.get(finding.rule)?.given ?? [];
    const case_: Case = { finding, outcome, before: before.get(finding.rule), from, to, bindings, whyNot };
    return to.facts ? withFacts(case_) : withReport(case_);
  };
}

interface Case {
  readonly finding: ReportFinding;
  readonly outcome: ReportOutcome;
  /** What the rule said on the side of the finding. */
  readonly before: ReportOutcome | undefined;
  readonly from: Side;
  readonly to: Side;
  readonly bindings: readonly Binding[];
  readonly whyNot: WhyNot;
}

function outcomeAnswer(outcome: ReportOutcome | undefined, which: string): Judgement | undefined {
  if (!outcome) return unknown(`the rule did not run ${which}`);
  const [error] = outcome.errors;
  if (outcome.verdict === 'error' || error !== undefined) return unknown(`the rule broke ${which}: ${error ?? ''}`);
  if (outcome.verdict !== 'no-data') return undefined;
  const files = outcome.hints.flatMap((hint) => hint.files).slice(0, 2);
  const more = files.length > 0 ? `; ${files.join(' or ')} would have told` : '';
  return unknown(`${outcome.missing.join(', ')} is missing ${which}${more}`);
}

/** Gaps of rules are named by their files, `pack/rule.yaml`. */
const unlistedRules = ({ coverage }: Report): string[] =>
  coverage.gaps.filter(({ code }) => code === 'LIMIT_FINDINGS').map(({ path }) => `${path}`);

function withFacts(each: Case): Judgement {
  const { finding, outcome, from, to, whyNot } = each;
  for (const object of finding.objects) {
    // What no fact of either side names cannot be looked for.
    if (to.hasObject(object) !== false) continue;
    if (from.facts && from.hasObject(object) !== true) continue;
    const why = whyNot(soughtObject(object, each));
    return why === undefined ? gone(`${nameOf(object)} is not there ${to.which}`) : unknown(why);
  }
  for (const evidence of finding.evidence) {
    const binding = each.bindings.find(({ name }) => name === evidence.binding);
    const sought = soughtEvidence(evidence.path, binding, each);
    const why = isInSight(binding, each) ? gapOnly(whyNot(sought)) : whyNot(sought);
    if (why !== undefined) return unknown(why);
  }
  const lacking = outcome.missing.find((name) => !isInScope(name, finding, to));
  if (lacking !== undefined)
    return unknown(
      `${lacking} is missing ${to.which} of what it speaks of, or of something else that the rule looks at`,
    );
  if (outcome.examined === 0) return gone(`the rule found nothing to look at ${to.which}`);
  return saidOnce(each) ?? examined;
}

/** An event is kept for hours, and a log is of its own time: that neither says it again is less than a setting that is right now. */
function saidOnce({ finding, bindings, to }: Case): Judgement | undefined {
  const cited = new Set(finding.evidence.map(({ binding }) => binding));
  const used = bindings.filter(({ name }) => cited.has(name));
  if (used.some((binding) => binding.is === 'fact' && binding.fact === 'Event'))
    return gone(`the event is not there ${to.which}; events are kept for hours`);
  if (!used.some(({ is }) => is === 'log')) return undefined;
  return { state: 'examined', why: `its log was read ${to.which}, and does not say it` };
}

const gapOnly = (why: string | undefined): string | undefined =>
  why !== undefined && /could not be read|is cut/.test(why) ? why : undefined;

/** The type that an evidence is of is there for the same object or node, whichever file told it. */
function isInSight(binding: Binding | undefined, { finding, to }: Case): boolean {
  if (binding?.is !== 'fact') return false;
  const type = factTypes.find(({ name }) => name === binding.fact);
  if (!type) return false;
  const { object, fields } = type;
  const facts = to.read(binding.fact);
  return finding.objects.some((each) =>
    facts.some(({ value }) => {
      if (object?.name !== undefined && each.kind !== 'Node')
        return value[object.name] === each.name && (value[object.namespace ?? ''] ?? '') === (each.namespace ?? '');
      const node = each.node ?? (each.kind === 'Node' ? each.name : undefined);
      const own = object?.kind === 'Node' && object.name !== undefined ? value[object.name] : value.node;
      return 'node' in fields || object?.kind === 'Node' ? node !== undefined && own === node : false;
    }),
  );
}

function soughtObject(object: ObjectRef, { finding, from }: Case): Sought {
  const type = factTypes.find(({ object: naming, name }) => naming?.kind === object.kind && from.read(name).length > 0);
  const fact =
    type &&
    from
      .read(type.name)
      .find(
        ({ value }) =>
          value[type.object?.name ?? ''] === object.name &&
          (value[type.object?.namespace ?? ''] ?? '') === (object.namespace ?? ''),
      );
  const path = fact?.path ?? finding.evidence[0]?.path ?? '';
  const isListed = type !== undefined && from.read(type.name).filter((each) => each.path === path).length > 1;
  const place = from.place(path);
  return {
    ...(type && { type: type.name }),
    ...(object.namespace !== undefined && { namespace: object.namespace }),
    ...(object.kind === 'Node' && object.name !== undefined && place.node === object.name && { node: object.name }),
    place,
    isListed,
  };
}

function soughtEvidence(path: string, binding: Binding | undefined, { finding, from }: Case): Sought {
  const place = from.place(path);
  const type = binding?.is === 'fact' ? binding.fact : undefined;
  const namespace = finding.objects.find((object) => object.namespace !== undefined)?.namespace;
  const isOfNamespace =
    type !== undefined && 'namespace' in (factTypes.find(({ name }) => name === type)?.fields ?? {});
  const isListed = type !== undefined && from.read(type).filter((each) => each.path === path).length > 1;
  return {
    ...(type !== undefined && { type }),
    ...(isOfNamespace && namespace !== undefined && { namespace }),
    ...(place.node !== '' && { node: place.node }),
    place,
    isListed,
  };
}

/** What some subject lacks is there where this finding lies. */
function isInScope(name: string, { objects }: ReportFinding, to: Side): boolean {
  const type = factTypes.find((each) => each.name === name);
  const nodes = objects.flatMap(({ kind, name: own, node }) => node ?? (kind === 'Node' ? (own ?? []) : []));
  if (!type) return to.facts !== undefined && nodes.some((node) => to.facts?.logSources(name, { node }) ?? 0);
  const namespaces = objects.flatMap(({ namespace }) => namespace ?? []);
  return to.read(name).some(({ value }) => {
    if ('node' in type.fields) return typeof value.node === 'string' && nodes.includes(value.node);
    if ('namespace' in type.fields) return typeof value.namespace === 'string' && namespaces.includes(value.namespace);
    return true;
  });
}

/** A report tells less: what it names is there, and a rule that looked at as many things as before lost none. */
function withReport({ finding, outcome, before, to, from, whyNot, bindings }: Case): Judgement {
  const [cut] = finding.evidence.flatMap(({ path, binding }) => {
    const type = bindings.find(({ name }) => name === binding);
    const why = whyNot({ ...(type && { type: sourceName(type) }), place: from.place(path), isListed: true });
    return gapOnly(why) ?? [];
  });
  if (cut !== undefined) return unknown(cut);
  if (outcome.missing.length > 0)
    return unknown(`${outcome.missing.join(', ')} is missing ${to.which} of some of what the rule looks at`);
  const { namespace } = finding.objects.find((object) => object.namespace !== undefined) ?? {};
  const toldOf = finding.objects.every((object) => isNamed(object, to.report));
  const lost = outcome.examined < (before?.examined ?? 0);
  if (toldOf && !lost && outcome.examined > 0) return examined;
  if (namespace !== undefined && !to.hasNamespace(namespace))
    return unknown(
      `the report ${to.which} does not tell whether namespace ${namespace} was gathered; give the bundle itself`,
    );
  if (lost)
    return unknown(
      `the rule looked at ${outcome.examined} things ${to.which}, and at ${before?.examined ?? 0} on the other side; give the bundle itself to tell which`,
    );
  return { state: 'silent', why: '' };
}

function isNamed(object: ObjectRef, { findings, timeline, bundle, nodes = [] }: Report): boolean {
  if (object.kind === 'Node') {
    const name = object.name ?? object.node ?? '';
    return bundle.nodes.includes(name) || nodes.some((node) => node.name === name);
  }
  const isIt = (other: ObjectRef | undefined) =>
    other !== undefined &&
    other.kind === object.kind &&
    other.namespace === object.namespace &&
    other.name === object.name;
  return findings.some(({ objects }) => objects.some(isIt)) || timeline.some((moment) => isIt(moment.object));
}

const nameOf = ({ kind, namespace, name = '' }: ObjectRef): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
