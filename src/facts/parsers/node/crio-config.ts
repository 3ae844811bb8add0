// Reads CRI-O's configuration: crio.conf, its drop-ins, and `crio config`, which prints defaults as comments.
//
//   [crio.runtime]
//   cgroup_manager = "systemd"
//   pids_limit = 1024
//   [crio.image]
//   pause_image = "registry.k8s.io/pause:3.9"

import { parser } from '../../parser.ts';
import { at, boolOf, intOf, nonEmpty, textsOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { readToml } from '../../text/toml-document.ts';
import { CrioConfiguration } from './runtime-facts.ts';

const placed = [
  ['cgroupManager', 'crio.runtime', 'cgroup_manager'],
  ['pauseImage', 'crio.image', 'pause_image'],
  ['pidsLimit', 'crio.runtime', 'pids_limit'],
  ['insecureRegistries', 'crio.image', 'insecure_registries'],
  ['defaultRuntime', 'crio.runtime', 'default_runtime'],
  ['dropInfraContainer', 'crio.runtime', 'drop_infra_ctr'],
] as const;

export const crioConfig = parser({
  reads: 'CrioConfig',
  yields: CrioConfiguration,
  parse(text, source) {
    const toml = readToml(text);
    const crio = at(toml.value, 'crio');
    if (crio === undefined) return { facts: [], problems: toml.problems };
    const value = present({
      file: source.path.split(/[/!]/).at(-1) ?? '',
      cgroupManager: nonEmpty(at(crio, 'runtime', 'cgroup_manager')),
      conmonCgroup: nonEmpty(at(crio, 'runtime', 'conmon_cgroup')),
      pauseImage: nonEmpty(at(crio, 'image', 'pause_image')),
      pidsLimit: intOf(at(crio, 'runtime', 'pids_limit')),
      insecureRegistries: textsOf(at(crio, 'image', 'insecure_registries')),
      defaultRuntime: nonEmpty(at(crio, 'runtime', 'default_runtime')),
      dropInfraContainer: boolOf(at(crio, 'runtime', 'drop_infra_ctr')),
      infraContainerCpuset: nonEmpty(at(crio, 'runtime', 'infra_ctr_cpuset')),
      storageDriver: nonEmpty(at(crio, 'storage_driver')),
      defaultSysctls: textsOf(at(crio, 'runtime', 'default_sysctls')),
      networkDir: nonEmpty(at(crio, 'network', 'network_dir')),
    });
    const places = placed.flatMap(([field, table, key]) => {
      const span = toml.keySpan(table, key);
      return span ? [[field, span] as const] : [];
    });
    return {
      facts: [CrioConfiguration.fact(toml.span, value, { at: Object.fromEntries(places) })],
      problems: toml.problems,
    };
  },
});
