// Holds the service-path rules to what was broken: the top finding of each fault bundle names its cause, the healthy ones give none.
//
//   node test/corpus/fault-bundles.ts FOLDER        FOLDER holds lab-flannel-faults, lab-flannel, …

import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { analyze } from '../../src/pipeline.ts';
import type { ReportFinding } from '../../src/report/report.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';

/** What was done to the node, and the rule that must say so first. */
const causes: Readonly<Record<string, string>> = {
  '01-stale-endpoint': 'rewritten-endpoint-chain',
  '02-wrong-dnat-port': 'rewritten-endpoint-chain',
  '04-forward-drop-no-cni-accept': 'unreferenced-network-chain',
  '05-remote-input-drops-vxlan': 'tunnel-port-blocked',
  '06-missing-route-to-podcidr': 'pod-cidr-without-route',
  '08-service-chain-missing': 'service-without-proxy-rules',
  '09-nonuniform-probability': 'unequal-service-shares',
  '10-legacy-forward-drop-plus-nft': 'forwarding-dropped-by-other-backend',
  '13-fdb-missing': 'tunnel-peer-without-entry',
  '15-forward-reject-host-prohibited': 'forward-blocked-before-kubernetes',
  '18-strict-rp-filter': 'pod-address-routed-past-bridge',
  '19-mtu-pod-1500-vxlan-1450-icmp-blocked': 'blocked-path-mtu-discovery',
  '21-reject-wins-service-with-stale-reject': 'leftover-service-reject',
};
const healthy = [
  'lab-flannel-faults/00-baseline',
  'lab-flannel',
  'lab-openshift-sdn',
  'hotsos-charmed-k8s-flannel',
  '../hotsos-kubernetes',
];

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node test/corpus/fault-bundles.ts FOLDER');
const knowledge = loadKnowledge({
  builtin: true,
  ruleDirs: [],
  packs: ['network-servicepath', 'cni'],
  settingsFile: undefined,
});
const scratch = mkdtempSync(join(tmpdir(), 'drydock-faults-'));
let passed = 0;
let failed = 0;
try {
  for (const [name, rule] of Object.entries(causes)) {
    const findings = await findingsOf(bundleOf(join(folder, 'lab-flannel-faults', name)));
    judge(name, findings[0]?.rule === rule, `${rule} is expected on top`, findings);
  }
  for (const name of healthy) {
    if (!existsSync(join(folder, name))) continue;
    const findings = await findingsOf(bundleOf(join(folder, name)));
    const loud = findings.filter(({ severity }) => severity !== 'info');
    judge(name, loud.length === 0, 'it is healthy', findings);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** Dumps of both nodes and the objects of the cluster in one folder; what the lab recorded beside them is no part of a bundle. */
function bundleOf(from: string): string {
  const to = join(scratch, from.replaceAll(/[^\w-]+/g, '_'));
  for (const entry of readdirSync(from)) {
    if (/^(traces|outcome\.json|README\.md|SOURCES\.md)$/.test(entry)) continue;
    cpSync(join(from, entry), join(to, entry), { recursive: true });
  }
  const shared = join(from, '..', 'objects.yaml');
  if (existsSync(shared) && statSync(shared).isFile()) cpSync(shared, join(to, 'objects.yaml'));
  return to;
}

async function findingsOf(bundle: string): Promise<readonly ReportFinding[]> {
  const { report } = await analyze(bundle, knowledge, { limits: defaultLimits, jobs: 1, version: 'corpus' });
  for (const { rule, errors } of report.outcomes)
    if (errors.length > 0) console.log(`  error in ${rule}: ${JSON.stringify(errors[0])}`);
  return report.findings;
}

function judge(name: string, good: boolean, expected: string, findings: readonly ReportFinding[]): void {
  if (good) passed += 1;
  else failed += 1;
  console.log(`${good ? 'ok    ' : 'FAILED'} ${name}${good ? '' : `: ${expected}`}`);
  for (const { severity, rule, subject, message } of findings.slice(0, 8)) {
    console.log(`         ${severity.padEnd(8)} ${rule}: ${subject}: ${message}`);
  }
}
