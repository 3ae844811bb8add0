// One member of a container at a time: judged by name, told what it is by path or content, handed on, opened or passed by.

import { ByteReader, type Chunks } from './byte-reader.ts';
import type { Catalogue, Claim } from './catalogue.ts';
import { Cut, type Notes, Stop } from './cut.ts';
import { decompress, type Meter } from './decompress.ts';
import { type Deliver, deliverLog, deliverWhole } from './deliver.ts';
import { judgeName } from './entry-name.ts';
import type { Class, Ledger } from './ledger.ts';
import type { Limits } from './limits.ts';
import type { Known, Link } from './links.ts';
import { type Format, headBytes, isCompression, recognise, type Unsupported } from './magic.ts';
import type { Member } from './member.ts';
import type { ModifiedTimes } from './modified-times.ts';
import { walkTar } from './tar.ts';
import { accessOf, walkZip } from './zip.ts';

/** What all containers of one input share. */
export interface Run {
  readonly catalogue: Catalogue;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly deliver: Deliver;
  readonly links: Link[];
  readonly claims: Claim[];
  readonly signal?: AbortSignal | undefined;
  expandedBytes: number;
  /** Set when a limit of the whole run was reached while a file was handed on. */
  stop?: Stop;
  readonly modified: ModifiedTimes;
}

/** Where a container lies: what its members' paths begin with, and how many archives deep that is. */
export interface Place {
  readonly base: string;
  readonly depth: number;
}

export async function receive(run: Run, place: Place, member: Member, bytes: Chunks): Promise<void> {
  const { ledger, limits } = run;
  goOn(run);
  if (ledger.counts.entries >= limits.entries) {
    throw new Stop('LIMIT_ENTRIES', `more than ${limits.entries} entries; the rest was not read`);
  }
  ledger.enter();
  if (member.modifiedMillis !== undefined) run.modified.note(place.base, member.modifiedMillis);
  const lose = (path: string, code: Parameters<Ledger['gap']>[0], detail: string) => {
    ledger.gap(code, path, detail);
    ledger.settle(path, 'lost');
  };
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
  if (ledger.known.has(path)) return lose(path, 'ENTRY_DUPLICATE', 'a second entry of this path; the first was read');
  if (!ledger.isNewSpelling(path)) {
    ledger.info('ENTRY_NAME_COLLISION', path, 'another entry has the same name in other Unicode characters');
  }
  ledger.known.set(path, 'other');
  if (member.gap) ledger.gap(member.gap.code, path, member.gap.detail);
  if (member.sizeBytes === 0) return settleEmpty(run, path);
  await readFile(run, place, path, member.sizeBytes, bytes);
}

/** Throws when the run is to end. A signal that timed out leaves a report of what was read; any other leaves none. */
function goOn({ stop, signal }: Run): void {
  if (stop) throw stop;
  if (!signal?.aborted) return;
  const { reason } = signal;
  if (reason instanceof Error && reason.name === 'TimeoutError')
    throw new Stop('LIMIT_TIME', 'the time for reading is over');
  throw reason;
}

function settleEmpty({ ledger }: Run, path: string): void {
  ledger.known.set(path, 'empty');
  ledger.info('FILE_EMPTY', path, 'the file is empty');
  ledger.settle(path, 'empty');
}

async function readFile(run: Run, place: Place, path: string, sizeBytes: number, bytes: Chunks): Promise<void> {
  const { ledger } = run;
  try {
    const reader = new ByteReader(bytes);
    const head = await reader.peek(headBytes);
    if (head.length === 0) await reader.next(); // throws what cut it off, if anything did
    if (head.length === 0) return settleEmpty(run, path);
    const format = recognise(head);
    const claim = run.catalogue.classify(path);
    // a log that holds a tar is a log: its members must not pass for files of the bundle
    const isOpened = format !== undefined && (!claim || isCompression(format));
    const outcome = isOpened
      ? await openFile(run, place, path, format, reader)
      : await handOn(run, path, claim ?? run.catalogue.sniff(path, head), reader, sizeBytes);
    if (outcome === 'empty') return settleEmpty(run, path);
    if (outcome === 'notRelevant') reader.throwIfCut();
    ledger.known.set(path, knownAs[outcome]);
    ledger.settle(path, outcome === 'opened' ? 'notRelevant' : outcome);
  } catch (error) {
    if (!(error instanceof Cut || error instanceof Stop)) throw error;
    ledger.gap(error.code, path, error.message);
    ledger.settle(path, 'lost');
    if (error instanceof Stop) throw error;
  }
}

type Outcome = Class | 'opened';
const knownAs: Readonly<Record<Exclude<Outcome, 'empty'>, Known>> = {
  delivered: 'delivered',
  opened: 'folder',
  notRelevant: 'other',
  lost: 'other',
};

/** An archive inside, or one compressed file. */
async function openFile(
  run: Run,
  place: Place,
  path: string,
  format: Format | Unsupported,
  reader: ByteReader,
): Promise<Outcome> {
  const notes: Notes = {
    gap: (code, detail) => run.ledger.gap(code, path, detail),
    info: (code, detail) => run.ledger.info(code, path, detail),
  };
  return open(run, { ...place, base: `${path}!` }, path, format, reader, notes);
}

/** Takes off the layers of compression and walks what is inside. `place` is that of the members. */
export async function open(
  run: Run,
  place: Place,
  path: string,
  format: Format | Unsupported,
  reader: ByteReader,
  notes: Notes,
): Promise<Outcome> {
  const { catalogue, limits } = run;
  const layers: ByteReader[] = [];
  const meter = meterOf(run, () => reader.drawnBytes);
  const deeper = (steps: number): Place => {
    const depth = place.depth + steps;
    if (depth > limits.depth) throw new Cut('LIMIT_DEPTH', `archives more than ${limits.depth} deep are not opened`);
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
      const { bytes, cut } = await hold(current, limits.heldZipBytes);
      if (bytes.length > 0)
        await walkZip(
          accessOf(bytes),
          visit,
          notes,
          limits,
          meterOf(run, () => bytes.length),
        );
      if (cut) throw cut;
      return 'opened';
    }
    if (inside) throw new Cut('UNSUPPORTED_FORMAT', `a ${inside.unsupported} archive, which cannot be read`);
    const head = await current.peek(headBytes);
    if (head.length === 0) await current.next();
    if (head.length === 0) return 'empty';
    const plainPath = path.replace(/\.(gz|xz|zst|bz2)$/i, '');
    const claim = catalogue.classify(path) ?? catalogue.classify(plainPath) ?? catalogue.sniff(plainPath, head);
    return await handOn(run, path, claim, current);
  } finally {
    for (const layer of layers.reverse()) await layer.close();
  }
}

export const meterOf = (run: Run, inputBytes: () => number): Meter => ({
  inputBytes,
  count(bytes) {
    goOn(run);
    run.expandedBytes += bytes;
    if (run.expandedBytes > run.limits.expandedBytes) {
      throw new Stop('LIMIT_TOTAL', `expands to more than ${run.limits.expandedBytes} bytes; the rest was not read`);
    }
  },
});

async function handOn(
  run: Run,
  path: string,
  claim: Claim | undefined,
  reader: ByteReader,
  sizeBytes = 0,
): Promise<Outcome> {
  if (!claim) return 'notRelevant';
  const { kind, layout, root, labels } = claim;
  const { limits, ledger } = run;
  if (!claim.log && sizeBytes > limits.fileBytes) {
    const detail = `${sizeBytes} bytes; at most ${limits.fileBytes} are read of a file of kind ${kind}`;
    throw new Cut('LIMIT_FILE', detail);
  }
  const hand = claim.log ? deliverLog : deliverWhole;
  const result = await hand(reader, { path, kind, layout, root, labels }, limits, run.deliver);
  if (result.delivered) run.claims.push(claim);
  const { cut } = result;
  if (cut) ledger.gap(cut.code, path, cut.message);
  // what was handed on stands; the next step of any reader ends the run
  if (cut instanceof Stop) run.stop = cut;
  if (!cut && result.sizeBytes === 0) return 'empty';
  return result.delivered ? 'delivered' : 'lost';
}

/** A zip inside another archive has to be held as a whole. */
async function hold(reader: ByteReader, maxBytes: number): Promise<{ bytes: Uint8Array; cut?: Cut }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of reader) {
      length += chunk.length;
      if (length > maxBytes) {
        const detail = `a zip of more than ${maxBytes} bytes inside an archive; unpack it and give it by itself`;
        return { bytes: new Uint8Array(0), cut: new Cut('LIMIT_FILE', detail) };
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    return { bytes: Buffer.concat(chunks, length), cut: error };
  }
  return { bytes: Buffer.concat(chunks, length) };
}
