// The section "Packet paths" as the page and the Markdown show it: a drawing for each, the text steps folded below.

import type { Report, ReportPath } from '../report.ts';
import { nameLine } from '../visible.ts';
import { counted, grouped } from '../wording.ts';
import { drawingOf } from './trace-drawing.ts';
import { renderTraceText } from './trace-text.ts';
import { clientSees, shareText, toneOf, verdictWord } from './trace-words.ts';

/** Beyond these, the paths lie in report.json. */
const maxPaths = 20;
const pageColumns = 110;

export function pathsView({ paths, findings }: Report) {
  const shown = paths.slice(0, maxPaths);
  const left = paths.length - shown.length;
  const subjects = new Map(findings.map(({ id, title }) => [id, title]));
  return {
    any: shown.length > 0,
    count: grouped(paths.length),
    more: left > 0 ? `${counted(left, 'further path')} in report.json.` : '',
    paths: shown.map((path, at) => ({
      title: nameLine(path.title),
      anchor: `path-${at + 1}`,
      verdicts: path.trace.verdicts.map((share) => ({
        tone: toneOf(share.verdict),
        word: verdictWord(share.verdict),
        share: shareText(share),
        sees: nameLine(clientSees(share.symptom)),
      })),
      notVisible: path.trace.notVisible.map(nameLine),
      findings: path.findings
        .filter((id) => subjects.has(id))
        .map((id) => ({ href: `#f-${id.slice(0, 12)}`, title: subjects.get(id) ?? '' })),
      drawing: drawingOf(path.trace),
      steps: textOf(path, pageColumns),
    })),
  };
}

export const textOf = ({ trace }: ReportPath, columns: number): string =>
  renderTraceText(trace, { columns, all: false, whereIdle: 'report.json has them', color: false }).trimEnd();
