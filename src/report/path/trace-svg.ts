// A trace as one SVG file: the drawing, and below it every step with its place. No script, no font, nothing loaded.

import type { Trace } from '../../models/path/trace.ts';
import { sealed } from '../leak-gate.ts';
import { template } from '../templates.ts';
import { spacing } from './drawing-shapes.ts';
import { Sheet } from './drawing-sheet.ts';
import { drawingOf, mostLanes } from './trace-drawing.ts';
import { leavesOf, type NumberedStep, type TraceTree, treeOf } from './trace-tree.ts';
import {
  assumption,
  clientSees,
  endText,
  hasBackends,
  type Places,
  placesOf,
  reasonOf,
  sharesOf,
  shareText,
  stepSentence,
  toneOf,
  verdictWord,
} from './trace-words.ts';

const rowHeight = 17;
/** Narrower than this, the list of the steps has no room. */
const leastWidth = 1100;

export function renderTraceSvg(trace: Trace): string {
  const drawing = drawingOf(trace);
  const width = Math.max(leastWidth, drawing.width);
  const sheet = new Sheet(width);
  const { from, to, protocol } = trace.query;
  sheet.text('heading', spacing.margin, 30, `${from} → ${to}, ${protocol}`, 'start', width - 24);
  trace.verdicts.forEach((share, at) => {
    const sees = clientSees(share.symptom);
    const text = `${verdictWord(share.verdict)} · ${shareText(share)}${sees === '' ? '' : ` · ${sees}`}`;
    sheet.text(toneOf(share.verdict), spacing.margin, 54 + at * 20, text, 'start', width - 24);
  });
  const head = 54 + trace.verdicts.length * 20;
  const pen: List = {
    sheet,
    places: placesOf(trace),
    withBackend: hasBackends(trace),
    shares: sharesOf(trace),
    y: head + drawing.height + 10,
  };
  for (const text of trace.notVisible)
    row(pen, () => sheet.text('note', 12, pen.y, `Not visible: ${text}`, 'start', width - 24));
  listed(treeOf(trace, mostLanes), pen);
  const { texts } = sheet;
  return sealed(
    template('trace.svg.hbs')({
      width,
      height: pen.y + 20,
      head,
      label: drawing.label,
      drawing,
      texts: texts.map((text) => ({ ...text, mono: text.kind === 'mono' || text.kind === 'file' })),
    }),
  );
}

interface List {
  readonly sheet: Sheet;
  readonly places: Places;
  readonly withBackend: boolean;
  readonly shares: ReturnType<typeof sharesOf>;
  y: number;
}

function row(list: List, draw: () => void): void {
  list.y += rowHeight;
  draw();
}

function listed(tree: TraceTree, list: List): void {
  for (const step of tree.steps) listStep(step, list);
  if (tree.leaf) {
    const { branch, letter, reply } = tree.leaf;
    const sees = clientSees(branch.end.symptom);
    const reason = reasonOf(branch.end);
    const text = `${letter} · ${endText(branch.end)}${sees === '' ? '' : `; ${sees}`}${reason === '' ? '' : `: ${reason}`}`;
    row(list, () => list.sheet.text(toneOf(branch.end.verdict), 44, list.y, text, 'start', list.sheet.width - 60));
    for (const step of reply) listStep(step, list);
  }
  for (const fork of tree.forks) {
    list.y += 8;
    const guess = fork.assumed.map((text) => `, ${assumption(text)}`).join('');
    const letters = leavesOf(fork).map(({ leaf }) => leaf?.letter ?? '');
    const share = `${letters.join(', ')} · ${list.shares(fork.share, fork.assumed)}${guess}`;
    row(list, () => list.sheet.text('change', 44, list.y, share, 'start', list.sheet.width - 60));
    listed(fork, list);
  }
}

function listStep(numbered: NumberedStep, list: List): void {
  const { step, number } = numbered;
  if (number === undefined) return;
  const { sheet } = list;
  const node = step.node === '' ? '' : step.node;
  const place = step.place ? list.places.short(step.place) : '';
  row(list, () => {
    sheet.text('file', 36, list.y, String(number), 'end', 40);
    sheet.text('file', 44, list.y, node, 'start', 150);
    sheet.text('mono', 200, list.y, stepSentence(numbered, '', list.withBackend), 'start', sheet.width - 200 - 370);
    sheet.text('file', sheet.width - spacing.margin, list.y, place, 'end', 360);
  });
}
