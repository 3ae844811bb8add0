// The intake of one input, closed: what was read, what was not, and what kind of bundle it is.

import type { Claim } from './catalogue.ts';
import type { Gap, Info } from './coverage.ts';
import { InputError } from './cut.ts';
import { judgeLinks } from './links.ts';
import type { Run } from './run.ts';

export interface Intake {
  /** Of the input, without extension: `must-gather-aws`. */
  readonly name: string;
  /** Layouts that claimed a source, most sources first. */
  readonly layouts: readonly string[];
  readonly roots: readonly { readonly root: string; readonly layout: string }[];
  readonly inputs: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  readonly entries: number;
  readonly empty: number;
  readonly notRelevant: number;
  /** Paths of which something was handed to `deliver`. */
  readonly delivered: readonly string[];
  /** Of paths that came several times: which entry counts, from 0. What came of the others is to be dropped. */
  readonly editions: ReadonlyMap<string, number>;
  readonly gaps: readonly Gap[];
  readonly infos: readonly Info[];
  /** Newest time of an archive member, RFC 3339 UTC; absent for a folder: those are of its unpacking. */
  readonly newestModified?: string;
}

export type Input = Intake['inputs'][number];

export function closeIntake(run: Run, inputName: string, isFolder: boolean, input: Input): Intake {
  const { ledger, catalogue } = run;
  const roots = rootsOf(run.claims);
  const links = judgeLinks(run.links, {
    known: ledger.known,
    nodeRoots: roots.filter(({ layout }) => catalogue.bundleKind(layout) === 'node').map(({ root }) => root),
    nameOf: (base) => (base === '' ? inputName : base.slice(0, -1)),
  });
  for (const gap of links.gaps) ledger.demote(gap.path, gap);
  ledger.infos.push(...links.infos);
  ledger.close();
  const { entries, empty, notRelevant } = ledger.counts;
  refuseUseless(run, inputName);
  const newestModified = isFolder ? undefined : run.modified.newest();
  return {
    name: inputName.replace(/(\.(tar|tgz|tbz2?|txz|tzst|gz|xz|bz2|zst|zip))+$/i, '') || inputName,
    layouts: layoutsOf(run.claims),
    roots,
    inputs: [input],
    entries,
    empty,
    notRelevant,
    delivered: [...ledger.delivered],
    editions: ledger.editions,
    gaps: ledger.gaps,
    infos: ledger.infos,
    ...(newestModified !== undefined && { newestModified }),
  };
}

/** An archive of which nothing at all could be read is no input. */
function refuseUseless({ ledger }: Run, path: string): void {
  const [first] = ledger.gaps;
  if (ledger.counts.entries === 0) {
    const code = first?.code ?? 'ARCHIVE_EMPTY';
    const message = first ? `nothing could be read of ${path}: ${first.detail}` : `the archive ${path} holds nothing`;
    throw new InputError(
      code,
      path,
      message,
      'Fetch the archive again, or unpack what can be unpacked and give the folder.',
    );
  }
  if (first?.code === 'ENTRY_ENCRYPTED' && ledger.counts.lost === ledger.counts.entries) {
    const advice = 'Unpack it with its password and give the folder.';
    throw new InputError(first.code, path, `all that ${path} holds is encrypted`, advice);
  }
}

function rootsOf(claims: readonly Claim[]): { root: string; layout: string }[] {
  const roots = new Map(claims.map(({ root, layout }) => [`${root}\0${layout}`, { root, layout }]));
  return [...roots].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, root]) => root);
}

function layoutsOf(claims: readonly Claim[]): string[] {
  const counts = new Map<string, number>();
  for (const { layout } of claims) counts.set(layout, (counts.get(layout) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([layout]) => layout);
}
