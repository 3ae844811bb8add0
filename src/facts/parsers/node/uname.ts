// Reads `uname -a` (or `-r`): the kernel that was running.
//
//   Linux worker-1.example.com 4.18.0-80.11.2.el8_0.x86_64 #1 SMP Sun Sep 15 11:24:21 UTC 2019 x86_64 x86_64 x86_64 GNU/Linux

import { bool, factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';

export const KernelVersion = factType('KernelVersion', 'The kernel that was running.', {
  node: node(),
  release: string('E.g. 4.18.0-80.11.2.el8_0.x86_64.'),
  major: int('First number of the release.'),
  minor: int('Second number of the release.'),
  patch: int('Third number of the release; 0 where there is none.'),
  machine: optional(string('Architecture, e.g. x86_64.')),
  realTime: bool('True for a kernel built for real-time work.'),
});

export const uname = parser({
  reads: 'Uname',
  yields: KernelVersion,
  parse(text, source) {
    for (const line of spokenLines(text)) {
      const match = /^(?:Linux \S+ )?((\d+)\.(\d+)(?:\.(\d+))?\S*)(?: #.*)?$/.exec(line.text.trim());
      const [, release, major, minor, patch] = match ?? [];
      if (release === undefined) continue;
      const value = present({
        release,
        major: Number(major),
        minor: Number(minor),
        patch: Number(patch ?? 0),
        machine: /\b(x86_64|aarch64|ppc64le|s390x|riscv64|armv7l|i686)\b/.exec(line.text)?.[1],
        realTime: /PREEMPT[_ ]RT|\brt\d*\b|\.rt\d|el\drt/.test(line.text),
      });
      return { facts: [KernelVersion.fact(lineSpan(line), value, { key: machineKey(source) })], problems: [] };
    }
    return { facts: [], problems: failedOutput(text, 'output of uname') };
  },
});
