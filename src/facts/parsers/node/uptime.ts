// Reads `uptime`, and /proc/uptime: for how long a machine has been up, and its load.
//
//    19:23:40 up 25 min,  1 user,  load average: 0.83, 0.73, 0.76
//    11:35:30 up 20 days, 23:13,  4 users,  load average: 3.01, 2.90, 2.75

import { double, factType, int, node, optional } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';
import { present } from '../../text/present.ts';

export const Uptime = factType('Uptime', 'For how long a machine has been up.', {
  node: node(),
  seconds: int('Since the kernel started; whole minutes where `uptime` says it.'),
  load1: optional(double('Load average of one minute.')),
  load5: optional(double('Load average of five minutes.')),
  load15: optional(double('Load average of fifteen minutes.')),
});

export const uptime = parser({
  reads: 'Uptime',
  yields: Uptime,
  parse(text, source) {
    for (const line of spokenLines(text)) {
      const plain = /^(\d+)\.\d+ \d+\.\d+$/.exec(line.text.trim());
      const up = /\bup\s+(.*?),\s+(?:\d+ users?,?\s+)?load average/.exec(line.text)?.[1];
      const seconds = plain ? Number(plain[1]) : up === undefined ? undefined : secondsOf(up);
      if (seconds === undefined) continue;
      const loads = /load averages?: ([\d.]+),\s*([\d.]+),\s*([\d.]+)\s*$/.exec(line.text)?.slice(1).map(Number);
      const [load1, load5, load15] = loads?.every(Number.isFinite) ? loads : [];
      const value = present({ seconds, load1, load5, load15 });
      return { facts: [Uptime.fact(lineSpan(line), value, { key: machineKey(source) })], problems: [] };
    }
    return { facts: [], problems: failedOutput(text, 'output of uptime') };
  },
});

/** `20 days, 23:13`, `1 day, 5 min`, `2:05`, `25 min` */
function secondsOf(up: string): number | undefined {
  const days = Number(/(\d+) days?/.exec(up)?.[1] ?? 0);
  const clock = /(\d+):(\d+)/.exec(up);
  const hours = Number(clock?.[1] ?? /(\d+) (?:hours?|hrs?)/.exec(up)?.[1] ?? 0);
  const minutes = Number(clock?.[2] ?? /(\d+) min/.exec(up)?.[1] ?? 0);
  const known = /day|:|min|hour|hr/.test(up);
  return known ? ((days * 24 + hours) * 60 + minutes) * 60 : undefined;
}
