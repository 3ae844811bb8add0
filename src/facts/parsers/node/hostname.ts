// Reads the name of a machine, from `hostname`, /etc/hostname, or `hostnamectl`.
//
//   worker-1.example.com                Static hostname: worker-1.example.com

import { factType, node, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';

export const Hostname = factType('Hostname', 'What a machine calls itself.', {
  node: node(),
  name: string('Host name, with its domain where it has one.'),
});

export const hostname = parser({
  reads: 'Hostname',
  yields: Hostname,
  parse(text) {
    const lines = spokenLines(text).filter((line) => !/^\s*#/.test(line.text));
    // The transient name is the one in use where it differs from the static one.
    const named = ['Transient', 'Static'].map((word) =>
      lines.find((line) => line.text.trim().startsWith(`${word} hostname:`)),
    );
    const line =
      named.find((each) => each && !/:\s*(?:n\/a|\(unset\))?\s*$/.test(each.text)) ??
      (lines.length === 1 ? lines[0] : undefined);
    const name = line?.text.replace(/^\s*(?:Static|Transient) hostname:/, '').trim() ?? '';
    if (!line || !/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) {
      return { facts: [], problems: failedOutput(text, 'a host name') };
    }
    return { facts: [Hostname.fact(lineSpan(line), { name })], problems: [] };
  },
});
