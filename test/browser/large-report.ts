// A report of ten thousand findings, as an archive of a large and very sick cluster gives one; the same at every call.

import type { ReportEvidence, ReportFinding, ReportOutcome } from '../../src/report/report.ts';
import { type Report, reportSchema } from '../../src/report/report.ts';

const packs = [
  'nodes',
  'network',
  'dns',
  'storage',
  'etcd',
  'images',
  'cgroups',
  'certificates',
  'workloads',
  'operators',
];
const words =
  'the kubelet of this node waits for a volume while its container restarts and no endpoint answers in time'.split(' ');
const folder = 'must-gather.local.5216370/quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-eede85a0b1c2d3e4f5/';

/** Numbers below a bound, in an order that looks like chance and is none. */
function numbers(): (below: number) => number {
  let state = 20_240_305;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const reconciled = (name: string, node: string, evidence: ReportEvidence) => ({
  what: 'CPU limit',
  event: false,
  of: `${name} on ${node}`,
  asked: { text: 'limit 2', evidence },
  got: { text: 'quota 100000 of 100000', evidence },
});

export function largeReport(findingCount = 10_000, ruleCount = 400): Report {
  const below = numbers();
  const sentence = (length: number) => Array.from({ length }, () => words[below(words.length)]).join(' ');
  const hex = (length: number) => Array.from({ length }, () => below(16).toString(16)).join('');
  const rules = Array.from({ length: ruleCount }, (_, at) => ({
    rule: `${words[at % words.length]}-${words[(at * 7) % words.length]}-${at}`,
    pack: packs[at % packs.length] ?? '',
    severity: (['critical', 'error', 'warning', 'warning', 'info'] as const)[at % 5] ?? 'info',
    title: `Rule ${at}: ${sentence(7)}`,
    meaning: `${sentence(30)}.`,
    impact: `${sentence(25)}.`,
    diagnosis: `1. \`oc get pods -n NAMESPACE\`\n2. ${sentence(20)}\n\n\`\`\`sh\noc adm node-logs NODE -u kubelet | grep '${sentence(3)}'\n\`\`\``,
    remediation: `1. ${sentence(18)}\n2. ${sentence(14)}`,
  }));
  const line = () =>
    below(3) === 0
      ? `            "${words[below(19)]}": "${sentence(4)}",`
      : `    ${words[below(19)]}: '${sentence(6)}'`;
  const evidence = (path: string): ReportEvidence => {
    const first = 1 + below(9000);
    const length = below(12) === 0 ? 40 : 2 + below(12);
    const lines = Array.from({ length }, line);
    return { path, first, last: first + length - 1, excerpt: lines.join('\n'), binding: words[below(19)] ?? '' };
  };
  // Half of the findings of a rule point at the same place beside their own, e.g. the machine configuration.
  const shared = rules.map(({ pack }) =>
    evidence(`${folder}cluster-scoped-resources/${pack}.openshift.io/cluster.yaml`),
  );
  const findings = Array.from({ length: findingCount }, (_, at): ReportFinding => {
    const which = at % 3 === 0 ? below(ruleCount) : below(ruleCount / 8);
    const rule = rules[which];
    if (!rule) throw new Error(`no rule ${which}`);
    const namespace = `team-${below(120)}`;
    const node = `worker-${below(60)}.cluster.example.com`;
    const name = `${words[below(19)]}-${hex(9)}-${hex(5)}`;
    const own = Array.from({ length: 1 + below(3) }, () =>
      evidence(`${folder}namespaces/${namespace}/pods/${name}/${name}.yaml`),
    );
    return {
      ...rule,
      id: hex(64),
      catalog: [`CAT-${which}`],
      status: 'stable',
      falsePositives: [`${sentence(12)}.`],
      references: [`https://docs.example.com/${rule.rule}`],
      subject: `${namespace}/${name}, container ${words[below(19)]}`,
      message: `Restarted ${below(500)} times on ${node}: ${sentence(6)}.`,
      objects: [{ kind: 'Pod', namespace, name, node }],
      evidence: below(2) === 0 ? own : [...own, shared[which] as ReportEvidence],
      ...(at % 20 === 0 && { reconciles: reconciled(name, node, own[0] as ReportEvidence) }),
    };
  });
  const rank = { critical: 0, error: 1, warning: 2, info: 3 };
  findings.sort((a, b) => rank[a.severity] - rank[b.severity] || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0));
  const failing = new Set(findings.map(({ rule }) => rule));
  const outcomes = [
    ...rules,
    ...Array.from({ length: 300 }, (_, at) => ({
      rule: `quiet-${at}`,
      pack: packs[at % 10] ?? '',
      title: sentence(6),
    })),
  ];
  return {
    schema: reportSchema,
    tool: { name: 'drydock', version: '1.0.0', rulesDigest: `sha256:${hex(64)}` },
    bundle: {
      name: 'must-gather-large',
      kinds: ['must-gather'],
      gatheredAt: '2024-03-05T10:00:00Z',
      cluster: { id: 'c', version: '4.16.8', platform: 'AWS' },
      nodes: Array.from({ length: 60 }, (_, at) => `worker-${at}.cluster.example.com`),
      inputs: [{ path: 'must-gather.tar.gz', sha256: hex(64), bytes: 10 ** 9 }],
    },
    findings,
    groups: [],
    outcomes: outcomes.map(({ rule, pack, title }, at): ReportOutcome => {
      const verdict = failing.has(rule) ? 'fail' : at % 3 === 0 ? 'no-data' : 'pass';
      const missing = verdict === 'no-data' ? [`Fact${at % 40}`] : [];
      return {
        rule,
        title,
        pack,
        verdict,
        examined: verdict === 'no-data' ? 0 : 200,
        missing,
        errors: [],
        hints: missing.map((name) => ({ missing: name, files: [`nodes/<node>/${name}.txt`, `sos_commands/${name}`] })),
      };
    }),
    timeline: Array.from({ length: 5000 }, (_, at) => ({
      time: new Date(Date.UTC(2024, 2, 1) + at * 60_000).toISOString(),
      clock: `worker-${at % 60}.cluster.example.com`,
      subject: `team-${at % 120}/pod-${at}`,
      text: sentence(5),
      evidence: { path: `${folder}namespaces/team-${at % 120}/core/events.yaml`, first: at + 1, last: at + 9 },
    })),
    paths: [],
    coverage: {
      entries: 60_000,
      analysed: 30_000,
      empty: 1000,
      notRelevant: 24_000,
      gap: 5000,
      gaps: Array.from({ length: 5000 }, (_, at) => ({
        code: (['YAML_SYNTAX', 'FILE_TRUNCATED', 'COLLECTION_ERROR'] as const)[at % 3] ?? 'YAML_SYNTAX',
        path: `${folder}namespaces/team-${at % 120}/pods/${at}.yaml`,
        detail: sentence(10),
      })),
      infos: Array.from({ length: 1000 }, (_, at) => ({
        code: 'FILE_EMPTY' as const,
        path: `${folder}x/${at}`,
        detail: '0 bytes',
      })),
    },
  };
}
