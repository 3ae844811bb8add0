// What each node offers, what its pods ask for, what their limits allow, and what is used where a file tells.

import { byKeys } from '../compare.ts';
import { placeLine } from '../html-finding.ts';
import type { Report, ReportNode } from '../report.ts';
import { nameLine } from '../visible.ts';
import { counted, grouped, sized } from '../wording.ts';

const mostRows = 24;
/** Where limits go beyond the offer a bar spans twice of it; what goes beyond that ends in an arrow. */
const barWidth = 240;
const [plainShare, mostShare] = [1.02, 2];

export function resourcesView(report: Report) {
  const nodes = (report.nodes ?? []).filter(({ requested, used }) => requested !== undefined || used !== undefined);
  const ordered = [...nodes].sort(byKeys((node) => [-pressure(node), node.name]));
  const shown = ordered.slice(0, mostRows);
  const span = shown.some(isBeyond) ? mostShare : plainShare;
  const rows = shown.map((node) => rowOf(node, span));
  const total = nodes.length > 1 ? [rowOf(totalOf(nodes), span)] : [];
  const overcommitted = nodes.filter((node) => shareOf(node.limit?.memoryBytes, node.allocatable?.memoryBytes) > 1);
  return {
    any: rows.length > 0,
    twice: span === mostShare,
    withLimits: shown.some(({ limit }) => (limit?.cpuMillis ?? 0) + (limit?.memoryBytes ?? 0) > 0),
    withUse: shown.some(({ used }) => used !== undefined),
    // Said where nodes are known and the picture is missing.
    reason:
      rows.length === 0 && (report.nodes ?? []).length > 0
        ? 'How much of the nodes is asked for and used is not known: the bundle has no pods bound to them and no memory figures.'
        : '',
    rows: [...total, ...rows],
    more:
      ordered.length > mostRows
        ? `${counted(ordered.length - mostRows, 'further node')}, all less asked for; in report.json.`
        : '',
    overcommit:
      overcommitted.length === 0
        ? ''
        : `On ${counted(overcommitted.length, 'node')} the memory limits add up to more than there is.`,
  };
}

/** The largest share asked for, so that full nodes come first. */
function pressure({ requested, used, allocatable }: ReportNode): number {
  return Math.max(
    shareOf(requested?.cpuMillis, allocatable?.cpuMillis),
    shareOf(requested?.memoryBytes, allocatable?.memoryBytes),
    shareOf(used?.memoryBytes, used?.totalBytes),
  );
}

const shareOf = (amount = 0, offered = 0): number => (offered === 0 ? 0 : amount / offered);

const isBeyond = ({ allocatable, limit, requested }: ReportNode): boolean =>
  (['cpuMillis', 'memoryBytes'] as const).some(
    (key) => Math.max(shareOf(limit?.[key], allocatable?.[key]), shareOf(requested?.[key], allocatable?.[key])) > 1,
  );

function rowOf(node: ReportNode, span: number) {
  const { allocatable, requested, limit, used } = node;
  const memoryOffered = allocatable?.memoryBytes ?? used?.totalBytes;
  return {
    name: nameLine(node.name),
    pods: requested?.pods === undefined ? '' : counted(requested.pods, 'pod'),
    cpu: amountView({
      offered: allocatable?.cpuMillis,
      requested: requested?.cpuMillis,
      limit: limit?.cpuMillis,
      without: limit?.withoutCpu,
      used: undefined,
      text: cores,
      span,
    }),
    memory: amountView({
      offered: memoryOffered,
      requested: requested?.memoryBytes,
      limit: limit?.memoryBytes,
      without: limit?.withoutMemory,
      used: used?.memoryBytes,
      text: sized,
      span,
    }),
    place: used ? [placeLine(used.evidence)] : [],
  };
}

interface Amount {
  readonly offered: number | undefined;
  readonly requested: number | undefined;
  readonly limit: number | undefined;
  readonly without: number | undefined;
  readonly used: number | undefined;
  text(amount: number): string;
  readonly span: number;
}

function amountView({ offered, requested, limit, without, used, text, span }: Amount) {
  const said = (name: string, amount: number | undefined) =>
    amount === undefined
      ? []
      : [
          {
            name,
            text: `${text(amount)}${offered ? ` (${percent(amount / offered)})` : ''}`,
            over: offered !== undefined && offered > 0 && amount > offered,
          },
        ];
  return {
    words: [
      ...(offered === undefined ? [] : [{ name: 'offers', text: text(offered), over: false }]),
      ...said('requests', requested),
      ...(limit === 0 && without ? [] : said('limits', limit)),
      ...(without ? [{ name: 'without a limit', text: counted(without, 'container'), over: false }] : []),
      ...said('used', used),
    ],
    bar: offered ? [barOf(offered, span, requested, limit, used)] : [],
  };
}

function barOf(offered: number, span: number, requested = 0, limit = 0, used: number | undefined = undefined) {
  const width = (amount: number) => Math.round((Math.min(amount / offered, span) / span) * barWidth);
  return {
    width: barWidth,
    offered: Math.round(barWidth / span),
    requested: width(requested),
    over: requested > offered,
    limit: width(limit),
    limitBeyond: limit / offered > span,
    used: used === undefined ? [] : [width(used)],
  };
}

const percent = (share: number): string => `${grouped(Math.round(share * 100))} %`;
const cores = (millis: number): string => `${Number((millis / 1000).toFixed(1))} ${millis === 1000 ? 'core' : 'cores'}`;

function totalOf(nodes: readonly ReportNode[]): ReportNode {
  const sum = (of: (node: ReportNode) => number | undefined) =>
    nodes.reduce((total, node) => total + (of(node) ?? 0), 0);
  return {
    name: `All ${grouped(nodes.length)} nodes`,
    roles: [],
    gathered: false,
    conditions: [],
    allocatable: {
      cpuMillis: sum((node) => node.allocatable?.cpuMillis),
      memoryBytes: sum((node) => node.allocatable?.memoryBytes),
    },
    requested: {
      cpuMillis: sum((node) => node.requested?.cpuMillis),
      memoryBytes: sum((node) => node.requested?.memoryBytes),
      pods: sum((node) => node.requested?.pods),
    },
    limit: {
      cpuMillis: sum((node) => node.limit?.cpuMillis),
      memoryBytes: sum((node) => node.limit?.memoryBytes),
      withoutCpu: sum((node) => node.limit?.withoutCpu),
      withoutMemory: sum((node) => node.limit?.withoutMemory),
    },
  };
}
