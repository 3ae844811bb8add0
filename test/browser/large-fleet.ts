// An index over many bundles, made up: versions, platforms, clusters with several runs, and a hundred rules that fire here and there.

import type { Severity } from '../../src/findings/outcome.ts';
import { ruleKey } from '../../src/report/fleet/entry.ts';
import type { IndexCluster } from '../../src/report/fleet/fleet-index.ts';
import { type IndexEntry, type IndexPages, renderIndex } from '../../src/report/render-index.ts';

const severities: readonly Severity[] = ['critical', 'error', 'warning', 'warning', 'warning', 'info'];
const platforms = ['AWS', 'Azure', 'BareMetal', 'VSphere', 'None'];
const day = (at: number): string => `2026-0${1 + (at % 9)}-1${at % 10}T0${at % 10}:15:00Z`;

/** The same numbers every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function largeFleet(bundles: number, rules = 100): IndexPages {
  const entries = Array.from({ length: bundles }, (_, at) => entryOf(at, rules));
  const failures = Array.from({ length: Math.ceil(bundles / 50) }, (_, at) => ({
    name: `must-gather-broken-${at}`,
    reason: 'this is no archive of a known kind: it begins with «<!doctype html>»',
  }));
  return renderIndex(entries, failures, clustersOf(entries));
}

function entryOf(at: number, ruleCount: number): IndexEntry {
  const next = numbers(at * 7919 + 13);
  const often = at % 97 === 5 ? 3 : 12;
  const names = Array.from({ length: ruleCount }, (_, rule) => `rule-${rule}-says-something-of-nodes`);
  const isNode = at % 5 === 4;
  const firing = names.filter((_, rule) => next(often + rule / 4) === 0 && !(isNode && rule % 2 === 0));
  const calm = names.filter((name) => !firing.includes(name));
  const keys = (of: readonly string[]): string => of.map(ruleKey).sort().join('');
  const noData = calm.filter((name) => isNode && names.indexOf(name) % 2 === 0);
  const pass = calm.filter((name) => !noData.includes(name));
  return {
    name: isNode ? `sosreport-worker-${at}-2026-09-01-abcdefg` : `must-gather-customer-${at}-shop`,
    folder: `bundle ${at}`,
    page: 'report.html',
    kinds: [isNode ? 'sosreport' : 'must-gather'],
    gatheredAt: day(at),
    ...(!isNode && {
      cluster: {
        id: `6f1e2b50-0000-4000-8000-${String(at % Math.ceil(bundlesOfCluster(at))).padStart(12, '0')}`,
        version: `4.${12 + (at % 7)}.${at % 31}`,
        platform: platforms[at % platforms.length] ?? '',
      },
    }),
    rules: severities
      .filter((severity, place) => severities.indexOf(severity) === place)
      .flatMap((severity) =>
        firing
          .filter((name) => severityOf(name) === severity)
          .map((rule) => ({
            rule,
            title: `Something of the \`nodes\` is not as it should be (${rule.split('-')[1]})`,
            severity,
            subjects: 1 + next(9),
          })),
      ),
    verdicts: { fail: firing.length, pass: pass.length, 'not-applicable': 0, 'no-data': noData.length, error: 0 },
    others: { pass: keys(pass), 'not-applicable': '', 'no-data': keys(noData), error: '' },
    gaps: at % 11 === 0 ? 3 : 0,
  };
}

const severityOf = (rule: string): Severity => severities[Number(rule.split('-')[1]) % severities.length] ?? 'info';
const bundlesOfCluster = (at: number): number => Math.max(1, Math.floor(at / 2) + 1);

function clustersOf(entries: readonly IndexEntry[]): IndexCluster[] {
  const clusters: IndexCluster[] = [];
  for (let at = 0; at + 1 < entries.length && clusters.length < entries.length / 8; at += 5) {
    const runs = entries.slice(at, at + 3).sort((a, b) => ((a.gatheredAt ?? '') < (b.gatheredAt ?? '') ? -1 : 1));
    clusters.push({
      id: `6f1e2b50-0000-4000-8000-${String(at).padStart(12, '0')}`,
      runs: runs.map(({ folder, name, gatheredAt, rules }, place) => ({
        folder,
        page: 'report.html',
        names: [name],
        ...(gatheredAt && { gatheredAt }),
        ...(place > 0 && {
          since: {
            folder: runs[place - 1]?.folder ?? '',
            new: {
              count: rules.length % 4,
              findings: rules.slice(0, rules.length % 4).map(({ rule, title, severity }) => ({
                ...{ id: ruleKey(rule), rule, title, severity },
                subject: 'pod shop/checkout-0, container api',
              })),
            },
            changed: 1,
            still: rules.length,
            fixed: { count: at % 3, findings: [] },
            gone: 0,
            notComparable: at % 4,
          },
        }),
      })),
    });
  }
  return clusters;
}
