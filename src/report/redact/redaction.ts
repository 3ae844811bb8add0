// One redaction: learns the names of a bundle, then gives every text without them, and remembers what stands for what.

import type { FactStore } from '../../facts/store.ts';
import { type AddressMapping, type Bytes, createAddressMapping, deviceText, ipText } from './addresses.ts';
import { decodedIn, replaceEncoded } from './encoded-texts.ts';
import { type FoundAddress, replaceAddresses } from './find-addresses.ts';
import { replaceCloudIds, replaceMail, replaceNames } from './find-names.ts';
import { keyed, type RedactionKey } from './key.ts';
import { learnFacts, learnHost, learnText, learnUser } from './learn.ts';
import { createNames, type Pseudonym } from './names.ts';
import { createPlaceholders, withoutPrivateUse } from './placeholders.ts';

export interface Redaction {
  /** Learns what a text names; everything is learned before the first text is asked for. */
  learn(text: string): void;
  learnHost(name: string): void;
  learnUser(name: string): void;
  learnClusterId(id: string): void;
  learnFacts(store: FactStore): void;
  /** The text with pseudonyms in it, of as many lines. */
  text(text: string): string;
  /** A hash that nobody can make again from guessed names without the key. */
  hash(hash: string): string;
  /** What stands for what, so far; that of earlier runs too. */
  entries(): readonly Pseudonym[];
}

export interface RedactionOptions {
  readonly key: RedactionKey;
  /** Words of the house, hidden wherever they stand, also inside of other words. */
  readonly keywords?: readonly string[];
  /** Pseudonyms of an earlier run with the same key. */
  readonly before?: readonly Pseudonym[];
}

export function createRedaction({ key, keywords = [], before = [] }: RedactionOptions): Redaction {
  const addresses = createAddressMapping(key);
  const names = createNames(
    key,
    before.filter(({ kind }) => !isMapped(kind)),
  );
  const sure = new Set(before.filter(({ kind }) => isAddress(kind)).map(({ original }) => original));
  const shown = new Map<string, Pseudonym>();
  const seen = new Map<string, string>();
  const words = keywordPattern(keywords);

  const address = (found: FoundAddress): string | undefined => {
    const plain = nameOf(found.bytes, found.kind);
    if (!found.isSure && !sure.has(plain)) return undefined;
    const other = mappedAddress(addresses, found);
    if (!other) return undefined;
    const entry = { kind: found.kind, original: plain, pseudonym: nameOf(other, found.kind) };
    // A network and its first address have the same bytes.
    const length = found.prefixBits === undefined || entry.original === entry.pseudonym ? '' : `/${found.prefixBits}`;
    const isNetwork = length !== '' && other.at(-1) === 0 && found.bytes.at(-1) === 0;
    const suffix = isNetwork ? length : '';
    shown.set(`${entry.kind} ${plain}${suffix}`, {
      kind: entry.kind,
      original: plain + suffix,
      pseudonym: entry.pseudonym + suffix,
    });
    return found.spell(other);
  };

  function redacted(text: string, depth: number): string {
    const places = createPlaceholders();
    const put = places.put;
    let out = withoutPrivateUse(withoutCutWords(text));
    if (words) out = out.replace(words, (word) => put(names.pseudonym('keyword', word)));
    if (depth < 2) out = replaceEncoded(out, (inner) => redacted(inner, depth + 1), put);
    out = replaceCloudIds(replaceMail(out, names, put), names, put);
    out = replaceAddresses(out, (found) => {
      const other = address(found);
      return other === undefined ? undefined : put(other);
    });
    return places.restored(replaceNames(out, names, put));
  }

  return {
    learn(text) {
      learnText(names, text);
      replaceAddresses(text, (found) => {
        if (found.isSure) sure.add(nameOf(found.bytes, found.kind));
        return undefined;
      });
      for (const inner of decodedIn(text)) learnText(names, inner);
    },
    learnHost: (name) => learnHost(names, name),
    learnUser: (name) => learnUser(names, name),
    learnClusterId: (id) => names.learn('uuid', id),
    learnFacts: (store) => learnFacts(names, store),
    text(text) {
      const known = seen.get(text);
      if (known !== undefined) return known;
      const out = redacted(text, 0);
      if (text.length < 500) seen.set(text, out);
      return out;
    },
    hash: (hash) => keyed(key, 'hash', hash).toString('hex'),
    entries: () => [...before, ...shown.values(), ...names.entries()],
  };
}

const isAddress = (kind: string) => kind === 'ip' || kind === 'device';
const isMapped = (kind: string) => isAddress(kind) || kind === 'finding' || kind === 'input';

function mappedAddress(mapping: AddressMapping, { kind, bytes, prefixBits }: FoundAddress): Bytes | undefined {
  return kind === 'ip' ? mapping.ip(bytes, prefixBits) : mapping.device(bytes);
}

const nameOf = (bytes: Bytes, kind: FoundAddress['kind']) => (kind === 'ip' ? ipText(bytes) : deviceText(bytes));

/** A line cut short may end in half a name, which nothing tells any more; it goes with the rest. */
function withoutCutWords(text: string): string {
  if (text.length < shortestCut || !text.includes('…')) return text;
  return text.replace(/^(.{250,}?)[^\s"',…]*…$/gm, '$1…');
}
const shortestCut = 250;

function keywordPattern(keywords: readonly string[]): RegExp | undefined {
  if (keywords.length === 0) return undefined;
  const longestFirst = [...new Set(keywords)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return new RegExp(longestFirst.map((word) => RegExp.escape(word)).join('|'), 'gi');
}
