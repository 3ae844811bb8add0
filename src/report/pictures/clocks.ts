// How far the clocks of the nodes are apart, in words: times are shown as they were written, and none is corrected.

import { placeLine } from '../html-finding.ts';
import type { Report, ReportClock } from '../report.ts';
import { nameLine } from '../visible.ts';
import { counted } from '../wording.ts';

/** Below it the order of events within a second may change, and no more. */
const muchSeconds = 0.1;
const mostRows = 20;

export function clocksView({ clocks = [] }: Report) {
  const off = clocks.filter(isOff);
  const fine = new Set(clocks.filter((clock) => !isOff(clock)).map(({ node }) => node)).size;
  return {
    any: clocks.length > 0,
    off: off
      .slice(0, mostRows)
      .map((clock) => ({ node: nameLine(clock.node), text: textOf(clock), place: placeLine(clock.evidence) })),
    more: off.length > mostRows ? `${counted(off.length - mostRows, 'further clock')} in report.json.` : '',
    fine: fine === 0 ? '' : `${counted(fine, 'node')} within 0.1 s of the reference.`,
  };
}

const isOff = ({ offsetSeconds = 0, behindApiSeconds = 0, synchronized }: ReportClock): boolean =>
  Math.abs(offsetSeconds) >= muchSeconds || behindApiSeconds > 0 || synchronized === false;

function textOf({ offsetSeconds, behindApiSeconds, synchronized }: ReportClock): string {
  const words: string[] = [];
  if (behindApiSeconds)
    words.push(
      `at least ${counted(behindApiSeconds, 'second')} behind the API server: a pod was started before it was made`,
    );
  if (offsetSeconds !== undefined && Math.abs(offsetSeconds) >= muchSeconds) {
    words.push(
      `${Number(Math.abs(offsetSeconds).toFixed(3))} s ${offsetSeconds < 0 ? 'behind' : 'ahead of'} its reference`,
    );
  }
  if (synchronized === false) words.push('not in step with any reference');
  return words.join('; ');
}
