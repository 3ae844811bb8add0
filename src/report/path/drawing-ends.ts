// How a drawn way ends: the box of who receives it, or a red one where it stops, and the dashed line of the answer back.

import { fitting, spacing, textWidth } from './drawing-shapes.ts';
import type { Sheet } from './drawing-sheet.ts';
import type { NumberedStep, TraceTree } from './trace-tree.ts';
import { reasonOf, toneOf, verdictWord } from './trace-words.ts';

type Leaf = NonNullable<TraceTree['leaf']>;
type Origin = { readonly x: number; readonly y: number; readonly isChanged: boolean } | undefined;

/** Gives the left side of the box. What does not arrive ends right where it stops. */
export function endShapes(
  { branch, letter }: Leaf,
  arrival: readonly NumberedStep[],
  from: Origin,
  end: number,
  top: number,
  sheet: Sheet,
): number {
  const { verdict, receiver, node, symptom } = branch.end;
  const tone = toneOf(verdict);
  const reason = reasonOf(branch.end);
  const x = verdict === 'delivered' ? end : Math.min(end, (from?.x ?? spacing.margin) + spacing.gap);
  if (from) sheet.edge(from, x, top, tone === 'bad' ? 'failed' : from.isChanged ? 'changed' : 'way');
  const who = verdict === 'delivered' ? (receiver ?? node).replace(` on ${node}`, '') : node === '' ? '' : `on ${node}`;
  // A name of an error says of itself whose it is.
  const client = symptom === '' || /^E[A-Z]+$/.test(symptom) || arrival.length > 0 ? symptom : `client: ${symptom}`;
  const numbers = arrival.flatMap(({ number }) => (number === undefined ? [] : [String(number)]));
  sheet.box(x, top, spacing.end, {
    tone,
    title: `${letter} · ${verdictWord(verdict)}`,
    line: who,
    numbers: [...numbers, client].filter((word) => word !== '').join(' · '),
    tip: reason,
  });
  // The reason stands where there is room: to the right of the box, or below it and to the left.
  const right = x + spacing.end + 10;
  const isRoomRight = sheet.width - right > textWidth(reason, 13) || right < sheet.width / 2;
  if (isRoomRight) sheet.text('reason', right, top + 33, reason, 'start', sheet.width - right - 8);
  else sheet.text('reason', x + spacing.end, top + spacing.box + 16, reason, 'end', x + spacing.end - 20);
  return x;
}

/** Drawn below the boxes of the lane, from who answers to the client. */
export function backShapes(reply: readonly NumberedStep[], x: number, at: number, sheet: Sheet): void {
  const numbers = reply.flatMap(({ number }) => (number === undefined ? [] : [number]));
  if (reply.length === 0) return;
  const y = sheet.top(at) + spacing.box + spacing.below + 8;
  const to = spacing.margin + 26 + at * 9;
  const up = sheet.top(0) + spacing.box + 2;
  sheet.path('back', `M${x + spacing.end / 2} ${sheet.top(at) + spacing.box}V${y}H${to}V${up + 5}`);
  sheet.head('back', to, up, 'up');
  // What everybody asks of the way back: does it come by the same tunnel, and who undoes the translation.
  const words = reply.flatMap(({ step, change, number }) => {
    if (number === undefined) return [];
    const isTranslated = change !== undefined && change.kind !== 'mark';
    if (!isTranslated && step.stage !== 'tunnel') return [];
    const what = isTranslated ? change.text : step.effect;
    return [step.node === '' ? what : `${step.node}: ${what}`];
  });
  const range = numbers.length > 1 ? `${numbers[0]}–${numbers.at(-1)}` : `${numbers[0] ?? ''}`;
  const text = `and back (${range})  ${words.join(' · ')}`;
  const room = x + spacing.end / 2 - to - 24;
  sheet.text('note', x + spacing.end / 2 - 10, y + 15, fitting(text, room, 13), 'end', room);
}
