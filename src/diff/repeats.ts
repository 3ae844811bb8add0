// A workload and its pods say the same, and so do a certificate and the ConfigMap it lies in: each is shown once.

import type { Change, FieldChange } from './diff.ts';

/** `Containers of shop/Deployment checkout api`, as `rules/diff.yaml` names them. */
const ofPods = 'Containers of';

export const withoutRepeats = (changes: readonly Change[]): Change[] => withoutBundles(withoutPods(changes));

/** Text of nothing but certificates, of which each is told by itself. */
const isPem = (field: FieldChange): boolean =>
  [field.before, field.after].every((side) => side === undefined || side.text.startsWith('-----BEGIN CERTIFICATE'));

function withoutBundles(changes: readonly Change[]): Change[] {
  const holders = new Set(
    changes.flatMap(({ kind, subject }) => (kind === 'Certificate' ? subject.replace(/ \d+$/, '') : [])),
  );
  return changes.flatMap((change): Change[] => {
    if (change.kind !== 'ConfigMap' || change.fields.length === 0) return [change];
    const [namespace = '', name = ''] = change.subject.split('/');
    const isTold = ({ field }: FieldChange) =>
      holders.has(`${namespace}/ConfigMap ${name} ${field.replace(/^data\.|^data\[|\]$/g, '')}`);
    const fields = change.fields.filter((field) => !(isPem(field) && isTold(field)));
    return fields.length === 0 ? [] : [{ ...change, fields }];
  });
}

function withoutPods(changes: readonly Change[]): Change[] {
  const workloads = new Map(changes.filter(isWorkload).map((change) => [nameOf(change), change]));
  return changes.flatMap((change): Change[] => {
    if (change.kind !== ofPods) return [change];
    const [, namespace = '', workload = '', container = ''] = /^(.*?)\/(\S+ \S+) (\S+)$/.exec(change.subject) ?? [];
    const told = workloads.get(`${namespace} ${workload}`);
    if (!told) return [change];
    // It came or went with its workload.
    if (change.change !== 'changed') return told.change === change.change || tells(told, container) ? [] : [change];
    const fields = change.fields.filter((field) => !told.fields.some((each) => isSame(each, field, container)));
    return fields.length === 0 ? [] : [{ ...change, fields }];
  });
}

const isWorkload = ({ group, kind }: Change): boolean => group === 'Workloads' && kind !== ofPods && kind !== 'Pod';
const nameOf = ({ namespace = '', kind, subject }: Change): string =>
  `${namespace} ${kind} ${subject.slice(namespace.length + 1)}`;
const tells = ({ fields }: Change, container: string): boolean =>
  fields.some(({ field }) => field.includes(`ontainers[${container}]`));

/** `spec.template.spec.containers[api].resources.limits.memory` and `limits.raw.memory`. */
function isSame(told: FieldChange, own: FieldChange, container: string): boolean {
  const at = told.field.indexOf(`ontainers[${container}].`);
  if (at < 0) return false;
  const path = told.field.slice(at + `ontainers[${container}].`.length).replace(/^resources\./, '');
  const head = own.field.split('.')[0] ?? '';
  const isProbe = /Probe$|^securityContext$/.test(head);
  if (isProbe) return path.startsWith(head);
  return path === own.field.replace('.raw', '') && told.after?.text === own.after?.text;
}
