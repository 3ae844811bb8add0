// A trace as a Mermaid flowchart, for a ticket or a wiki that draws it: a frame for each node, a box for each hook.

import type { Trace } from '../../models/path/trace.ts';
import { sealed } from '../leak-gate.ts';
import { nameLine } from '../visible.ts';
import { columnsOf, type DrawnStation, type DrawnTree } from './trace-columns.ts';
import { treeOf } from './trace-tree.ts';
import {
  assumption,
  clientSees,
  endText,
  fromTo,
  placesOf,
  reasonOf,
  sharesOf,
  stepText,
  toneOf,
} from './trace-words.ts';

/** A box says so many of its steps; the text has them all. */
const mostSteps = 4;

interface Chart {
  readonly boxes: { readonly frame: string; readonly line: string }[];
  readonly edges: string[];
  readonly shares: ReturnType<typeof sharesOf>;
  readonly place: ReturnType<typeof placesOf>['short'];
  last: number;
}

export function renderTraceMermaid(trace: Trace): string {
  const chart: Chart = { boxes: [], edges: [], place: placesOf(trace).short, shares: sharesOf(trace), last: 0 };
  chartTree(columnsOf(treeOf(trace)).drawn, undefined, chart);
  const frames = [...new Set(chart.boxes.map(({ frame }) => frame))];
  const lines = frames.flatMap((frame, at) => {
    const own = chart.boxes.filter((box) => box.frame === frame).map(({ line }) => line);
    if (frame === '') return own.map((line) => `  ${line}`);
    return [`  subgraph node${at}[${quoted(frame)}]`, ...own.map((line) => `    ${line}`), '  end'];
  });
  return sealed(
    [
      'flowchart LR',
      ...lines,
      ...chart.edges.map((edge) => `  ${edge}`),
      '  classDef change fill:#e9f2f8,stroke:#2a6187,color:#1b2328',
      '  classDef fine fill:#e8f4ec,stroke:#23693d,color:#1b2328',
      '  classDef bad fill:#fbebee,stroke:#a3142e,color:#a3142e',
      '  classDef unknown fill:#efedf5,stroke:#5c5675,color:#1b2328',
      '',
    ].join('\n'),
  );
}

interface Coming {
  readonly id: string;
  /** What stands on the edge that leaves it. */
  readonly label: string;
}

function chartTree({ stations, forks, tree }: DrawnTree, from: Coming | undefined, chart: Chart): void {
  let coming = from;
  const guess = tree.assumed.map(assumption).join(', ');
  const share = from === undefined ? '' : [chart.shares(tree.share, tree.assumed), guess].filter(Boolean).join(', ');
  let told = share;
  for (const station of stations) {
    const id = boxOf(station, chart);
    const change = station.steps.findLast((step) => step.change)?.change;
    if (coming) link(coming.id, id, [coming.label, change ? '' : told].filter(Boolean).join(' '), chart);
    // The share stands with the translation it decides; the guess where the ways part.
    const isTold = change !== undefined && told !== '' && change.kind !== 'mark';
    const start = station.name === 'start' ? station.steps[0]?.step.packet : undefined;
    coming = { id, label: change ? `${change.text}${isTold ? ` (${told})` : ''}` : start ? fromTo(start) : '' };
    if (isTold || change === undefined) told = '';
  }
  for (const fork of forks) chartTree(fork, coming && { ...coming, label: '' }, chart);
  if (!tree.leaf) return;
  const { branch, letter } = tree.leaf;
  const sees = clientSees(branch.end.symptom);
  const id = `e${letter}`;
  const tone = toneOf(branch.end.verdict);
  const said = [`${letter}: ${endText(branch.end)}`, reasonOf(branch.end), sees].filter((text) => text !== '');
  chart.boxes.push({ frame: '', line: `${id}([${quoted(...said)}]):::${tone}` });
  if (!coming) return;
  link(
    coming.id,
    id,
    [coming.label, stations.length === 0 ? told : ''].filter(Boolean).join(' '),
    chart,
    tone === 'bad' ? '==>' : '-->',
  );
  if (tree.leaf.reply.length > 0) {
    const back = tree.leaf.reply.flatMap(({ change }) => (change && change.kind !== 'mark' ? [change.text] : []));
    link(id, 's1', ['and back', ...back].join(': '), chart, '-.->');
  }
}

function boxOf(station: DrawnStation, chart: Chart): string {
  chart.last += 1;
  const id = `s${chart.last}`;
  const steps = station.steps.filter(({ number }) => number !== undefined);
  const shown = steps.slice(0, mostSteps).map(({ step, number }) => {
    const place = step.place ? ` ${chart.place(step.place)}` : '';
    return `${number} ${stepText(step)}${place}`;
  });
  const more = steps.length > shown.length ? [`and ${steps.length - shown.length} more`] : [];
  const change = station.steps.some((step) => step.change) ? ':::change' : '';
  const frame = station.name === 'start' ? '' : station.node;
  const title = station.name === 'start' ? 'client' : station.name;
  chart.boxes.push({
    frame,
    line: `${id}[${quoted(title, ...(shown.length > 0 ? shown : ['passes']), ...more)}]${change}`,
  });
  return id;
}

function link(from: string, to: string, label: string, chart: Chart, arrow = '-->'): void {
  chart.edges.push(label === '' ? `${from} ${arrow} ${to}` : `${from} ${arrow}|${quoted(label)}| ${to}`);
}

/** A label: what could be markup, a directive or the end of the label is written by its number. */
function quoted(...lines: readonly string[]): string {
  const safe = lines.map((line) =>
    nameLine(line)
      .replace(/["#<>&`{}[\]|\\;%@]/g, (char) => `#${char.charCodeAt(0)};`)
      .replace(/:\/\//g, '#58;//'),
  );
  return `"${safe.join('<br/>')}"`;
}
