// The book of one input: every entry is entered once and settled in exactly one class.

import type { Gap, GapCode, Info, InfoCode } from './coverage.ts';
import type { Content } from './editions.ts';
import type { Known } from './links.ts';

export type Class = 'delivered' | 'empty' | 'notRelevant' | 'lost';
/** Beyond so many, notes of one code are counted instead of listed. */
const listedNotes = 10_000;

export interface Ledger {
  readonly gaps: Gap[];
  readonly infos: Info[];
  readonly delivered: Set<string>;
  readonly known: Map<string, Known>;
  /** What was read of a path, of the entry that counts. */
  readonly contents: Map<string, Content>;
  /** Of paths that came several times: which entry counts, from 0. */
  readonly editions: Map<string, number>;
  readonly counts: { entries: number; empty: number; notRelevant: number; lost: number };
  enter(): void;
  /** False when another path is the same but for the Unicode form of its characters. */
  isNewSpelling(path: string): boolean;
  settle(path: string, as: Class): void;
  /** How many entries of this path came before. */
  nextEdition(path: string): number;
  /** A later entry of this path counts: what the earlier one gave is lost. */
  replace(path: string, edition: number): void;
  /** An entry found not relevant at first turns out to have lost something. */
  demote(path: string, gap: Gap): void;
  gap(code: GapCode, path: string, detail: string): void;
  info(code: InfoCode, path: string, detail: string): void;
  /** Adds the notes that were only counted and makes sure that the sums add up. */
  close(): void;
}

export function createLedger(): Ledger {
  const gaps: Gap[] = [];
  const infos: Info[] = [];
  const delivered = new Set<string>();
  const contents = new Map<string, Content>();
  const editions = new Map<string, number>();
  const repeats = new Map<string, number>();
  const known = new Map<string, Known>();
  const withGap = new Set<string>();
  const counts = { entries: 0, empty: 0, notRelevant: 0, lost: 0 };
  const spellings = new Set<string>();
  const listed = new Map<string, { count: number; path: string }>();
  /** False for a note past those that are listed one by one. */
  const isListed = (code: GapCode | InfoCode, path: string): boolean => {
    const count = (listed.get(code)?.count ?? 0) + 1;
    listed.set(code, { count, path });
    return count <= listedNotes;
  };
  const closeList = <Code extends string>(notes: { code: Code; path: string; detail: string }[]) => {
    for (const code of new Set(notes.map((note) => note.code))) {
      const { count, path } = listed.get(code) ?? { count: 0, path: '' };
      const more = count - listedNotes;
      if (more > 0) notes.push({ code, path, detail: `the last of ${more} more of this kind, not listed one by one` });
    }
  };

  return {
    gaps,
    infos,
    delivered,
    known,
    contents,
    editions,
    counts,
    enter: () => {
      counts.entries++;
    },
    isNewSpelling(path) {
      if (/^[\0-\x7f]*$/.test(path)) return true;
      const form = path.normalize('NFC');
      if (spellings.has(form)) return false;
      spellings.add(form);
      return true;
    },
    settle(path, as) {
      const now = as !== 'delivered' && withGap.has(path) ? 'lost' : as;
      if (now === 'delivered') delivered.add(path);
      else counts[now]++;
    },
    nextEdition(path) {
      if (!known.has(path)) return 0;
      const edition = (repeats.get(path) ?? 0) + 1;
      repeats.set(path, edition);
      return edition;
    },
    replace(path, edition) {
      editions.set(path, edition);
      if (delivered.delete(path)) counts.lost++;
    },
    demote(path, gap) {
      gaps.push(gap);
      withGap.add(path);
      counts.notRelevant--;
      counts.lost++;
    },
    gap(code, path, detail) {
      if (isListed(code, path)) gaps.push({ code, path, detail });
      withGap.add(path);
    },
    info(code, path, detail) {
      if (isListed(code, path)) infos.push({ code, path, detail });
    },
    close() {
      closeList(gaps);
      closeList(infos);
      const { entries, empty, notRelevant, lost } = counts;
      if (entries !== empty + notRelevant + lost + delivered.size) {
        throw new Error(`coverage does not add up: ${JSON.stringify({ ...counts, delivered: delivered.size })}`);
      }
    },
  };
}
