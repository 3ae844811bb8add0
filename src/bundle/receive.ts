// One member of a container at a time: judged by name, told what it is by path or content, handed on, opened or passed by.

import { ByteReader, type Chunks } from './byte-reader.ts';
import { Cut, type Notes, Stop } from './cut.ts';
import { decompress } from './decompress.ts';
import type { Deliver } from './deliver.ts';
import { type Content, duplicateDetail, emptyContent, isSame, watched } from './editions.ts';
import { judgeName } from './entry-name.ts';
import { handOn } from './hand-on.ts';
import { hold } from './held-zip.ts';
import type { Class, Ledger } from './ledger.ts';
import { limitText } from './limits.ts';
import type { Known } from './links.ts';
import { type Format, headBytes, isCompression, recognise, type Unsupported } from './magic.ts';
import type { Member } from './member.ts';
import { goOn, meterOf, type Place, type Run } from './run.ts';
import { walkTar } from './tar.ts';
import { walkZip } from './zip.ts';

export async function receive(run: Run, place: Place, member: Member, bytes: Chunks): Promise<void> {
  const { ledger, limits } = run;
  goOn(run);
  if (ledger.counts.entries >= limits.entries) {
    throw new Stop('LIMIT_ENTRIES', `more entries than are read; ${limitText('entries', limits.entries)}`);
  }
  ledger.enter();
  if (member.modifiedMillis !== undefined) run.modified.note(place.base, member.modifiedMillis);
  const lose = (path: string, code: Parameters<Ledger['gap']>[0], detail: string) => {
    ledger.gap(code, path, detail);
    ledger.settle(path, 'lost');
  };
  if (member.type === 'label') return ledger.settle(`${place.base}${member.name}`, 'notRelevant');
  const judged = judgeName(member.name, member.type === 'directory', limits);
  if ('code' in judged) return lose(`${place.base}${member.name}`, judged.code, judged.detail);
  const path = `${place.base}${judged.path}`;
  if (member.gap && member.unreadable) return lose(path, member.gap.code, member.gap.detail);
  switch (member.type) {
    case 'directory':
      if (!ledger.known.has(path)) ledger.known.set(path, 'folder');
      return ledger.settle(path, 'notRelevant');
    case 'special':
      return lose(path, 'ENTRY_SPECIAL_SKIPPED', 'a device, pipe or socket: there is nothing to read');
    case 'symbolic-link':
    case 'hard-link': {
      const claimed = run.catalogue.classify(path) !== undefined;
      const hard = member.type === 'hard-link';
      run.links.push({ path, base: place.base, target: member.target ?? '', hard, claimed });
      return ledger.settle(path, 'notRelevant');
    }
  }
  const edition = ledger.nextEdition(path);
  if (edition === 0 && !ledger.isNewSpelling(path)) {
    ledger.info('ENTRY_NAME_COLLISION', path, 'another entry has the same name in other Unicode characters');
  }
  if (edition === 0) ledger.known.set(path, 'other');
  if (member.gap) ledger.gap(member.gap.code, path, member.gap.detail);
  const entry: Entry = { path, edition, sizeBytes: member.sizeBytes };
  if (member.sizeBytes === 0) return settle(run, entry, { as: 'empty' });
  const read = await readFile(run, place, entry, bytes);
  settle(run, entry, read);
  if (read.stop) throw read.stop;
}

/** One file of a container. */
interface Entry {
  readonly path: string;
  /** How many entries of this path came before. */
  readonly edition: number;
  /** As declared. */
  readonly sizeBytes: number;
}
type Outcome = Class | 'opened';
interface FileRead {
  readonly as: Outcome;
  readonly content?: Content | undefined;
  readonly stop?: Stop;
}
const knownAs: Readonly<Record<Outcome, Known>> = {
  delivered: 'delivered',
  empty: 'empty',
  opened: 'folder',
  notRelevant: 'other',
  lost: 'other',
};

function settle({ ledger }: Run, { path, edition, sizeBytes }: Entry, { as, content }: FileRead): void {
  const mine = as === 'empty' ? emptyContent : as === 'notRelevant' ? { sizeBytes } : content;
  if (edition > 0) {
    const earlier = ledger.contents.get(path);
    if (isSame(earlier, mine)) {
      ledger.info('ENTRY_NAME_COLLISION', path, 'two entries of this path with the same content; one was read');
      ledger.settle(path, 'notRelevant');
      return;
    }
    ledger.gap('ENTRY_DUPLICATE', path, duplicateDetail(earlier, mine, as !== 'lost'));
    if (as === 'lost') {
      ledger.settle(path, 'lost');
      return;
    }
    ledger.replace(path, edition);
  }
  if (as === 'empty') ledger.info('FILE_EMPTY', path, 'the file is empty');
  ledger.known.set(path, knownAs[as]);
  if (mine) ledger.contents.set(path, mine);
  else ledger.contents.delete(path);
  ledger.settle(path, as === 'opened' ? 'notRelevant' : as);
}

async function readFile(run: Run, place: Place, entry: Entry, bytes: Chunks): Promise<FileRead> {
  const { path, edition, sizeBytes } = entry;
  const watch = watched(run.deliver, edition);
  const deliver = run.canRepeat ? watch.deliver : run.deliver;
  try {
    const reader = new ByteReader(bytes);
    const head = await reader.peek(headBytes);
    if (head.length === 0) await reader.next(); // throws what cut it off, if anything did
    if (head.length === 0) return { as: 'empty' };
    const format = recognise(head, true);
    const claim = run.catalogue.classify(path);
    // a log that holds a tar is a log: its members must not pass for files of the bundle
    const isOpened = format !== undefined && (!claim || isCompression(format));
    const as = isOpened
      ? await openFile(run, deliver, place, path, format, reader)
      : await handOn(run, deliver, path, claim ?? run.catalogue.sniff(path, head), reader, sizeBytes);
    if (as === 'notRelevant') reader.throwIfCut();
    return { as, content: watch.content() };
  } catch (error) {
    if (!(error instanceof Cut || error instanceof Stop)) throw error;
    run.ledger.gap(error.code, path, error.message);
    return { as: 'lost', content: watch.content(), ...(error instanceof Stop && { stop: error }) };
  }
}

/** An archive inside, or one compressed file. */
async function openFile(
  run: Run,
  deliver: Deliver,
  place: Place,
  path: string,
  format: Format | Unsupported,
  reader: ByteReader,
): Promise<Outcome> {
  const notes: Notes = {
    gap: (code, detail) => run.ledger.gap(code, path, detail),
    info: (code, detail) => run.ledger.info(code, path, detail),
  };
  return open(run, { ...place, base: `${path}!` }, path, format, reader, notes, deliver);
}

/**
 * Takes off the layers of compression and walks what is inside. `place` is that of the members; what turns out to be one
 * compressed file goes to `deliver`.
 */
export async function open(
  run: Run,
  place: Place,
  path: string,
  format: Format | Unsupported,
  reader: ByteReader,
  notes: Notes,
  deliver: Deliver = run.deliver,
): Promise<Outcome> {
  const { catalogue, limits } = run;
  const layers: ByteReader[] = [];
  const meter = meterOf(run, () => reader.drawnBytes);
  const deeper = (steps: number): Place => {
    const depth = place.depth + steps;
    if (depth > limits.depth)
      throw new Cut('LIMIT_DEPTH', `an archive deeper than are opened; ${limitText('depth', limits.depth)}`);
    return { ...place, depth };
  };
  let current = reader;
  let inside: Format | Unsupported | undefined = format;
  try {
    while (isCompression(inside)) {
      deeper(layers.length + 1);
      current = decompress(inside, current, notes, limits, meter);
      layers.push(current);
      inside = recognise(await current.peek(headBytes));
    }
    const within = deeper(Math.max(1, layers.length));
    const visit = (member: Member, bytes: Chunks) => receive(run, within, member, bytes);
    if (inside === 'tar') {
      await walkTar(current, visit, notes, limits);
      return 'opened';
    }
    if (inside === 'zip') {
      const { access, cut } = await hold(current, limits.heldZipBytes);
      const zipMeter = meterOf(run, () => access.sizeBytes);
      if (access.sizeBytes > 0) await walkZip(access, visit, notes, limits, zipMeter);
      if (cut) throw cut;
      return 'opened';
    }
    if (inside) throw new Cut('UNSUPPORTED_FORMAT', `a ${inside.unsupported} archive, which cannot be read`);
    const head = await current.peek(headBytes);
    if (head.length === 0) await current.next();
    if (head.length === 0) return 'empty';
    const plainPath = path.replace(/\.(gz|xz|zst|bz2)$/i, '');
    const claim = catalogue.classify(path) ?? catalogue.classify(plainPath) ?? catalogue.sniff(plainPath, head);
    return await handOn(run, deliver, path, claim, current);
  } finally {
    for (const layer of layers.reverse()) await layer.close();
  }
}
