// Measures and words of a drawn trace: how wide a column is, where a lane lies, what a shape is.

import type { Packet } from '../../models/netfilter/packet.ts';
import type { DrawnStation } from './trace-columns.ts';
import { address } from './trace-words.ts';

export interface Shape {
  readonly kind: string;
  readonly fill: string;
  readonly stroke: string;
  readonly dash: string;
}
export interface BoxShape extends Shape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly tip: string;
}
export interface PathShape extends Shape {
  readonly d: string;
}
export interface TextShape {
  readonly kind: string;
  readonly fill: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly size: number;
  readonly weight: number;
  readonly text: string;
}

/** What the template draws, in this order. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly frames: readonly BoxShape[];
  readonly paths: readonly PathShape[];
  readonly boxes: readonly BoxShape[];
  readonly texts: readonly TextShape[];
}

export const spacing = { margin: 8, gap: 13, box: 58, labels: 48, below: 34, back: 36, end: 132, corner: 5 } as const;

export function widthOf(column: string): number {
  if (column.includes(' start ')) return 118;
  return column.startsWith('between') ? 112 : 88;
}

export const palette: Readonly<Record<string, readonly [fill: string, stroke: string, dash: string]>> = {
  plain: ['#ffffff', '#8a979f', ''],
  quiet: ['#f7f8f8', '#c3cbd0', '4 3'],
  change: ['#e9f2f8', '#2a6187', ''],
  stop: ['#fbebee', '#a3142e', ''],
  fine: ['#e8f4ec', '#23693d', ''],
  bad: ['#fbebee', '#a3142e', ''],
  unknown: ['#efedf5', '#5c5675', ''],
  frame: ['#f1f4f5', '#dde2e5', ''],
  way: ['none', '#56626b', ''],
  changed: ['none', '#2a6187', ''],
  failed: ['none', '#a3142e', ''],
  back: ['none', '#56626b', '5 4'],
};

export const inks: Readonly<Record<string, readonly [fill: string, size: number, weight: number]>> = {
  heading: ['#1b2328', 18, 650],
  title: ['#1b2328', 12.5, 650],
  line: ['#56626b', 12, 400],
  numbers: ['#1b2328', 12, 400],
  node: ['#56626b', 13, 650],
  packet: ['#1b2328', 13, 400],
  change: ['#2a6187', 13, 600],
  guess: ['#5c5675', 13, 600],
  note: ['#56626b', 13, 400],
  fine: ['#23693d', 12.5, 650],
  bad: ['#a3142e', 12.5, 650],
  unknown: ['#5c5675', 12.5, 650],
  reason: ['#a3142e', 13, 400],
  mono: ['#1b2328', 11.5, 400],
  file: ['#56626b', 11.5, 400],
};

/** Letters are on average so much of the size of their font, if they are not bold. */
const thin = 0.53;
const thick = 0.6;

/** What fits into so many pixels; `isWide`: in bold, or letters of one width. */
export function fitting(text: string, pixels: number, size: number, isWide = false): string {
  const most = Math.max(3, Math.floor(pixels / (size * (isWide ? thick : thin))));
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The same for a place, of which the end tells more. */
export function fittingEnd(text: string, pixels: number, size: number): string {
  const most = Math.max(3, Math.floor(pixels / (size * thick)));
  return text.length <= most ? text : `…${text.slice(text.length - most + 1).replace(/^[\udc00-\udfff]/, '')}`;
}

export const textWidth = (text: string, size: number, isWide = false): number =>
  text.length * size * (isWide ? thick : thin);

/** The device of a station, or for a tunnel the two nodes it joins. */
export function place(station: DrawnStation, next: Packet | undefined): string {
  const packet = station.steps[0]?.step.packet;
  if (!packet) return '';
  if (station.name === 'start') return station.steps[0]?.step.effect.replace(/(?: sends? |: ).*$/, '') ?? '';
  if (station.name === 'tunnel') {
    const outer = station.steps.find(({ step }) => step.outer)?.step;
    if (station.steps.every(({ step }) => step.outer && step.node === outer?.node)) return `at ${outer?.node ?? ''}`;
    return outer ? `to ${address(outer.packet.destination)}` : '';
  }
  if (station.name === 'prerouting' || station.name === 'input') return packet.inDevice && `in ${packet.inDevice}`;
  if (station.name === 'routing') return next?.outDevice ? `→ ${next.outDevice}` : '';
  if (station.name === 'forward') return packet.outDevice && `→ ${packet.outDevice}`;
  return packet.outDevice && `out ${packet.outDevice}`;
}
