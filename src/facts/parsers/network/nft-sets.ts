// Reads the sets and maps of nft: their type, flags and elements.
//
//   type ipv4_addr . inet_proto . inet_service : verdict
//   flags dynamic,timeout
//   elements = { 10.0.0.5 timeout 3h expires 2h59m, 10.1.0.0/16, 10.96.0.1 . tcp . 443 : goto service-… }

import type { Span } from '../../../bundle/source.ts';
import type { Collection } from './ruleset.ts';

export function newCollection(known: Collection[], kind: 'set' | 'map', name: string, span: Span): Collection {
  const made: Collection = { name, kind, span, keyType: '', flags: [], elements: [] };
  known.push(made);
  return made;
}

/** One statement inside of `set NAME { … }`; the elements are one statement, however many lines they fill. */
export function readCollectionLine(
  collection: Collection,
  { text, last }: { readonly text: string; readonly last: number },
): void {
  collection.span = [collection.span[0], last];
  const type = /^(?:type|typeof) (.+?)(?: : .+)?$/.exec(text);
  if (type) collection.keyType = type[1]!;
  else if (text.startsWith('flags ')) collection.flags = text.slice('flags '.length).split(/\s*,\s*/);
  else if (text.startsWith('elements = {')) collection.elements = readElements(text);
}

function readElements(text: string): Collection['elements'] {
  const body = text.replace(/^elements = \{\s*/, '').replace(/\s*\}?$/, '');
  // Commas in comments are no separators.
  const parts = body.match(/(?:"[^"]*"|[^,"])+/g) ?? [];
  return parts.flatMap((part) => {
    const element = part.trim();
    if (element === '') return [];
    const colon = element.lastIndexOf(' : ');
    const [head, value] = colon < 0 ? [element, undefined] : [element.slice(0, colon), element.slice(colon + 3)];
    const key = head
      .replace(/ (?:timeout|expires|counter|comment|limit|last) .*$/, '')
      .split(' . ')
      .map((each) => each.replaceAll('"', ''));
    return [value === undefined ? { key } : { key, value }];
  });
}
