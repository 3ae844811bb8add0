// Which command gathers the files that a rule lacks, told by the kind of bundle in which they lie.

const commands: Readonly<Record<string, string>> = {
  'must-gather': 'oc adm must-gather',
  inspect: 'oc adm inspect',
  sosreport: 'sos report',
  'cluster-info-dump': 'kubectl cluster-info dump --all-namespaces --output-directory=DIR',
  'kind-export-logs': 'kind export logs DIR',
  'cilium-sysdump': 'cilium sysdump',
  sonobuoy: 'sonobuoy retrieve',
  troubleshoot: 'kubectl support-bundle',
  'install-log-bundle': 'openshift-install gather bootstrap',
};

/** Facts that are read from objects of several kinds; absent where the objects are none to hand out. */
const kindsOf: Readonly<Record<string, string>> = {
  AdmissionWebhook: 'validatingwebhookconfiguration,mutatingwebhookconfiguration',
  CertificateInfo: '',
  Workload: 'deployment,statefulset,daemonset',
};

/**
 * `places` as in the hints of an outcome: `sosreport: proc/cmdline`, or `objects of kind Pod: …`; each command once. A
 * bundle of one of `kinds` has been gathered that way already and had it not: the other commands come first.
 */
export function gatheredBy(places: readonly string[], kinds: readonly string[] = []): string[] {
  const found = places.flatMap((place) => {
    const kind = /^objects of kind (\w+):/.exec(place)?.[1];
    if (kind !== undefined) {
      const named = Object.hasOwn(kindsOf, kind) ? kindsOf[kind] : kind.toLowerCase();
      return named ? [{ command: `kubectl get ${named} -A -o yaml`, again: false }] : [];
    }
    const layout = /^([a-z][a-z-]*):/.exec(place)?.[1] ?? '';
    const command = Object.hasOwn(commands, layout) ? commands[layout] : undefined;
    return command === undefined ? [] : [{ command, again: kinds.includes(layout) }];
  });
  const ordered = [...found.filter(({ again }) => !again), ...found.filter(({ again }) => again)];
  return [...new Set(ordered.map(({ command }) => command))];
}
