// Reads one file of /proc/pressure: for how much of the time the tasks of a node waited for a resource.
//
//   some avg10=46.17 avg60=17.67 avg300=8.54 total=123456
//   full avg10=0.00 avg60=0.00 avg300=0.00 total=0

import { double, factType, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { spokenLines } from '../../text/lines.ts';
import { present } from '../../text/present.ts';
import { readPressure } from '../../text/pressure.ts';

export const NodePressure = factType(
  'NodePressure',
  'Share of time for which the tasks of a node waited for a resource.',
  {
    node: node(),
    resource: string('`cpu`, `memory`, `io` or `irq`.'),
    someAvg10: optional(double('Percent of the last 10 s in which some task waited.')),
    someAvg60: optional(double('Percent of the last 60 s.')),
    someAvg300: optional(double('Percent of the last 300 s.')),
    fullAvg10: optional(double('Percent of the last 10 s in which every task waited.')),
    fullAvg60: optional(double('Percent of the last 60 s.')),
    fullAvg300: optional(double('Percent of the last 300 s.')),
  },
);

export const nodePressure = parser({
  reads: 'ProcPressure',
  yields: NodePressure,
  parse(text, source) {
    const lines = spokenLines(text);
    const averages = readPressure(lines);
    const resource = /(cpu|memory|io|irq)$/.exec(source.path)?.[1];
    const last = lines.at(-1);
    if (!last || resource === undefined || Object.keys(averages).length === 0) {
      return { facts: [], problems: failedOutput(text, 'a file of /proc/pressure') };
    }
    return { facts: [NodePressure.fact([1, last.number], present({ resource, ...averages }))], problems: [] };
  },
});
