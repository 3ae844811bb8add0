// Reads where container layers are kept: /etc/containers/storage.conf, and `podman info` as YAML or JSON.
//
//   [storage]                                        store:
//   driver = "overlay"                                 graphDriverName: overlay
//   graphroot = "/var/lib/containers/storage"          graphRoot: /var/lib/containers/storage
//                                                      graphStatus: {Backing Filesystem: xfs, Supports d_type: "true"}

import { parser } from '../../parser.ts';
import { readDocuments, spanOf } from '../../text/documents.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { at, boolOf, isPlain, nonEmpty, type Plain, textsOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { readToml } from '../../text/toml-document.ts';
import { ContainerStorage } from './runtime-facts.ts';

export const storageConf = parser({
  reads: 'StorageConf',
  yields: ContainerStorage,
  parse(text) {
    const { value, problems, tableSpan, keySpan, span } = readToml(text);
    const storage = at(value, 'storage');
    if (!isPlain(storage)) return { facts: [], problems };
    const root = nonEmpty(storage.graphroot) ?? '/var/lib/containers/storage';
    const fact = present({
      origin: 'storage.conf',
      driver: nonEmpty(storage.driver) ?? '',
      root,
      mountProgram:
        nonEmpty(at(storage.options, 'overlay', 'mount_program')) ?? nonEmpty(at(storage.options, 'mount_program')),
    });
    return {
      facts: [ContainerStorage.fact(keySpan('storage', 'driver') ?? tableSpan('storage') ?? span, fact)],
      problems,
    };
  },
});

export const podmanInfo = parser({
  reads: 'PodmanInfo',
  yields: ContainerStorage,
  parse(text) {
    const { documents, problems } = readDocuments(text);
    const facts = documents.flatMap(({ value, span }) => {
      const store = at(value, 'store');
      if (!isPlain(store)) return [];
      const driver = nonEmpty(either(store, 'graphDriverName'));
      const root = nonEmpty(either(store, 'graphRoot'));
      if (driver === undefined || root === undefined) return [];
      const status = either(store, 'graphStatus');
      const storage = present({
        origin: 'podman info',
        driver,
        root,
        backingFilesystem: nonEmpty(at(status, 'Backing Filesystem')),
        supportsDType: boolOf(at(status, 'Supports d_type')),
        mountProgram: mountProgramOf(either(store, 'graphOptions')),
      });
      return [ContainerStorage.fact(spanOf(store) ?? span, storage)];
    });
    return {
      facts,
      problems: facts.length > 0 || problems.length > 0 ? problems : failedOutput(text, 'output of podman info'),
    };
  },
});

/** Podman before 2.0 begins its keys with a capital. */
const either = (store: Plain, key: string): unknown => store[key] ?? store[key.charAt(0).toUpperCase() + key.slice(1)];

/** A list of `overlay.mount_program=/usr/bin/fuse-overlayfs` once, a map with the path under Executable today. */
function mountProgramOf(options: unknown): string | undefined {
  if (isPlain(options)) return nonEmpty(at(options['overlay.mount_program'], 'Executable'));
  const written = textsOf(options).find((option) => option.startsWith('overlay.mount_program='));
  return written?.slice('overlay.mount_program='.length);
}
