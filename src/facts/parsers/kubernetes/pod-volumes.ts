// The volumes of a pod: what kind each is and what it takes its content from.
//
//   - name: cache
//     emptyDir: { medium: Memory, sizeLimit: 1Gi }

import { bool, int, list, object, optional, string } from '../../fact-type.ts';
import { wholeUnits } from '../../text/quantity.ts';
import { boolAt, isTree, type Tree, textAt, treeAt, treesAt, valueAt } from './tree.ts';

const downwardField = object({
  path: string('File.'),
  fieldPath: string('Field of the pod, e.g. metadata.labels; empty for a resource.'),
  resource: string('E.g. limits.memory; empty for a field.'),
  container: string('Container the resource is of.'),
});

export const volume = object({
  name: string('Name.'),
  type: string('Key in the spec: configMap, secret, persistentVolumeClaim, emptyDir, hostPath, projected, csi, …'),
  source: string('ConfigMap, Secret, claim or CSI driver by name; NFS `server:path`; empty where the type has none.'),
  optional: bool('The ConfigMap or Secret may be missing.'),
  hostPath: string('Path on the node; empty for other types.'),
  hostPathType: string('Type test for a hostPath; empty for none.'),
  medium: string('`Memory` or `HugePages` for an emptyDir in memory.'),
  sizeLimitBytes: optional(int('Size limit of an emptyDir.')),
  readOnly: bool('readOnly of the volume itself.'),
  downward: list(downwardField, 'Files of the downward API, projected ones included.'),
  projected: list(
    object({
      type: string('Type.'),
      source: string('Name of the object it comes from.'),
      optional: bool('It may be missing.'),
    }),
    'Sources of a projected volume.',
  ),
});

export function readVolume(tree: Tree) {
  const { type, source } = typedSource(tree);
  const projected = type === 'projected' ? treesAt(source, 'sources') : [];
  const downward = type === 'downwardAPI' ? [source] : projected.map((one) => treeAt(one, 'downwardAPI'));
  return {
    name: textAt(tree, 'name'),
    type,
    source: sourceName(type, source),
    optional: boolAt(source, 'optional'),
    hostPath: type === 'hostPath' ? textAt(source, 'path') : '',
    hostPathType: type === 'hostPath' ? textAt(source, 'type') : '',
    medium: textAt(source, 'medium'),
    sizeLimitBytes: wholeUnits(valueAt(source, 'sizeLimit')),
    readOnly: boolAt(source, 'readOnly'),
    downward: downward.flatMap((one) => treesAt(one, 'items')).map(readDownward),
    projected: projected.map((one) => {
      const inner = typedSource(one);
      return {
        type: inner.type,
        source: sourceName(inner.type, inner.source),
        optional: boolAt(inner.source, 'optional'),
      };
    }),
  };
}

/** The one key beside `name`; a volume that names none is an emptyDir. */
function typedSource(tree: Tree): { type: string; source: Tree } {
  const type = Object.keys(tree).find((key) => key !== 'name' && isTree(tree[key]));
  return { type: type ?? 'emptyDir', source: type ? treeAt(tree, type) : {} };
}

function sourceName(type: string, source: Tree): string {
  if (type === 'nfs') return `${textAt(source, 'server')}:${textAt(source, 'path')}`;
  const keys = type === 'ephemeral' ? [] : ['secretName', 'claimName', 'driver', 'name', 'volumeID', 'pdName'];
  return keys.map((key) => textAt(source, key)).find((name) => name !== '') ?? '';
}

function readDownward(tree: Tree) {
  return {
    path: textAt(tree, 'path'),
    fieldPath: textAt(tree, 'fieldRef', 'fieldPath'),
    resource: textAt(tree, 'resourceFieldRef', 'resource'),
    container: textAt(tree, 'resourceFieldRef', 'containerName'),
  };
}
