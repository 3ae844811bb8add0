// Reads `systemctl list-unit-files`: the unit files there are, loaded or not, and whether they are enabled.
//
//   UNIT FILE                    STATE           VENDOR PRESET
//   dev-hugepages.mount          static          enabled
//   kubelet.service              enabled         disabled

import { factType, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';

export const UnitFile = factType('UnitFile', 'A unit file that systemd finds on disk, whether it is loaded or not.', {
  node: node(),
  name: string('E.g. kubelet.service, or a template such as getty@.service.'),
  state: string('enabled, disabled, static, masked, generated, indirect, alias, transient, bad …'),
  preset: optional(string('What the vendor would have: enabled or disabled; systemd 245 prints it, 237 does not.')),
});

export const unitFiles = parser({
  reads: 'SystemctlUnitFiles',
  yields: UnitFile,
  parse(text, source) {
    const lines = spokenLines(text);
    const head = lines.findIndex((line) => /^UNIT FILE\s+STATE\b/.test(line.text));
    // `--no-legend` leaves the header out.
    const facts = lines.slice(head + 1).flatMap((line) => {
      const [, name, state, preset] = /^(\S+\.[a-z]+)\s+([a-z-]+)(?:\s+([a-z]+|-))?\s*$/.exec(line.text) ?? [];
      if (name === undefined || state === undefined) return [];
      const value = present({ name, state, preset: preset === '-' ? undefined : preset });
      return [UnitFile.fact(lineSpan(line), value, { key: machineKey(source, name) })];
    });
    if (facts.length > 0) return { facts, problems: [] };
    return head >= 0 || lines.some((line) => /^0 unit files listed/.test(line.text))
      ? { facts, problems: [], answered: [UnitFile.name] }
      : { facts, problems: failedOutput(text, 'output of systemctl list-unit-files') };
  },
});
