// A report rich in cases, built by hand: 200 equal findings, hostile names, secrets, long lines, no-data, errors, gaps.

import type { Gap, Info } from '../../src/bundle/coverage.ts';
import type { Finding, ObjectRef, Outcome, Severity } from '../../src/findings/outcome.ts';
import { buildReport, type ReportParts } from '../../src/report/build-report.ts';
import type { Report, RuleText } from '../../src/report/report.ts';
import { nodePortTrace, sdnTrace } from './path/sample-traces.ts';

const root = 'must-gather/quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-eede85';

const texts: Record<string, Partial<RuleText> & { title: string; pack: string }> = {
  'etcd-member-unhealthy': {
    title: 'An etcd member does not answer',
    pack: 'etcd',
    catalog: ['ETCD-002'],
    meaning: 'The member `master-2` is in the member list, and its endpoint did not answer within 5 s.',
    impact: 'One more lost member takes the API down. Writes are slower until then.',
    diagnosis:
      'Compare `etcdctl endpoint status -w table` on each control-plane node:\n\n```sh\noc -n openshift-etcd rsh etcd-master-0 etcdctl endpoint health --cluster\n```\n\nA member with a much older raft index was away for longer than the compaction interval.',
    remediation:
      '1. See whether the node is up and the disk is not full.\n2. If the data folder is damaged, remove the member and let the operator add it again.\n3. Do **not** restart the other members meanwhile.',
    falsePositives: ['During an upgrade one member is restarted at a time; look at the gathering time.'],
    references: ['https://etcd.io/docs/v3.5/op-guide/recovery/', 'javascript:alert(1)'],
  },
  'odd-exclusive-cpus': {
    title: 'Exclusive CPUs split a physical core between two containers',
    pack: 'cpu-topology',
    catalog: ['CPU-001', 'CPU-017'],
    meaning: 'The container has an odd number of exclusive CPUs on a machine with two threads a core.',
    impact: 'A neighbour on the sibling thread takes up to a third of the speed, and latency becomes uneven.',
    diagnosis: 'Compare `cpuset.cpus` of the container with the siblings in `lscpu -e`.',
    remediation: 'Request an even number of CPUs, or set the kubelet option `full-pcpus-only`.',
    references: ['https://kubernetes.io/docs/tasks/administer-cluster/cpu-management-policies/'],
  },
  'unset-memory-limit': {
    title: 'Container has no memory limit',
    pack: 'containers',
    catalog: ['MEM-004'],
    meaning: 'The pod spec sets no memory limit for this container.',
    impact: 'A leak is stopped by the node running out, and the kernel may then kill another workload.',
    diagnosis: "Compare `memory.current` with `memory.max` in the container's cgroup.",
    remediation: 'Set `resources.limits.memory`, or a LimitRange for the namespace.',
    falsePositives: ['System components that are protected by a node-level reservation.'],
  },
  'certificate-expires-soon': {
    title: 'A certificate ends within 30 days',
    pack: 'certificates',
    catalog: ['CRT-003'],
    status: 'experimental',
    meaning: 'The annotation `auth.openshift.io/certificate-not-after` lies less than 30 days after the gathering.',
    remediation: 'Most are renewed by their operator at 80 % of their life. See why this one was not.',
  },
  'hostile-names': {
    title: '<script>alert(1)</script> [x](javascript:alert(1)) `code` | pipe',
    pack: 'torture',
    meaning: '<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![t](http://evil.example/track.png) {{x}}',
    remediation: '# a heading\n\n|a|b|\n|:-|-:|\n|1|2|\n\n[good](https://example.com/) [bad](//evil.example)',
    references: ['ms-msdt:/id', 'https://example.com/?q="><script>'],
  },
  'kubelet-clock-behind': {
    title: 'The clock of a node runs behind the others',
    pack: 'time',
    catalog: ['NTP-002'],
    meaning: 'The offset that chrony states is above 100 ms.',
    remediation: 'See whether the time source is reachable from this node.',
  },
  'old-cluster-version': {
    title: 'The cluster version no longer gets updates',
    pack: 'cluster',
    meaning: 'OpenShift 4.8 left maintenance on 2023-01-27.',
  },
};

const rulesWithoutFinding = [
  ['swap-on', 'Swap is on', 'nodes', 'pass', 6, []],
  ['degraded-operator', 'A cluster operator is degraded', 'cluster', 'pass', 31, []],
  ['unready-node', 'A node is not ready', 'nodes', 'pass', 6, []],
  ['crash-loop', 'A container restarts again and again', 'containers', 'pass', 412, []],
  ['image-pull-failed', 'An image cannot be pulled', 'containers', 'pass', 412, []],
  ['pdb-blocks-drain', 'A PodDisruptionBudget lets no pod go', 'containers', 'pass', 18, []],
  ['conntrack-full', 'The connection tracking table is nearly full', 'network', 'no-data', 0, ['Sysctl', 'KernelLog']],
  ['mtu-mismatch', 'The pod network has a larger MTU than its carrier', 'network', 'no-data', 0, ['IpLink']],
  ['nat-chain-missing', 'A Service has no chain in the nat table', 'network', 'no-data', 0, ['IptablesChain']],
  ['nat-two-backends', 'Both iptables back ends hold nat rules', 'network', 'no-data', 0, ['IptablesChain']],
  ['reclaim-stall', 'Processes wait for memory reclaim', 'memory', 'no-data', 0, ['Vmstat']],
  ['throttled-container', 'A container is throttled by its CPU quota', 'cpu-topology', 'error', 12, []],
  ['ipvs-flag', 'IPVS scheduler is not loaded', 'network', 'not-applicable', 0, []],
  ['windows-node', 'A Windows node lacks the host process label', 'nodes', 'not-applicable', 0, []],
] as const;

const files: Record<string, readonly string[]> = {
  [`${root}/etcd_info/endpoint_health.json`]: [
    '[{"endpoint":"https://10.0.1.10:2379","health":true,"took":"9.1ms"},{"endpoint":"https://10.0.1.12:2379","health":false,"took":"5.0018s","error":"context deadline exceeded"}]',
  ],
  [`${root}/namespaces/openshift-config/core/secrets.yaml`]: [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    '  annotations:',
    '    auth.openshift.io/certificate-not-after: "2021-09-12T08:11:43Z"',
    '  name: webhook-serving-cert',
    'data:',
    '  tls.crt: Njg5MiBieXRlcyBsb25n',
    '  tls.key: c2VjcmV0LWtleS1tYXRlcmlhbC10aGF0LW11c3QtZ28=',
    'type: kubernetes.io/tls',
  ],
  'nodes/worker-1/chronyc_tracking': [
    'Reference ID    : 0A000102 (ntp1.example)',
    'Stratum         : 3',
    'Ref time (UTC)  : Tue Aug 24 13:41:02 2021',
    'System time     : 0.213402 seconds slow of NTP time',
    `Last offset     : -0.000112 seconds ${'x'.repeat(600)}`,
  ],
};

function linesOf(path: string, span: readonly [number, number]): readonly string[] {
  const kept = files[path];
  if (kept) return kept.slice(span[0] - 1, span[1]);
  if (path.includes('/pods/')) {
    return [
      '    - name: server',
      '      env:',
      '      - name: DB_PASSWORD',
      '        value: hunter2',
      '      resources:',
      '        requests:',
      '          cpu: 100m',
    ].slice(0, span[1] - span[0] + 1);
  }
  if (path.endsWith('status.yaml')) return Array.from({ length: span[1] - span[0] + 1 }, (_, at) => `  line: ${at}`);
  return [];
}

const finding = (
  rule: string,
  severity: Severity,
  subject: string,
  message: string,
  objects: readonly ObjectRef[],
  evidence: Finding['evidence'],
  times: readonly string[] = [],
): Finding => ({ rule, severity, subject, message, objects, evidence, times });

const namespaces = ['shop', 'payments', 'openshift-monitoring', 'search'];
const podsWithoutLimit = Array.from({ length: 200 }, (_, at) => {
  const namespace = namespaces[at % 7] ?? 'shop';
  const name = `checkout-${Math.floor(at / 3)}-${(at * 7919) % 997}`;
  const node = `worker-${(at % 5) + 1}`;
  return finding(
    'unset-memory-limit',
    'warning',
    `${namespace}/${name}, container server`,
    `Only the memory of ${node} bounds this container.`,
    [{ kind: 'Pod', namespace, name, node }],
    [{ path: `${root}/namespaces/${namespace}/pods/${name}/${name}.yaml`, span: [61, 67], binding: 'container' }],
  );
});

const exclusive = [3, 5, 7].map((cpus, at) =>
  finding(
    'odd-exclusive-cpus',
    'error',
    `shop/pricing-${at}, container engine`,
    `${cpus} exclusive CPUs on worker-${at + 1}, 2 threads a core: CPU ${cpus + 10} shares its core with another container.`,
    [{ kind: 'Pod', namespace: 'shop', name: `pricing-${at}`, node: `worker-${at + 1}` }],
    [
      { path: `${root}/namespaces/shop/pods/pricing-${at}/pricing-${at}.yaml`, span: [61, 67], binding: 'container' },
      { path: `nodes/worker-${at + 1}/lscpu`, span: [1, 33], binding: 'topology' },
    ],
  ),
);

export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '[x](javascript:alert(1)) ![t](http://evil.example/track.png) <http://evil.example>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of another language, which must stay text
  '{{constructor.constructor}} {{{x}}} ${7*7} <%= 7*7 %>',
  '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007 \u009b31m \u202e\u2066evil \u2028 \ud800',
  '`</code><script>alert(1)</script>` ``` @everyone #123 user@host | a | b |',
  "=cmd|'/c calc'!A1",
  '::warning file=x::injected\n# heading\n- item',
];

const hostile = hostileTexts.map((text, at) =>
  finding(
    'hostile-names',
    'warning',
    `pod ${text}`,
    `Says ${text}`,
    [{ kind: 'Pod', namespace: text, name: `evil-${at}`, node: text }],
    [{ path: `namespaces/${text}/x.yaml`, span: [at + 1, at + 1], binding: 'pod' }],
  ),
);

const outcomes: readonly Outcome[] = [
  failed('etcd-member-unhealthy', 3, [
    finding(
      'etcd-member-unhealthy',
      'critical',
      'etcd member https://10.0.1.12:2379',
      'No answer within 5 s: `context deadline exceeded`.',
      [{ kind: 'Node', name: 'master-2' }],
      [{ path: `${root}/etcd_info/endpoint_health.json`, span: [1, 1], binding: 'health' }],
      ['2021-08-24T13:52:07Z'],
    ),
  ]),
  failed('odd-exclusive-cpus', 12, exclusive),
  failed('unset-memory-limit', 412, podsWithoutLimit),
  failed('certificate-expires-soon', 88, [
    finding(
      'certificate-expires-soon',
      'warning',
      'openshift-config/webhook-serving-cert',
      'It ends on 2021-09-12, 19 days after the gathering.',
      [{ kind: 'Secret', namespace: 'openshift-config', name: 'webhook-serving-cert' }],
      [{ path: `${root}/namespaces/openshift-config/core/secrets.yaml`, span: [1, 10], binding: 'secret' }],
    ),
  ]),
  failed('kubelet-clock-behind', 6, [
    finding(
      'kubelet-clock-behind',
      'warning',
      'node worker-1',
      'The clock is 0.213 s slow, and tokens issued elsewhere are not yet valid here.',
      [{ kind: 'Node', name: 'worker-1', node: 'worker-1' }],
      [{ path: 'nodes/worker-1/chronyc_tracking', span: [1, 5], binding: 'tracking' }],
      ['2021-08-24T13:41:02Z', '2021-08-24T13:57:11.250Z'],
    ),
  ]),
  failed('hostile-names', hostile.length, hostile),
  failed('old-cluster-version', 1, [
    finding(
      'old-cluster-version',
      'info',
      'cluster 4.8.12',
      'Version 4.8.12 was gathered after its end of maintenance.',
      [{ kind: 'ClusterVersion', name: 'version' }],
      [{ path: `${root}/cluster-scoped-resources/status.yaml`, span: [20, 90], binding: 'version' }],
    ),
  ]),
  ...rulesWithoutFinding.map(
    ([rule, , , verdict, examined, missing]): Outcome => ({
      rule,
      verdict,
      examined,
      missing,
      errors:
        verdict === 'error' ? ['shop/api: no such key: cfsQuotaMicros at line 14 of throttled-container.yaml'] : [],
      findings: [],
    }),
  ),
];

function failed(rule: string, examined: number, findings: readonly Finding[]): Outcome {
  return { rule, verdict: 'fail', examined, missing: [], errors: [], findings: findings as [Finding, ...Finding[]] };
}

const gaps: readonly Gap[] = [
  {
    code: 'ARCHIVE_TRUNCATED',
    path: 'must-gather.tar.gz',
    detail: 'ended after 61,203,456 of 92,811,264 bytes, in namespaces/search/pods/index-0/index-0.yaml',
  },
  { code: 'YAML_TRUNCATED', path: `${root}/namespaces/search/core/pods.yaml`, detail: 'list without its last key' },
  ...Array.from(
    { length: 240 },
    (_, at): Gap => ({
      code: 'COLLECTION_ERROR',
      path: `${root}/namespaces/shop/pods/api-${at}/api/api/logs/previous.log`,
      detail: 'previous terminated container "api" in pod "api" not found',
    }),
  ),
];

const infos: readonly Info[] = Array.from({ length: 871 }, (_, at) => ({
  code: 'FILE_EMPTY' as const,
  path: `${root}/namespaces/ns-${at}/core/persistentvolumeclaims.yaml`,
  detail: '0 bytes',
}));

const hints: Record<string, readonly string[]> = {
  Sysctl: ['sos_commands/kernel/sysctl_-a', 'nodes/<node>/sysctl.txt'],
  KernelLog: ['nodes/<node>/dmesg', 'sos_commands/kernel/dmesg', 'var/log/dmesg'],
  IpLink: ['sos_commands/networking/ip_-s_-d_link'],
  IptablesChain: ['network_logs/<node>_iptables', 'sos_commands/networking/iptables_-t_nat_-nvL'],
};

export const sampleParts: ReportParts = {
  tool: { name: 'drydock', version: '0.1.0', rulesDigest: `sha256:${'5f3c9a'.repeat(10)}0b1c` },
  bundle: {
    name: 'must-gather-checkout-slow',
    kinds: ['must-gather'],
    gatheredAt: '2021-08-24T13:57:11Z',
    cluster: { id: 'ae0b8a2e-6b7e-4c1e-9d0e-3a4f5b6c7d8e', version: 'OpenShift 4.8.12', platform: 'AWS' },
    nodes: ['master-0', 'master-1', 'master-2', 'worker-1', 'worker-2', 'worker-3'],
    inputs: [{ path: 'must-gather.tar.gz', sha256: 'a1'.repeat(32), bytes: 61203456 }],
  },
  rules: new Map([
    ...Object.entries(texts).map(([rule, text]): [string, RuleText] => [
      rule,
      { catalog: [], status: 'stable', falsePositives: [], references: [], ...text },
    ]),
    ...rulesWithoutFinding.map(([rule, title, pack]): [string, RuleText] => [
      rule,
      { title, pack, catalog: [], status: 'stable', falsePositives: [], references: [] },
    ]),
  ]),
  outcomes,
  coverage: { entries: 6038, analysed: 1858, empty: 871, notRelevant: 3067, gap: 242, gaps, infos },
  linesOf,
  hints: (factType) => hints[factType] ?? [],
  paths: [
    {
      title: 'From pod shop/till-0 to service shop/cart:8080',
      trace: sdnTrace,
      about: { kind: 'Pod', namespace: 'shop', name: 'pricing-0' },
    },
    {
      title: 'From outside to port 30090 of node pier-1',
      trace: nodePortTrace,
      about: { kind: 'Service', namespace: 'harbour', name: 'crane' },
    },
  ],
};

export const sampleReport: Report = buildReport(sampleParts);

/** The same bundle, well: no finding, and still things nobody could look at. */
export const healthyReport: Report = buildReport({
  ...sampleParts,
  bundle: { ...sampleParts.bundle, name: 'must-gather-healthy' },
  outcomes: outcomes.map(
    (outcome): Outcome =>
      outcome.verdict === 'fail' || outcome.verdict === 'error'
        ? { ...outcome, verdict: 'pass', errors: [], findings: [] }
        : outcome,
  ),
  coverage: { entries: 6038, analysed: 2100, empty: 871, notRelevant: 3067, gap: 0, gaps: [], infos },
  paths: [],
});
