// Reads `systemctl list-units`, also with `--failed` or `--all`.
//
//     UNIT              LOAD   ACTIVE SUB     DESCRIPTION
//     crio.service      loaded active running Container Runtime Interface for OCI (CRI-O)
//   ● kubelet.service   loaded failed failed  Kubernetes Kubelet

import { factType, node, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';

export const SystemdUnit = factType('SystemdUnit', 'A unit that systemd has loaded.', {
  node: node(),
  name: string('E.g. kubelet.service.'),
  load: string('loaded, not-found, masked, bad-setting or error.'),
  active: string('active, reloading, inactive, failed, activating or deactivating.'),
  sub: string('E.g. running, exited, dead, failed, auto-restart.'),
});

export const systemctlUnits = parser({
  reads: 'SystemctlUnits',
  yields: SystemdUnit,
  parse(text, source) {
    const lines = spokenLines(text);
    const facts = lines.flatMap((line) => {
      const row =
        /^\s*(?:[●*○×↻] )?\s*(\S+\.[a-z]+)\s+(loaded|not-found|masked|bad-setting|error|merged|stub)\s+(\w+)\s+([\w-]+)(?:\s|$)/;
      const [, name, load, active, sub] = row.exec(line.text) ?? [];
      if (name === undefined || load === undefined || active === undefined || sub === undefined) return [];
      return [SystemdUnit.fact(lineSpan(line), { name, load, active, sub }, { key: machineKey(source, name) })];
    });
    const isList = lines.some((line) => /UNIT\s+LOAD\s+ACTIVE\s+SUB|\b\d+ (?:loaded )?units? listed/.test(line.text));
    return { facts, problems: facts.length > 0 || isList ? [] : failedOutput(text, 'output of systemctl list-units') };
  },
});
