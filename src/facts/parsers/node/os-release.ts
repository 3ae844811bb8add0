// Reads `/etc/os-release`: which operating system a node runs.
//
//   NAME="Red Hat Enterprise Linux CoreOS"
//   ID="rhcos"
//   VERSION_ID="4.14"

import { factType, map, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { keyValues, unquote } from '../../text/key-values.ts';
import { spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';

export const OsRelease = factType('OsRelease', 'The operating system of a node.', {
  node: node(),
  id: string('E.g. rhel, rhcos, ubuntu.'),
  name: string('Name for people.'),
  versionId: optional(string('E.g. 8.6.')),
  variantId: optional(string('E.g. coreos.')),
  fields: map(string(), 'All fields by name.'),
});

export const osRelease = parser({
  reads: 'OsRelease',
  yields: OsRelease,
  parse(text, source) {
    const pairs = keyValues(spokenLines(text), '=').filter(({ key }) => /^[A-Z][A-Z0-9_]*$/.test(key));
    const fields = Object.fromEntries(pairs.map(({ key, value }) => [key, unquote(value)]));
    const first = pairs[0];
    if (!first || (fields.ID === undefined && fields.NAME === undefined)) {
      return { facts: [], problems: failedOutput(text, 'an os-release') };
    }
    const value = present({
      id: fields.ID ?? '',
      name: fields.PRETTY_NAME ?? fields.NAME ?? '',
      versionId: fields.VERSION_ID,
      variantId: fields.VARIANT_ID,
      fields,
    });
    const span = [first.line.number, pairs.at(-1)?.line.number ?? 1] as const;
    return { facts: [OsRelease.fact(span, value, { key: machineKey(source) })], problems: [] };
  },
});
