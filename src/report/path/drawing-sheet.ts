// A sheet to draw a trace on: keeps the shapes, and finds room for labels so that none covers another.

import { nameLine } from '../visible.ts';
import {
  type BoxShape,
  type Drawing,
  fitting,
  fittingEnd,
  inks,
  type PathShape,
  palette,
  spacing,
  type TextShape,
  textWidth,
} from './drawing-shapes.ts';
import type { DrawnStation } from './trace-columns.ts';

const farthestLeft = 480;

interface Frame {
  readonly ordinal: number;
  readonly node: string;
  readonly firstLane: number;
  lastLane: number;
  left: number;
  right: number;
}

export interface BoxWords {
  readonly tone: string;
  readonly title: string;
  readonly line: string;
  readonly numbers: string;
  readonly tip: string;
}

export class Sheet {
  readonly width: number;
  private readonly laneHeight: number;
  readonly paths: PathShape[] = [];
  readonly boxes: BoxShape[] = [];
  readonly texts: TextShape[] = [];
  readonly frames: Frame[] = [];
  /** Of each row of labels, how far it is taken. */
  private readonly taken = new Map<number, number>();

  constructor(width: number, hasBack = false) {
    this.width = width;
    this.laneHeight = spacing.labels + spacing.box + spacing.below + (hasBack ? spacing.back : 0);
  }

  /** Top of the boxes of a lane; of the lane behind the last one, the end of the drawing. */
  top(lane: number): number {
    return lane * this.laneHeight + spacing.labels;
  }

  edge(from: { readonly x: number; readonly y: number }, x: number, top: number, kind: string): void {
    const [y1, y2] = [from.y + spacing.box / 2, top + spacing.box / 2];
    const turn = from.x + spacing.gap / 2;
    const bend = y1 === y2 ? `H${x - 5}` : `H${turn}V${y2}H${x - 5}`;
    this.path(kind, `M${from.x} ${y1}${bend}`);
    this.head(kind, x, y2, 'right');
  }

  path(kind: string, d: string): void {
    this.paths.push({ ...shape(kind), d });
  }

  /** The head of an arrow whose tip is at this point. */
  head(kind: string, x: number, y: number, to: 'right' | 'up'): void {
    const d =
      to === 'right'
        ? `M${x - 6} ${y - 4}L${x} ${y}L${x - 6} ${y + 4}Z`
        : `M${x - 4} ${y + 6}L${x} ${y}L${x + 4} ${y + 6}Z`;
    const { stroke } = shape(kind);
    this.paths.push({ kind: `${kind} head`, fill: stroke, stroke: 'none', dash: '', d });
  }

  box(x: number, y: number, width: number, { tone, title, line, numbers, tip }: BoxWords): void {
    this.boxes.push({ ...shape(tone), x, y, width, height: spacing.box, tip: drawable(tip) });
    const middle = x + width / 2;
    this.text('title', middle, y + 18, title, 'middle', width - 4);
    this.text('line', middle, y + 35, line, 'middle', width - 6);
    this.text('numbers', middle, y + 51, numbers, 'middle', width - 6);
  }

  /** In one of the two rows above the boxes of a lane: in the first that is free there, else behind what stands in it. */
  label(kind: string, x: number, top: number, text: string): void {
    const [, size = 12, weight = 400] = inks[kind] ?? [];
    const isBold = weight > 400;
    const right = this.width - spacing.margin;
    const said = drawable(text);
    // Near the right side a long label begins further left.
    const begin = Math.min(x, Math.max(x - farthestLeft, right - textWidth(said, size, isBold)));
    const rows = [top - 8, top - 24];
    const free = rows.find((row) => (this.taken.get(row) ?? 0) <= begin) ?? top - 24;
    const from = Math.max(begin, this.taken.get(free) ?? 0);
    const shown = fitting(said, right - from, size, isBold);
    this.taken.set(free, from + textWidth(shown, size, isBold) + 14);
    this.text(kind, from, free, shown, 'start', this.width);
  }

  text(kind: string, x: number, y: number, text: string, anchor: TextShape['anchor'], room: number): void {
    const [fill = '', size = 12, weight = 400] = inks[kind] ?? [];
    const line = drawable(text);
    const shown =
      kind === 'file' ? fittingEnd(line, room, size) : fitting(line, room, size, kind === 'mono' || weight > 400);
    this.texts.push({ kind, fill, x, y, anchor, size, weight, text: shown });
  }

  /** Boxes of one node, lane below lane, lie in one frame. */
  frame({ node, ordinal, name }: DrawnStation, x: number, width: number, lane: number): void {
    if (node === '' || name === 'start') return;
    const open = this.frames.findLast(
      (frame) => frame.node === node && frame.ordinal === ordinal && frame.lastLane >= lane - 1,
    );
    if (!open) {
      this.frames.push({ ordinal, node, firstLane: lane, lastLane: lane, left: x, right: x + width });
      return;
    }
    open.lastLane = Math.max(open.lastLane, lane);
    open.left = Math.min(open.left, x);
    open.right = Math.max(open.right, x + width);
  }

  drawing(height: number, label: string): Drawing {
    const frames = this.frames.map(({ left, right, firstLane, lastLane, node }): BoxShape => {
      const top = this.top(firstLane) - spacing.labels + 3;
      const bottom = this.top(lastLane) + spacing.box + spacing.below - 2;
      this.text('node', left - 1, bottom - 7, node, 'start', right - left);
      return {
        ...shape('frame'),
        x: left - 7,
        y: top,
        width: right - left + 14,
        height: bottom - top,
        tip: drawable(node),
      };
    });
    const { width, paths, boxes, texts } = this;
    return { width, height, label: drawable(label), frames, paths, boxes, texts };
  }
}

/** In one line, without what steers a terminal or is no character of XML. */
const drawable = (text: string): string => nameLine(text).replace(/[\ufffe\uffff]/g, '\ufffd');

function shape(kind: string) {
  const [fill = 'none', stroke = 'none', dash = ''] = palette[kind] ?? [];
  return { kind, fill, stroke, dash };
}
