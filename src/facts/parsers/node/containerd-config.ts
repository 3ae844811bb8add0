// Reads containerd's configuration, from config.toml or `containerd config dump`, in versions 1, 2 and 3 of its format.
//
//   version = 2
//   [plugins."io.containerd.grpc.v1.cri"]
//     sandbox_image = "registry.k8s.io/pause:3.9"
//     [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
//       SystemdCgroup = true

import { parser } from '../../parser.ts';
import { at, boolOf, intOf, nonEmpty, plainOf, textsOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { readToml } from '../../text/toml-document.ts';
import { ContainerdConfiguration } from './runtime-facts.ts';

/** Version 3 splits the CRI plugin in two: the runtime, and the images. */
const layouts = {
  1: { runtime: ['cri'], images: ['cri'] },
  2: { runtime: ['io.containerd.grpc.v1.cri'], images: ['io.containerd.grpc.v1.cri'] },
  3: { runtime: ['io.containerd.cri.v1.runtime'], images: ['io.containerd.cri.v1.images'] },
} as const;

export const containerdConfig = parser({
  reads: 'ContainerdConfig',
  yields: ContainerdConfiguration,
  parse(text) {
    const toml = readToml(text);
    if (Object.keys(toml.value).length === 0) return { facts: [], problems: toml.problems };
    const version = intOf(toml.value.version) ?? 1;
    const layout = layouts[version === 3 ? 3 : version === 2 ? 2 : 1];
    const plugins = toml.value.plugins;
    const runtime = at(plugins, ...layout.runtime);
    const images = at(plugins, ...layout.images);
    const runtimeName = nonEmpty(at(runtime, 'containerd', 'default_runtime_name'));
    const options = at(runtime, 'containerd', 'runtimes', runtimeName ?? 'runc', 'options');
    const value = present({
      version,
      root: nonEmpty(toml.value.root),
      systemdCgroup: boolOf(at(options, 'SystemdCgroup')) ?? boolOf(at(runtime, 'systemd_cgroup')),
      sandboxImage: nonEmpty(at(images, 'pinned_images', 'sandbox') ?? at(runtime, 'sandbox_image')),
      configPath: nonEmpty(at(images, 'registry', 'config_path')),
      snapshotter: nonEmpty(at(images, 'snapshotter') ?? at(runtime, 'containerd', 'snapshotter')),
      defaultRuntimeName: runtimeName,
      disabledPlugins: textsOf(toml.value.disabled_plugins),
      mirrors: Object.keys(plainOf(at(images, 'registry', 'mirrors'))),
    });
    const prefix = `plugins.${layout.runtime[0]}`;
    const found = {
      systemdCgroup: toml.keySpan(`${prefix}.containerd.runtimes.${runtimeName ?? 'runc'}.options`, 'SystemdCgroup'),
      sandboxImage:
        toml.keySpan(prefix, 'sandbox_image') ?? toml.keySpan(`plugins.${layout.images[0]}.pinned_images`, 'sandbox'),
      configPath: toml.keySpan(`plugins.${layout.images[0]}.registry`, 'config_path'),
      disabledPlugins: toml.keySpan('', 'disabled_plugins'),
    };
    const places = Object.entries(found).flatMap(([field, span]) => (span ? [[field, span] as const] : []));
    return {
      facts: [ContainerdConfiguration.fact(toml.span, value, { at: Object.fromEntries(places) })],
      problems: toml.problems,
    };
  },
});
