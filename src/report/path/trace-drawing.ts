// Lays a trace out as a drawing: a lane for each way, a column for each hook, edges that carry the translation and its share. Plain data.

import type { Trace } from '../../models/path/trace.ts';
import { counted } from '../wording.ts';
import { backShapes, endShapes } from './drawing-ends.ts';
import { type Drawing, place, spacing, widthOf } from './drawing-shapes.ts';
import { Sheet } from './drawing-sheet.ts';
import { columnsOf, type DrawnStation, type DrawnTree } from './trace-columns.ts';
import { type NumberedStep, type TraceTree, treeOf } from './trace-tree.ts';
import { assumption, fromTo, percent, sharesOf } from './trace-words.ts';

/** More ways than these make no drawing that anybody reads; the text has them all. */
export const mostLanes = 8;

/** Where an edge comes from: the right side of a box, and what the packet was there. */
interface Origin {
  readonly x: number;
  readonly y: number;
  readonly isChanged: boolean;
}

export function drawingOf(trace: Trace): Drawing {
  const tree = treeOf(trace, mostLanes);
  const { columns, drawn } = columnsOf(tree);
  const xs = xsOf(columns);
  const hasBack = trace.branches.slice(0, mostLanes).some(({ reply = [] }) => reply.length > 0);
  const sheet = new Sheet(xs.end + spacing.end + spacing.margin, hasBack);
  drawTree(drawn, undefined, { ...xs, shares: sharesOf(trace) }, sheet);
  const lanes = Math.max(1, Math.min(mostLanes, trace.branches.length));
  const left = trace.branches.length - mostLanes;
  const more = left > 0 ? `${counted(left, 'further way')} in the text` : '';
  const height = sheet.top(lanes) - spacing.labels + (more === '' ? 8 : 28);
  if (more !== '') sheet.text('note', spacing.margin, height - 12, more, 'start', sheet.width);
  const { from, to, protocol } = trace.query;
  return sheet.drawing(height, `Path of ${protocol} from ${from} to ${to}`);
}

interface Plan {
  readonly of: ReadonlyMap<string, number>;
  /** Left side of the last column: where a way that arrives ends. */
  readonly end: number;
  readonly shares: ReturnType<typeof sharesOf>;
}

function xsOf(columns: readonly string[]): Omit<Plan, 'shares'> {
  const of = new Map<string, number>();
  let x = spacing.margin;
  for (const column of columns) {
    of.set(column, x);
    x += widthOf(column) + spacing.gap;
  }
  return { of, end: x };
}

function drawTree(drawn: DrawnTree, from: Origin | undefined, xs: Plan, sheet: Sheet): void {
  const top = sheet.top(drawn.lane);
  const { tree } = drawn;
  let origin = from;
  drawn.stations.forEach((station, at) => {
    const x = xs.of.get(station.column) ?? 0;
    const width = widthOf(station.column);
    const next = drawn.stations[at + 1];
    const change = lastChange(station.steps);
    if (origin) sheet.edge(origin, x, top, origin.isChanged ? 'changed' : 'way');
    const isFirst = at === 0 && from !== undefined;
    if (isFirst) forkLabel(tree, change === undefined, x, top, xs, sheet);
    if (station.name === 'start') startLabel(station, x, top, sheet);
    sheet.frame(station, x, width, drawn.lane);
    sheet.box(x, top, width, boxOf(station, next, isEnd(drawn, at)));
    if (change && change.kind !== 'mark') {
      const share = isFirst && tree.assumed.length === 0 ? ` (${percent(tree.share)})` : '';
      sheet.label('change', x + width / 2, top, `${change.text}${share}`);
    }
    if (change?.kind === 'mark')
      sheet.text('change', x + width / 2, top + spacing.box + 14, change.text, 'middle', width);
    const isChanged = origin?.isChanged === true || (change !== undefined && change.kind !== 'mark');
    origin = { x: x + width, y: top, isChanged };
  });
  for (const fork of drawn.forks) drawTree(fork, origin, xs, sheet);
  if (tree.leaf) {
    const last = drawn.stations.at(-1);
    if (last === undefined && from) forkLabel(tree, true, from.x + spacing.gap, top, xs, sheet);
    const x = endShapes(tree.leaf, drawn.arrival, origin, xs.end, top, sheet);
    backShapes(tree.leaf.reply, x, drawn.lane, sheet);
  }
}

/** The last station of a way that does not arrive: what stops the packet is red. */
function isEnd({ tree, stations }: DrawnTree, at: number): boolean {
  return tree.leaf !== undefined && at === stations.length - 1 && tree.leaf.branch.end.verdict !== 'delivered';
}

function boxOf(station: DrawnStation, next: DrawnStation | undefined, isLast: boolean) {
  const numbers = station.steps.flatMap(({ number }) => (number === undefined ? [] : [number]));
  const change = lastChange(station.steps);
  const quiet = numbers.length === 0;
  return {
    tone: isLast ? ('stop' as const) : change ? ('change' as const) : quiet ? ('quiet' as const) : ('plain' as const),
    title: titleOf(station),
    line: place(station, next?.steps[0]?.step.packet),
    numbers: numbersText(numbers),
    tip: station.steps.map(({ step }) => step.effect).join(' · '),
  };
}

function titleOf(station: DrawnStation): string {
  if (station.name === 'start') return 'client';
  if (station.name !== 'tunnel') return station.name;
  const ports = station.steps.filter(({ step }) => step.outer).map(({ step }) => step.packet.destinationPort);
  if (ports.some((port) => port === 4789 || port === 8472)) return 'VXLAN';
  if (ports.includes(6081)) return 'Geneve';
  const said = station.steps.map(({ step }) => /\b(?:VXLAN|Geneve|IPIP|WireGuard)\b/i.exec(step.effect)?.[0]);
  return (
    said.find((word) => word !== undefined) ??
    (station.steps.every(({ step }) => step.stage === 'wire') ? 'wire' : 'tunnel')
  );
}

const numbersText = (numbers: readonly number[]): string => {
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined) return 'passes';
  return first === last ? String(first) : `${first}–${last}`;
};

const lastChange = (steps: readonly NumberedStep[]) =>
  steps.findLast(({ change }) => change !== undefined && change.kind !== 'mark')?.change ??
  steps.findLast(({ change }) => change !== undefined)?.change;

function startLabel({ steps }: DrawnStation, x: number, top: number, sheet: Sheet): void {
  const packet = steps[0]?.step.packet;
  if (packet) sheet.label('packet', x, top, fromTo(packet));
}

/** Dice share the connections; the share stands on the edge unless a translation there carries it. */
function forkLabel(tree: TraceTree, isAlone: boolean, x: number, top: number, { shares }: Plan, sheet: Sheet): void {
  const guess = tree.assumed.map(assumption).join(', ');
  if (guess !== '') sheet.label('guess', x, top, `${shares(tree.share, tree.assumed)}, ${guess}`);
  else if (isAlone) sheet.label('change', x, top, percent(tree.share));
}
