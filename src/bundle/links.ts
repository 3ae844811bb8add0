// Links are never followed; when all entries are known, each one is judged: did anything stay unread because of it?

import type { Gap, Info } from './coverage.ts';

export interface Link {
  readonly path: string;
  /** `outer.tgz!`, or empty: what the target is relative to. */
  readonly base: string;
  readonly target: string;
  readonly hard: boolean;
  /** Some layout would have read what lies under this path. */
  readonly claimed: boolean;
}

/** What is known of a path of the bundle; an archive that was opened is a folder. */
export type Known = 'delivered' | 'empty' | 'folder' | 'other';

export interface Surroundings {
  readonly known: ReadonlyMap<string, Known>;
  /** Roots of node bundles: below them `/etc/hosts` means a file of the machine that was gathered. */
  readonly nodeRoots: readonly string[];
  /** What an archive is called in the notes: by its base. */
  readonly nameOf: (base: string) => string;
}

const longestChain = 40;

/**
 * A link loses nothing when its target is an entry of the bundle: that is read under its own path. Other links are gaps,
 * for what they stand for may have mattered, except in a sosreport or another copy of a machine's files: there hundreds
 * of links lead to what was not gathered (`/proc/self/mounts`, `/run/…`), and a gap for each would hide the true ones.
 */
export function judgeLinks(links: readonly Link[], around: Surroundings): { gaps: Gap[]; infos: Info[] } {
  const gaps: Gap[] = [];
  const counts = new Map<string, { all: number; inside: number }>();
  const byPath = new Map(links.map((link) => [link.path, link]));
  const folders = links.length > 0 ? foldersOf(around.known) : new Set<string>();
  for (const link of links) {
    const found = follow(link, byPath, folders, around);
    if ('lost' in found) {
      gaps.push({ code: 'ENTRY_LINK_SKIPPED', path: link.path, detail: `link to '${link.target}': ${found.lost}` });
      continue;
    }
    const count = counts.get(link.base) ?? { all: 0, inside: 0 };
    counts.set(link.base, { all: count.all + 1, inside: count.inside + (found.inside ? 1 : 0) });
  }
  const infos = [...counts].map(([base, { all, inside }]): Info => {
    const detail = `${all} links: ${inside} to entries of this bundle, ${all - inside} to what was not gathered; none was followed`;
    return { code: 'ENTRY_LINK', path: around.nameOf(base), detail };
  });
  return { gaps, infos };
}

/** Archives need not list their folders. */
function foldersOf(known: ReadonlyMap<string, Known>): Set<string> {
  const folders = new Set(['']);
  for (const path of known.keys()) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
    const step = path.lastIndexOf('!');
    if (step >= 0) folders.add(path.slice(0, step + 1));
  }
  return folders;
}

function follow(
  link: Link,
  byPath: ReadonlyMap<string, Link>,
  folders: ReadonlySet<string>,
  around: Surroundings,
): { readonly lost: string } | { readonly inside: boolean } {
  let at = link;
  for (let steps = 0; steps < longestChain; steps++) {
    const path = targetOf(at, around.nodeRoots);
    if (path === undefined) return { lost: 'it leads out of the bundle' };
    const next = byPath.get(path);
    if (next) {
      at = next;
      continue;
    }
    const known = around.known.get(path) ?? (folders.has(path) ? 'folder' : undefined);
    if (known === undefined && at.hard) return { lost: 'its content is not in the archive' };
    if (known === undefined) return isOnNode(at, around.nodeRoots) ? { inside: false } : { lost: 'nothing is there' };
    if (link.claimed && known === 'other') return { lost: 'the file it leads to is known to no layout' };
    return { inside: true };
  }
  return { lost: 'it leads back to itself' };
}

const nodeRootOf = (link: Link, roots: readonly string[]): string | undefined =>
  roots.find((root) => root === '' || link.path.startsWith(`${root}/`) || link.path.startsWith(`${root}!`));
const isOnNode = (link: Link, roots: readonly string[]): boolean => nodeRootOf(link, roots) !== undefined;

/** The path in the bundle that a link means; undefined when that is outside. */
function targetOf(link: Link, nodeRoots: readonly string[]): string | undefined {
  const inside = link.path.slice(link.base.length);
  if (link.target.includes('\0')) return undefined;
  if (link.target.startsWith('/') && !link.hard) {
    const root = nodeRootOf(link, nodeRoots);
    if (root === undefined) return undefined;
    return `${link.path.slice(0, root === '' ? 0 : root.length + 1)}${join([], link.target) ?? ''}`;
  }
  if (link.target.startsWith('/') || /^[A-Za-z]:|^\\/.test(link.target)) return undefined;
  const path = join(link.hard ? [] : inside.split('/').slice(0, -1), link.target);
  return path === undefined ? undefined : `${link.base}${path}`;
}

function join(folder: readonly string[], target: string): string | undefined {
  const steps = [...folder];
  for (const step of target.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}
