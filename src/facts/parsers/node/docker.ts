// Reads `docker info` and /etc/docker/daemon.json.
//
//   Storage Driver: overlay2                      {"storage-driver": "overlay2",
//    Backing Filesystem: xfs                       "insecure-registries": ["registry.local:5000"],
//    Supports d_type: true                         "exec-opts": ["native.cgroupdriver=systemd"]}
//   Cgroup Driver: systemd

import type { Span } from '../../../bundle/source.ts';
import type { Places } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { keySpan, readDocuments } from '../../text/documents.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { keyed, keyValues, placesOf } from '../../text/key-values.ts';
import { type Line, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { boolOf, intOf, isPlain, nonEmpty, textsOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { ContainerStorage, DockerEngine, RuntimeVersion } from './runtime-facts.ts';

export const dockerInfo = parser({
  reads: 'DockerInfo',
  yields: [DockerEngine, ContainerStorage, RuntimeVersion],
  parse(text, source) {
    const lines = spokenLines(text);
    const pairs = keyValues(lines, ':');
    const { get, span } = keyed(pairs);
    const driver = get('Storage Driver');
    if (driver === undefined) return { facts: [], problems: failedOutput(text, 'output of docker info') };
    const engine = present({
      origin: 'info',
      cgroupDriver: get('Cgroup Driver') || undefined,
      cgroupVersion: intOf(get('Cgroup Version')),
      insecureRegistries: below(lines, 'Insecure Registries:'),
      registryMirrors: below(lines, 'Registry Mirrors:'),
    });
    const storage = present({
      origin: 'docker info',
      driver,
      root: get('Docker Root Dir') ?? '/var/lib/docker',
      backingFilesystem: get('Backing Filesystem') || undefined,
      supportsDType: boolOf(get('Supports d_type')),
      loopback: get('Data loop file') ? true : undefined,
    });
    const names = {
      'Storage Driver': 'driver',
      'Supports d_type': 'supportsDType',
      'Backing Filesystem': 'backingFilesystem',
    };
    const head = pairs.find(({ key }) => key === 'Storage Driver')?.line.number ?? span[0];
    const drawn = lines.filter((line) => line.number > head).findIndex((line) => !/^\s/.test(line.text));
    const storageSpan: Span = [head, head + Math.max(0, drawn)];
    const version = get('Server Version');
    return {
      facts: [
        DockerEngine.fact(span, engine, {
          at: {
            ...placesOf(pairs, { 'Cgroup Driver': 'cgroupDriver' }),
            ...linesBelow(lines, 'Insecure Registries:', 'insecureRegistries'),
          },
        }),
        ContainerStorage.fact(storageSpan, storage, { at: placesOf(pairs, names) }),
        ...(version
          ? [RuntimeVersion.fact(span, { name: 'docker', version }, { key: machineKey(source, 'docker') })]
          : []),
      ],
      problems: [],
    };
  },
});

/** The indented lines under a heading. */
function below(lines: readonly Line[], heading: string): string[] {
  const start = lines.findIndex((line) => line.text.trim() === heading);
  if (start < 0) return [];
  const depth = lines[start]?.text.search(/\S/) ?? 0;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.text.search(/\S/) <= depth);
  return (end < 0 ? rest : rest.slice(0, end)).map((line) => line.text.trim());
}

/** Place of a heading and the indented lines under it. */
function linesBelow(lines: readonly Line[], heading: string, field: string): Places {
  const start = lines.find((line) => line.text.trim() === heading)?.number;
  return start === undefined ? {} : { [field]: [start, start + below(lines, heading).length] };
}

export const dockerDaemon = parser({
  reads: 'DockerDaemonJson',
  yields: [DockerEngine, ContainerStorage],
  parse(text) {
    const { documents, problems } = readDocuments(text);
    const facts = documents.flatMap(({ value, span }) => {
      if (!isPlain(value)) return [];
      const option = textsOf(value['exec-opts']).find((each) => each.startsWith('native.cgroupdriver='));
      const engine = present({
        origin: 'daemon.json',
        cgroupDriver: option?.slice('native.cgroupdriver='.length),
        insecureRegistries: textsOf(value['insecure-registries']),
        registryMirrors: textsOf(value['registry-mirrors']),
      });
      const driver = nonEmpty(value['storage-driver']);
      const root = nonEmpty(value['data-root']) ?? nonEmpty(value.graph);
      const storage = { origin: 'daemon.json', driver: driver ?? '', root: root ?? '/var/lib/docker' };
      const found = keySpan(value, 'storage-driver') ?? keySpan(value, 'data-root') ?? span;
      const insecure = keySpan(value, 'insecure-registries');
      const at = insecure ? { insecureRegistries: insecure } : {};
      return [
        DockerEngine.fact(span, engine, { at }),
        ...(driver || root ? [ContainerStorage.fact(found, storage)] : []),
      ];
    });
    return { facts, problems };
  },
});
