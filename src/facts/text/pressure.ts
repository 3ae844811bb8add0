// Reads pressure stall information, the same for a whole node and for a cgroup.
//
//   some avg10=46.17 avg60=17.67 avg300=8.54 total=123456

import type { Line } from './lines.ts';

export interface Pressure {
  someAvg10?: number;
  someAvg60?: number;
  someAvg300?: number;
  fullAvg10?: number;
  fullAvg60?: number;
  fullAvg300?: number;
}

const averages = /^(some|full) avg10=(\d+(?:\.\d+)?) avg60=(\d+(?:\.\d+)?) avg300=(\d+(?:\.\d+)?)/;

/** The averages in percent, those that are there. */
export function readPressure(lines: readonly Line[]): Pressure {
  const pressure: Pressure = {};
  for (const { text } of lines) {
    const match = averages.exec(text.trim());
    if (!match) continue;
    const [, , avg10, avg60, avg300] = match.map(Number);
    if (match[1] === 'some') Object.assign(pressure, { someAvg10: avg10, someAvg60: avg60, someAvg300: avg300 });
    else Object.assign(pressure, { fullAvg10: avg10, fullAvg60: avg60, fullAvg300: avg300 });
  }
  return pressure;
}
