// Coverage as the page shows it: the sums as a bar, gaps and infos by code, never more rows than a browser can bear.

import type { Coverage, Gap, Info } from '../bundle/coverage.ts';
import { barOf } from './bar.ts';
import { byKeys, groupBy } from './compare.ts';
import { meaningOf } from './gap-meanings.ts';
import { cutTo, nameLine, visibleLine } from './visible.ts';
import { counted, grouped } from './wording.ts';

const maxRows = 100;
const longestDetail = 2000;

export function coverageView(coverage: Coverage) {
  const { entries, analysed, empty, notRelevant, gap, gaps, infos } = coverage;
  return {
    count: grouped(gaps.length),
    entries: counted(entries, 'entry', 'entries'),
    bar: barOf([
      { key: 'gap', label: 'with a gap', count: gap },
      { key: 'analysed', label: 'analysed', count: analysed },
      { key: 'empty', label: 'empty', count: empty },
      { key: 'not-relevant', label: 'not relevant', count: notRelevant },
    ]),
    complete: gaps.length === 0,
    gapsCount: counted(gaps.length, 'gap'),
    gaps: byCode(gaps),
    anyInfos: infos.length > 0,
    infosCount: counted(infos.length, 'note'),
    infos: byCode(infos),
  };
}

function byCode(entries: readonly (Gap | Info)[]) {
  const codes = [...groupBy<Gap | Info>(entries, (entry) => entry.code)].map(([code, same]) => ({
    code: nameLine(code),
    meaning: meaningOf(code),
    number: same.length,
    count: grouped(same.length),
    rows: same.slice(0, maxRows).map((entry) => ({
      path: nameLine(entry.path),
      detail: cutTo(visibleLine(entry.detail), longestDetail),
    })),
    more: same.length > maxRows ? `${grouped(same.length - maxRows)} more, all in report.json.` : '',
  }));
  return codes.sort(byKeys((entry) => [-entry.number, entry.code]));
}
