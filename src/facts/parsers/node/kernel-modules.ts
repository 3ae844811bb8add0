// Reads which kernel modules are loaded: `lsmod`, and /proc/modules.
//
//   Module                  Size  Used by                       binfmt_misc 24576 1 - Live 0xffffffffc0ab4000
//   br_netfilter           22256  0                             llc 16384 2 stp,bridge, Live 0xffffffffc0a14000
//   llc                    14552  2 stp,bridge

import { factType, int, list, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';

export const KernelModule = factType(
  'KernelModule',
  'A kernel module that is loaded; what is built in is in no list.',
  {
    node: node(),
    name: string('With underscores, as the kernel has it: br_netfilter.'),
    sizeBytes: int('Memory it takes.'),
    references: int('How often it is in use; -2 in /proc/modules of a kernel that cannot unload.'),
    usedBy: list(string(), 'Modules that use it.'),
    state: optional(string('Live, Loading or Unloading; /proc/modules alone has it.')),
  },
);

export const kernelModules = parser({
  reads: 'KernelModules',
  yields: KernelModule,
  parse(text, source) {
    const lines = spokenLines(text);
    const facts = lines.flatMap((line) => {
      const row = /^(\w+)\s+(\d+)\s+(-?\d+)(?:\s+(\S+))?(?:\s+(Live|Loading|Unloading)\s+0x[0-9a-f]+.*)?\s*$/.exec(
        line.text,
      );
      const [, name, size, references, users = '', state] = row ?? [];
      if (name === undefined) return [];
      const usedBy = users.split(',').filter((user) => user !== '' && user !== '-' && !user.startsWith('['));
      const value = present({ name, sizeBytes: Number(size), references: Number(references), usedBy, state });
      const more = { key: machineKey(source, name), version: state === undefined ? 1 : 2 };
      return [KernelModule.fact(lineSpan(line), value, more)];
    });
    const isList = lines.some((line) => /^Module\s+Size\s+Used by/.test(line.text));
    if (facts.length > 0) return { facts, problems: [] };
    return isList
      ? { facts, problems: [], answered: [KernelModule.name] }
      : { facts, problems: failedOutput(text, 'output of lsmod') };
  },
});
