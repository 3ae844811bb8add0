// Reads `/proc/cmdline`: what the kernel was started with.
//
//   BOOT_IMAGE=/vmlinuz root=/dev/sda3 ro isolcpus=domain,managed_irq,2-3 cgroup_no_v1="all" hugepagesz=1G hugepages=4

import { factType, int, list, map, node, object, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { readCpuList } from '../../text/cpu-list.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { spokenLines } from '../../text/lines.ts';

export const KernelCommandLine = factType('KernelCommandLine', 'What the kernel was started with.', {
  node: node(),
  raw: string('The whole line.'),
  parameters: map(string(), 'Value by name; of a repeated name the last one; empty for a name without a value.'),
  list: list(object({ name: string(), value: string() }), 'All parameters in their order, repeated ones included.'),
  cpus: map(list(int('CPU number.')), 'CPUs of isolcpus, nohz_full, rcu_nocbs and systemd.cpu_affinity, by name.'),
});

const cpuParameters = ['isolcpus', 'nohz_full', 'rcu_nocbs', 'systemd.cpu_affinity', 'kthread_cpus', 'irqaffinity'];

export const kernelCommandLine = parser({
  reads: 'ProcCmdline',
  yields: KernelCommandLine,
  parse(text) {
    const lines = spokenLines(text);
    const first = lines[0];
    const last = lines.at(-1);
    if (!first || !last) return { facts: [], problems: [] };
    const raw = lines.map((line) => line.text.trim()).join(' ');
    const all = [...raw.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([word]) => readParameter(word));
    // Some parameter has a value on every machine; prose and the message of a failed command have none.
    const looksRight = raw.includes('=') && all.every(({ name }) => /^[\w./:-]+$/.test(name));
    if (!looksRight) return { facts: [], problems: failedOutput(text, 'a /proc/cmdline') };
    const parameters = Object.fromEntries(all.map(({ name, value }) => [name, value]));
    const cpus = Object.fromEntries(
      cpuParameters.flatMap((name) => {
        const set = cpusOf(parameters[name]);
        return set ? [[name, set]] : [];
      }),
    );
    return {
      facts: [KernelCommandLine.fact([first.number, last.number], { raw, parameters, list: all, cpus })],
      problems: [],
    };
  },
});

function readParameter(word: string): { name: string; value: string } {
  const place = word.indexOf('=');
  const name = place < 0 ? word : word.slice(0, place);
  return { name: name.replaceAll('"', ''), value: place < 0 ? '' : word.slice(place + 1).replaceAll('"', '') };
}

/** isolcpus may begin with flags: `domain,managed_irq,2-3`. */
function cpusOf(value: string | undefined): number[] | undefined {
  if (value === undefined) return undefined;
  return readCpuList(value.replace(/^(?:(?:nohz|domain|managed_irq),)+/, ''));
}
