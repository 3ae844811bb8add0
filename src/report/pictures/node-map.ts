// The node map: a cell for each node, by role, with its state and its worst finding; fewer words the more nodes there are.

import { byKeys, groupBy } from '../compare.ts';
import { severities } from '../finding-groups.ts';
import { placeLine } from '../html-finding.ts';
import type { Report, ReportNode } from '../report.ts';
import { nameLine } from '../visible.ts';
import { counted, grouped, timed } from '../wording.ts';
import { roleOf, stateOf, stateText, type Tally, tallies, tallyText, totalOf, worstOf } from './node-state.ts';

/** Up to here each node has a card with its name; up to the next a tile with a number; beyond, a mark in one drawing. */
const mostCards = 48;
const mostTiles = 400;
const mostRows = 300;
const pitch = 16;
const columns = 60;

const roleOrder = ['Control plane', 'Infra', 'Worker'];

export function nodeMapView(report: Report) {
  const nodes = report.nodes ?? [];
  const tallyOf = tallies(report);
  const cells = nodes.map((node) => cellOf(node, tallyOf(node.name)));
  const form = cells.length <= mostCards ? 'cards' : cells.length <= mostTiles ? 'tiles' : 'marks';
  const groups = [...groupBy(cells, ({ role }) => role)]
    .sort(byKeys(([role]) => [(roleOrder.indexOf(role) + roleOrder.length + 1) % (roleOrder.length + 1), role]))
    .map(([role, same]) => ({
      role,
      count: counted(same.length, 'node'),
      cells: form === 'marks' ? [] : same,
      drawing: form === 'marks' ? [drawingOf(role, same)] : [],
    }));
  const rows = [...cells].sort(byKeys((cell) => cell.order)).slice(0, mostRows);
  const alone = cells.filter(({ gathered }) => gathered).length;
  return {
    any: cells.length > 0,
    cards: form === 'cards',
    count: grouped(cells.length),
    caption: `${summary(cells)} Files of the machine itself are here for ${alone === 0 ? 'none' : grouped(alone)} of ${grouped(cells.length)}.`,
    groups,
    legend: form === 'cards' ? [] : legendOf(cells),
    rows,
    rowsTitle:
      form === 'cards' ? 'The same as a table, with file and line' : 'The nodes as a table, the most troubled first',
    more: cells.length > rows.length ? `${counted(cells.length - rows.length, 'further node')} in report.json.` : '',
  };
}

const stateLegend = [
  { state: 'ready', word: 'ready, nothing found' },
  { state: 'down', word: 'not ready' },
  { state: 'unknown', word: 'no longer reports' },
  { state: 'untold', word: 'without a Node object' },
] as const;

/** Signs of the findings come before those of the state: a cell shows one. */
function legendOf(cells: readonly Cell[]) {
  return [
    ...severities
      .filter((severity) => cells.some(({ worst }) => worst === severity))
      .map((severity) => ({ sign: severity, tone: `s-${severity}`, word: worstWords[severity] })),
    ...stateLegend
      .filter(({ state }) => cells.some((cell) => cell.worst === '' && cell.state === state))
      .map(({ state, word }) => ({ sign: `n-${state}`, tone: `n-${state}`, word })),
  ];
}
const worstWords = {
  critical: 'worst finding is critical',
  error: 'worst is an error',
  warning: 'worst is a warning',
  info: 'worst is a note',
} as const;

type Cell = ReturnType<typeof cellOf>;

function cellOf(node: ReportNode, tally: Tally) {
  const state = stateOf(node);
  const worst = worstOf(tally);
  const since = node.conditions.find(({ type }) => type === 'Ready')?.since;
  const name = nameLine(node.name);
  const text = nameLine(stateText(node));
  return {
    name,
    role: nameLine(roleOf(node)),
    state,
    stateText: text,
    since: since ? `since ${timed(since)}` : '',
    worst: worst ?? '',
    found: totalOf(tally) === 0 ? '' : grouped(totalOf(tally)),
    tally: tallyText(tally),
    gathered: node.gathered,
    href: `#node=${encodeURIComponent(name)}`,
    label: `${name}: ${text}, ${tallyText(tally)}`,
    // Whoever is well and silent needs no sign of its own among many.
    calm: worst === undefined && state === 'ready' && text === 'ready',
    place: node.evidence ? placeLine(node.evidence) : '',
    order: [worst ? severities.indexOf(worst) : 9, state === 'ready' ? 1 : 0, -totalOf(tally), node.name],
  };
}

function summary(cells: readonly Cell[]): string {
  const states = [...groupBy(cells, ({ stateText: text }) => text)].sort(
    byKeys(([text, same]) => [-same.length, text]),
  );
  const words = states.slice(0, 5).map(([text, same]) => `${grouped(same.length)} ${text}`);
  const troubled = cells.filter(({ worst }) => worst !== '').length;
  const trouble = troubled === 0 ? 'none has findings' : `${grouped(troubled)} with findings`;
  return `${words.join(' · ')}${states.length > 5 ? ' · others' : ''}; ${trouble}.`;
}

/** Marks in rows of 60: all calm nodes as one path, the others each with its sign and its name. */
function drawingOf(role: string, cells: readonly Cell[]) {
  const placed = cells.map((cell, at) => ({ ...cell, x: (at % columns) * pitch, y: Math.floor(at / columns) * pitch }));
  return {
    label: `${role}: ${summary(cells)}`,
    width: columns * pitch,
    height: Math.ceil(cells.length / columns) * pitch,
    calm: placed
      .filter(({ calm }) => calm)
      .map(({ x, y }) => `M${x + 2} ${y + 2}h11v11h-11z`)
      .join(''),
    marks: placed.filter(({ calm }) => !calm),
  };
}
