// Reads `ps` in its many forms for the processes that make up a node, and the kubelet's flags among them.
//
//   USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
//   root      1712  3.1  1.2 195712  7756 ?        Ssl  18:58   0:22 /usr/bin/kubelet --config=/etc/kubernetes/kubelet.conf

import { factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Line, lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';
import { KubeletFlags, readFlags } from './kubelet-facts.ts';

export const Process = factType('Process', 'A process that belongs to Kubernetes, its runtime or its network.', {
  node: node(),
  name: string('Name of the program, e.g. kubelet; also where a wrapper or hyperkube runs it.'),
  pid: int('Process number.'),
  user: optional(string('Owner, by name or number.')),
  command: string('The command line, as far as it was printed.'),
});

const known = new Set(
  [
    'kubelet',
    'crio',
    'containerd',
    'dockerd',
    'kube-proxy',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'etcd',
  ]
    .concat([
      'k3s',
      'rke2',
      'microk8s',
      'flanneld',
      'calico-node',
      'cilium-agent',
      'antrea-agent',
      'ovnkube',
      'openshift-sdn-node',
    ])
    .concat([
      'ovs-vswitchd',
      'ovsdb-server',
      'ovn-controller',
      'haproxy',
      'keepalived',
      'coredns',
      'machine-config-daemon',
    ])
    .concat([
      'chronyd',
      'ntpd',
      'systemd-timesyncd',
      'irqbalance',
      'tuned',
      'firewalld',
      'ufw',
      'nftables',
      'envoy',
      'pilot-agent',
    ]),
);

export const processes = parser({
  reads: 'ProcessList',
  yields: [Process, KubeletFlags],
  parse(text, source) {
    const lines = spokenLines(text);
    const head = lines.findIndex(
      (line) => /(?:^|\s)PID\s/.test(line.text) && /\s(?:COMMAND|CMD)(?:\s|$)/.test(line.text),
    );
    const header = lines[head];
    if (!header) return { facts: [], problems: failedOutput(text, 'output of ps') };
    // A list whose last column is another one (CGROUP) has the bare name in its middle, with blanks in it or not.
    const names = header.text.trim().split(/\s+/);
    if (!/^(?:COMMAND|CMD)$/.test(names.at(-1) ?? '')) return { facts: [], problems: [] };
    const found = lines.slice(head + 1).flatMap((line) => readRow(line, names) ?? []);
    const facts = found.flatMap(({ line, ...value }) => {
      // The longest command line is the one that was cut off the least.
      const more = { key: machineKey(source, value.name, value.pid), version: value.command.length };
      const process = Process.fact(lineSpan(line), value, more);
      if (value.name !== 'kubelet' || !/\s/.test(value.command)) return [process];
      const flags = readFlags(value.command.split(/\s+/).slice(1));
      return [process, KubeletFlags.fact(lineSpan(line), { origin: 'process', flags }, more)];
    });
    return { facts, problems: [], answered: [Process.name] };
  },
});

function readRow(line: Line, names: readonly string[]) {
  // `lstart` prints a date of five words under one name.
  const text = line.text.trim().replace(/\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ [\d:]{8} \d{4}\b/, 'date');
  const words = [...text.matchAll(/\S+/g)];
  const last = words[names.length - 1];
  if (!last) return undefined;
  const cell = (name: string): string | undefined => words[names.indexOf(name)]?.[0];
  const pid = cell('PID') ?? '';
  const command = text.slice(last.index);
  const name = programOf(command);
  if (!/^\d+$/.test(pid) || name === undefined) return undefined;
  return { line, ...present({ name, pid: Number(pid), user: cell('USER') ?? cell('UID'), command }) };
}

/** Kernel threads stand in brackets; hyperkube and kubenswrapper name what they run as an argument. */
function programOf(command: string): string | undefined {
  const words = command.split(/\s+/).slice(0, 4);
  const first = baseName(words[0] ?? '');
  const wrapped = /^(?:hyperkube|kubenswrapper|openshift|nsenter|bash|sh|nice|taskset)$/.test(first);
  const names = (wrapped ? words : words.slice(0, 1)).map(baseName);
  return names.find((name) => known.has(name));
}

const baseName = (word: string): string => word.replace(/^-/, '').split('/').at(-1)?.replace(/:$/, '') ?? '';
