// The last look at a text before it leaves a redacted run: nothing of what the map hides may stand in it, however it is written.

import { type Bytes, bytesOfIpv6, bytesOfOctets, deviceText, ipText } from './addresses.ts';
import { createNameIndex } from './name-index.ts';
import type { Pseudonym } from './names.ts';

/** A name that should have been hidden; nothing is written. */
export class LeakError extends Error {
  constructor(output: string, { kind, pseudonym }: Pseudonym) {
    const what = kind === 'ip' ? 'an address' : kind === 'device' ? 'the address of a device' : `a name (${kind})`;
    super(
      `${output}: ${what} was left in it for which ${pseudonym} should stand, so nothing was written. ` +
        'This is a mistake of Drydock, please report it. With the word in a file given by --redact-keywords it is hidden too.',
    );
  }
}

/** Looks for what is hidden; `isOwnWord` is true of words that the report itself says, like `host` or `table`. */
export type Gate = (output: string, text: string, isOwnWord?: (word: string) => boolean) => void;

const checkedNames = new Set([
  'host',
  'cluster',
  'user',
  'uuid',
  'cloud',
  'resource',
  'account',
  'domain',
  'name',
  'finding',
  'input',
]);

/** Throws a `LeakError` at the first. */
export function createGate(entries: readonly Pseudonym[]): Gate {
  const given = new Set(entries.map(({ pseudonym }) => pseudonym));
  // An address may stand for one and be another's; what is given out is no leak.
  const isHidden = ({ original }: Pseudonym) => !given.has(original);
  const byName = (kinds: (kind: string) => boolean) =>
    new Map(entries.filter((entry) => kinds(entry.kind) && isHidden(entry)).map((entry) => [entry.original, entry]));
  const names = byName((kind) => checkedNames.has(kind));
  const index = createNameIndex();
  for (const name of names.keys()) index.add(name);
  const addresses = byName((kind) => kind === 'ip' || kind === 'device');
  const keywords = [...byName((kind) => kind === 'keyword').values()];

  function leak(text: string, isOwnWord: (word: string) => boolean): Pseudonym | undefined {
    for (const address of addressesIn(text)) {
      const found = addresses.get(address);
      if (found) return found;
    }
    const lower = text.toLowerCase();
    for (const word of keywords) if (lower.includes(word.original) && !isOwnWord(word.original)) return word;
    for (const name of index.in(lower)) {
      const found = names.get(name);
      if (found && !isOwnWord(name)) return found;
    }
    return undefined;
  }

  return (output, text, isOwnWord = () => false) => {
    for (const spelling of spellingsOf(text)) {
      const found = leak(spelling, isOwnWord);
      if (found) throw new LeakError(output, found);
    }
  };
}

/** The text as it is, and as its readers will undo it: JSON, HTML, Markdown, URLs and base64. */
export function spellingsOf(text: string): string[] {
  const json = text.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const undone = [
    json.replace(/\\[nrtbf]/g, ' ').replace(/\\(["\\/])/g, '$1'),
    text.replace(/\\([^A-Za-z0-9\s])/g, '$1'),
    text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(amp|lt|gt|quot|apos));/g, (_, decimal, hex, name: string) =>
      name ? (entities[name] ?? '') : String.fromCodePoint(Math.min(0x10ffff, Number(decimal ?? `0x${hex}`))),
    ),
    text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  ].filter((each) => each !== text);
  const encoded = [...text.matchAll(/[A-Za-z0-9+/]{12,}={0,2}/g)]
    .map(([run]) => Buffer.from(run, 'base64').toString('latin1'))
    .filter((inner) => !/[^\t\n\r -~]/.test(inner));
  return [text, ...undone, encoded.join('\n')];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

// Looser than where they are replaced: here no word around an address excuses it.
const ipv4 = /(?<!\d|\d\.)(\d{1,3})([._-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?!\d|\.\d)/g;
const ipv6 = /(?<![0-9A-Fa-f:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Fa-f:])/g;
const device =
  /(?<![0-9A-Fa-f][:-]|[0-9A-Fa-f])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![:-]?[0-9A-Fa-f])/g;

function* addressesIn(text: string): Generator<string> {
  for (const [, a = '', , b = '', c = '', d = ''] of text.matchAll(ipv4)) yield* shown(bytesOfOctets([a, b, c, d]));
  for (const [written] of text.matchAll(ipv6)) yield* shown(bytesOfIpv6(written));
  for (const [written] of text.matchAll(device)) yield deviceText(Buffer.from(written.replace(/[:-]/g, ''), 'hex'));
}

function* shown(bytes: Bytes | undefined): Generator<string> {
  if (bytes) yield ipText(bytes);
}
