// Reads whether the clock of a node is in step: `chronyc tracking`, `chronyc sources` and `timedatectl`.
//
//   Stratum         : 3                                         MS Name/IP address  Stratum Poll Reach LastRx Last sample
//   System time     : 0.000012 seconds slow of NTP time         ^* 10.0.0.1               2   6   377    34   +11us[ +13us] +/- 12ms
//   Leap status     : Normal                                    System clock synchronized: yes

import type { Span } from '../../../bundle/source.ts';
import { bool, double, factType, int, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { keyed, keyValues, placesOf } from '../../text/key-values.ts';
import { lineSpan, spokenLines } from '../../text/lines.ts';
import { intOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';

export const ClockSync = factType(
  'ClockSync',
  'Whether the clock of a node is in step, from chronyc tracking or timedatectl.',
  {
    node: node(),
    from: string('`chronyc` or `timedatectl`.'),
    synchronized: bool('chronyc: leap status is not "Not synchronised"; timedatectl: as it says.'),
    serviceActive: optional(bool('timedatectl: a time service is running.')),
    stratum: optional(int('Steps from the reference clock; 0 when there is none.')),
    leapStatus: optional(string('Normal, Insert second, Delete second or Not synchronised.')),
    offsetSeconds: optional(double('How far the system clock is ahead of the reference; negative when it is behind.')),
    reference: optional(string('Name or address of the source it follows.')),
  },
);

export const ClockSource = factType('ClockSource', 'One source of time, from chronyc sources.', {
  node: node(),
  name: string('Name or address.'),
  mode: string('server, peer or local clock.'),
  state: string('selected, combined, not combined, unreachable, falseticker or variable.'),
  stratum: int('Steps from the reference clock.'),
  reach: int('Bits of the last eight polls, as a decimal number; 255 when all were answered, 0 when none was.'),
});

export const chronycTracking = parser({
  reads: 'ChronycTracking',
  yields: ClockSync,
  parse(text) {
    const pairs = keyValues(spokenLines(text), ':');
    const { get, span } = keyed(pairs);
    const leapStatus = get('Leap status');
    if (leapStatus === undefined) return { facts: [], problems: failedOutput(text, 'output of chronyc tracking') };
    const [, seconds, direction] = /^(\d+(?:\.\d+)?) seconds (slow|fast)/.exec(get('System time') ?? '') ?? [];
    const value = present({
      from: 'chronyc',
      synchronized: leapStatus !== 'Not synchronised',
      stratum: intOf(get('Stratum')) ?? 0,
      leapStatus,
      offsetSeconds:
        seconds === undefined ? undefined : Number(seconds) * (direction === 'slow' && Number(seconds) > 0 ? -1 : 1),
      reference: /\((.+)\)/.exec(get('Reference ID') ?? '')?.[1],
    });
    const at = placesOf(pairs, { 'Leap status': 'leapStatus', Stratum: 'stratum', 'System time': 'offsetSeconds' });
    const places = at.leapStatus ? { ...at, synchronized: at.leapStatus } : at;
    return { facts: [ClockSync.fact(span, value, { at: places })], problems: [] };
  },
});

const modes: Readonly<Record<string, string>> = { '^': 'server', '=': 'peer', '#': 'local clock' };
const states: Readonly<Record<string, string>> = {
  '*': 'selected',
  '+': 'combined',
  '-': 'not combined',
  '?': 'unreachable',
  x: 'falseticker',
  '~': 'variable',
};

export const chronycSources = parser({
  reads: 'ChronycSources',
  yields: ClockSource,
  parse(text) {
    const lines = spokenLines(text);
    const facts = lines.flatMap((line) => {
      const match = /^([\^=#])([*+\-?x~])\s+(\S+)\s+(\d+)\s+-?\d+\s+([0-7]+)\s/.exec(line.text);
      if (!match) return [];
      const [, mode = '', state = '', name = '', stratum, reach = '0'] = match;
      const value = {
        name,
        mode: modes[mode] ?? '',
        state: states[state] ?? '',
        stratum: Number(stratum),
        reach: Number.parseInt(reach, 8),
      };
      return [ClockSource.fact(lineSpan(line), value)];
    });
    const isList = lines.some((line) => /^MS Name\/IP address|Number of sources/.test(line.text));
    return { facts, problems: facts.length > 0 || isList ? [] : failedOutput(text, 'output of chronyc sources') };
  },
});

export const timedatectl = parser({
  reads: 'Timedatectl',
  yields: ClockSync,
  parse(text) {
    const pairs = keyValues(spokenLines(text), ':');
    const { get } = keyed(pairs);
    // RHEL 7 calls it `NTP synchronized`; `NTP enabled` and `systemd-timesyncd.service active` came before `NTP service`.
    const synchronized = ['System clock synchronized', 'NTP synchronized'].find((key) => get(key) !== undefined);
    if (synchronized === undefined) return { facts: [], problems: failedOutput(text, 'output of timedatectl') };
    const service =
      get('NTP service') ?? get('Network time on') ?? get('NTP enabled') ?? get('systemd-timesyncd.service active');
    const line = pairs.find(({ key }) => key === synchronized)?.line;
    const span: Span = line ? lineSpan(line) : [1, 1];
    const value = present({
      from: 'timedatectl',
      synchronized: get(synchronized) === 'yes',
      serviceActive: service === undefined ? undefined : /^(?:active|yes)$/.test(service),
    });
    return { facts: [ClockSync.fact(span, value)], problems: [] };
  },
});
