// A trace as text: numbered steps by node and hook, forks as a tree, the verdict at the end of each way. For a terminal or a ticket.

import type { Trace } from '../../models/path/trace.ts';
import { sealed } from '../leak-gate.ts';
import { visibleLine } from '../visible.ts';
import { counted, grouped } from '../wording.ts';
import { isSameStation, type Station, stationsOf } from './trace-stations.ts';
import { leavesOf, type NumberedStep, type TraceTree, treeOf } from './trace-tree.ts';
import {
  assumption,
  clientSees,
  devices,
  endText,
  fromTo,
  hasBackends,
  type Places,
  percent,
  placesOf,
  reasonOf,
  sharesOf,
  shareText,
  stepSentence,
  type Tone,
  toneOf,
  verdictWord,
} from './trace-words.ts';
import { wrapped } from './wrap.ts';

export interface TextOptions {
  readonly columns: number;
  /** Idle steps too. */
  readonly all: boolean;
  /** Where those steps are shown, if they are left out here. */
  readonly whereIdle: string;
  readonly color: boolean;
}

type Paint = (style: keyof typeof codes, text: string) => string;
const codes = { bold: 1, dim: 2, bad: 31, fine: 32, unknown: 35 } as const;
const signs: Readonly<Record<Tone, string>> = { fine: '✔', bad: '✖', unknown: '?' };

/** Wider than this, a step and its place are too far apart for the eye. */
const widest = 132;

interface Pen extends TextOptions {
  readonly paint: Paint;
  readonly places: Places;
  readonly withBackend: boolean;
  readonly shares: ReturnType<typeof sharesOf>;
  readonly isAlone: boolean;
}

export function renderTraceText(trace: Trace, options: TextOptions): string {
  const tree = treeOf(trace);
  const pen: Pen = {
    ...options,
    columns: Math.min(widest, Math.max(60, options.columns)),
    paint: (style, text) => (options.color ? `\u001b[${codes[style]}m${text}\u001b[0m` : text),
    places: placesOf(trace),
    withBackend: hasBackends(trace),
    shares: sharesOf(trace),
    isAlone: trace.branches.length === 1,
  };
  const lines = [...headLines(trace, tree, pen), ...treeLines(tree, '', undefined, pen), ...fileLines(pen)];
  return sealed(`${lines.join('\n')}\n`);
}

function headLines(trace: Trace, tree: TraceTree, pen: Pen): string[] {
  const { from, to, protocol, node } = trace.query;
  const by = node ? `, by way of ${node}` : '';
  const lines = wrapped(said(`${from} → ${to}, ${protocol}${by}`), pen.columns, '').map((line) =>
    pen.paint('bold', line),
  );
  lines.push('');
  for (const share of trace.verdicts) {
    const tone = toneOf(share.verdict);
    const head = `${signs[tone]} ${verdictWord(share.verdict)}  ${shareText(share)}`;
    const sees = clientSees(share.symptom);
    lines.push(`  ${pen.paint(tone, head)}${sees === '' ? '' : `  ${said(sees)}`}`);
  }
  if (trace.verdicts.length === 0) lines.push(`  ${pen.paint('unknown', '? no way was found')}`);
  const leaves = leavesOf(tree);
  if (leaves.length > 1) {
    lines.push('');
    for (const { leaf } of leaves) {
      if (!leaf) continue;
      const { branch, letter } = leaf;
      const text = `${letter}  ${pen.shares(branch.weight, branch.assumptions)}  ${endText(branch.end)}`;
      lines.push(...wrapped(said(text), pen.columns - 4, '      ').map((line) => `    ${line}`));
    }
  }
  const idle = idleCount(tree);
  if (idle > 0 && !pen.all)
    lines.push('', pen.paint('dim', `  Left out: ${counted(idle, 'step')} that decide nothing; ${pen.whereIdle}`));
  for (const text of trace.notVisible)
    lines.push('', ...wrapped(said(`Not visible: ${text}`), pen.columns - 2, '  ').map((line) => `  ${line}`));
  return lines;
}

function treeLines(tree: TraceTree, margin: string, before: Station | undefined, pen: Pen): string[] {
  const stations = stationsOf(tree.steps, before);
  // Of a fork that the dice of rules decide, the first rule carries the share.
  const share = before && tree.assumed.length === 0 ? percent(tree.share) : '';
  const lines = stations.flatMap((station, at) =>
    stationLines(station, stations[at - 1] ?? before, margin, at === 0 ? share : '', pen),
  );
  if (tree.leaf) return [...lines, ...endLines(tree.leaf, margin, pen)];
  const last = stations.at(-1) ?? before;
  tree.forks.forEach((fork, at) => {
    const isLast = at === tree.forks.length - 1;
    const inner = `${margin}${isLast ? '   ' : '│  '}`;
    const letters = leavesOf(fork).map(({ leaf }) => leaf?.letter ?? '');
    const name = letters.length > 4 ? `${letters[0]} to ${letters.at(-1)}` : letters.join(', ');
    lines.push(`${margin}│`);
    const head = pen.paint('bold', `${name} · ${pen.shares(fork.share, fork.assumed)}`);
    lines.push(`${margin}${isLast ? '└─' : '├─'} ${head}`);
    for (const text of fork.assumed) lines.push(...assumedLines(text, inner, pen));
    lines.push(...treeLines(fork, inner, last, pen));
  });
  return lines;
}

function stationLines(
  station: Station,
  before: Station | undefined,
  margin: string,
  share: string,
  pen: Pen,
): string[] {
  const shown = pen.all ? station.steps : station.steps.filter(({ number }) => number !== undefined);
  const idle = station.steps.length - shown.length;
  if (station.outer && shown.length === 0) return [];
  const lines: string[] = [];
  if (!isSameStation(before, station))
    lines.push(margin.trimEnd(), ...headingLines(station, before, idle, margin, pen));
  shown.forEach((each, at) => {
    lines.push(...stepLines(each, margin, at === 0 ? share : '', pen));
  });
  return lines;
}

function headingLines(station: Station, before: Station | undefined, idle: number, margin: string, pen: Pen): string[] {
  const [first] = station.steps;
  if (!first || station.name === 'start') return [];
  const where = [station.node, station.name, station.outer ? 'outer packet' : ''].filter((word) => word !== '');
  const { packet } = first.step;
  const left = idle === 0 ? '' : `${grouped(idle)} idle`;
  const head = said(where.join(' · '));
  const beforeIt = before?.name === 'start' ? undefined : before?.steps[0]?.step.packet;
  const isNew = !beforeIt || fromTo(beforeIt) !== fromTo(packet);
  const rest = said([isNew ? fromTo(packet) : '', devices(packet), left].filter((word) => word !== '').join(', '));
  const room = pen.columns - margin.length;
  if (head.length + 2 + rest.length <= room)
    return [`${margin}${pen.paint('bold', head)}  ${pen.paint('dim', rest)}`.trimEnd()];
  return [
    `${margin}${pen.paint('bold', head)}`,
    ...wrapped(rest, room - 2, '').map((line) => `${margin}  ${pen.paint('dim', line)}`),
  ];
}

function stepLines(numbered: NumberedStep, margin: string, share: string, pen: Pen): string[] {
  const { step, number } = numbered;
  const count = number === undefined ? '·' : String(number);
  const head = `${margin}${count.padStart(4)}  `;
  const hang = `${margin}      `;
  const packets = pen.all && step.counted !== undefined ? `, ${counted(step.counted, 'packet')} counted` : '';
  const full = said(`${stepSentence(numbered, share, pen.withBackend)}${packets}`);
  const place = step.place ? said(pen.places.short(step.place)) : '';
  const room = pen.columns - head.length;
  if (full.length + 2 + place.length <= room) {
    const gap = place === '' ? '' : ' '.repeat(room - full.length - place.length);
    return [`${head}${full}${gap}${pen.paint('dim', place)}`.trimEnd()];
  }
  const lines = wrapped(full, room, '  ').map((line, at) => `${at === 0 ? head : hang}${line}`);
  if (place === '') return lines;
  const last = lines.at(-1) ?? '';
  const behind = pen.columns - last.length - place.length;
  if (lines.length > 1 && behind >= 2)
    return [...lines.slice(0, -1), `${last}${' '.repeat(behind)}${pen.paint('dim', place)}`];
  const before = Math.max(margin.length + 8, pen.columns - place.length);
  return [...lines, `${margin}${' '.repeat(before - margin.length)}${pen.paint('dim', place)}`];
}

function endLines({ branch, reply }: NonNullable<TraceTree['leaf']>, margin: string, pen: Pen): string[] {
  const { end, seenFrom } = branch;
  const tone = toneOf(end.verdict);
  const lines = [margin.trimEnd()];
  if (pen.isAlone) for (const text of branch.assumptions) lines.push(...assumedLines(text, margin, pen));
  const hang = (text: string, paint: keyof typeof codes | undefined, indent: string) =>
    wrapped(said(text), pen.columns - margin.length - indent.length, '').map(
      (line) => `${margin}${indent}${paint ? pen.paint(paint, line) : line}`,
    );
  const sees = clientSees(end.symptom);
  const from = seenFrom && end.verdict === 'delivered' ? `, which sees ${seenFrom} as the source` : '';
  lines.push(...hang(`${signs[tone]} ${endText(end)}${from}${sees === '' ? '' : `; ${sees}`}`, tone, '   '));
  const reason = reasonOf(end);
  if (reason !== '') lines.push(...hang(reason, undefined, '     '));
  if (reply.length === 0) return lines;
  lines.push(margin.trimEnd(), `${margin}   ${pen.paint('bold', 'and back')}`);
  const isShown = ({ steps }: Station) => pen.all || steps.some(({ number }) => number !== undefined);
  const stations = stationsOf(reply).filter(isShown);
  return [...lines, ...stations.flatMap((station, at) => stationLines(station, stations[at - 1], margin, '', pen))];
}

const assumedLines = (text: string, margin: string, pen: Pen): string[] =>
  wrapped(said(assumption(text)), pen.columns - margin.length - 3, '   ').map(
    (line) => `${margin}   ${pen.paint('unknown', line)}`,
  );

function fileLines({ places, paint, columns }: Pen): string[] {
  if (places.names.length === 0) return [];
  const width = Math.min(40, Math.max(...places.names.map(({ name }) => said(name).length)));
  const rows = places.names.map(({ name, path }) => {
    const short = said(name);
    const line = `  ${short.padEnd(width)}  ${said(path)}`;
    return line.length <= columns ? line : `  ${short}\n    ${said(path)}`;
  });
  return ['', paint('dim', 'Files'), ...rows.map((row) => paint('dim', row))];
}

function idleCount(tree: TraceTree): number {
  const own = [...tree.steps, ...(tree.leaf?.reply ?? [])].filter(({ number }) => number === undefined).length;
  return tree.forks.reduce((sum, fork) => sum + idleCount(fork), own);
}

/** Whatever a name of a bundle holds, it stays in its line and steers no terminal. */
const said = visibleLine;
