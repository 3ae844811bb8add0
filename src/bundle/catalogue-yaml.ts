// Reads one YAML file of `rules/sources` node by node, and notes what is wrong with its place and the way out.

import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { nearestWord } from './nearest-word.ts';

/** Everything wrong in the files of a catalogue, one `file:line:column: what, and what to do` a line. */
export class CatalogueError extends Error {}

export interface Entry {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | null;
}

export interface CatalogueFile {
  readonly path: string;
  readonly root: Node | null;
  /** `offset` counts characters from the start of the node's text. */
  complain(node: Node | null | undefined, message: string, offset?: number): void;
  /** The entries of a mapping; another thing, or a key that is not among `known`, is complained of. */
  entries(node: Node | null | undefined, what: string, known?: readonly string[]): readonly Entry[];
  items(node: Node | null | undefined, what: string): readonly Node[];
  text(node: Node | null | undefined, what: string): string | undefined;
  /** One text or a list of them. */
  texts(node: Node | null | undefined, what: string): readonly { readonly text: string; readonly node: Node }[];
}

export function openCatalogueFile(path: string, complaints: string[]): CatalogueFile {
  const source = readFileSync(path, 'utf8');
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  for (const error of document.errors) complaints.push(`${place(error.pos[0])}: ${error.message.split('\n')[0]}`);

  const file: CatalogueFile = {
    path,
    root: document.contents,
    complain(node, message, offset) {
      const quoted = node && isScalar(node) && /^QUOTE/.test(node.type ?? '') ? 1 : 0;
      const at = (node?.range?.[0] ?? 0) + (offset === undefined ? 0 : quoted + offset);
      complaints.push(`${place(at)}: ${message}`);
    },
    entries(node, what, known) {
      if (!node || !isMap(node)) {
        file.complain(node, `${what} must be a mapping of \`key: value\` lines.`);
        return [];
      }
      return node.items.flatMap((pair) => {
        const keyNode = pair.key as Node;
        const key = isScalar(keyNode) ? String(keyNode.value) : '';
        if (known && !known.includes(key)) {
          file.complain(keyNode, `${what} has no key \`${key}\`${instead(key, known)}`);
          return [];
        }
        return [{ key, keyNode, value: pair.value as Node | null }];
      });
    },
    items(node, what) {
      if (node && isSeq(node)) return node.items as Node[];
      file.complain(node, `${what} must be a list: begin each line with \`- \`.`);
      return [];
    },
    text(node, what) {
      if (node && isScalar(node) && typeof node.value === 'string') return node.value;
      file.complain(node, `${what} must be text; put it in quotes if it looks like something else.`);
      return undefined;
    },
    texts(node, what) {
      const nodes = node && isSeq(node) ? (node.items as Node[]) : [node];
      return nodes.flatMap((each) => {
        const text = file.text(each, what);
        return text === undefined || !each ? [] : [{ text, node: each }];
      });
    },
  };
  return file;
}

/** The end of a complaint about an unknown word: what was probably meant, else all that would do. */
export function instead(wrong: string, words: Iterable<string>): string {
  const all = [...words];
  const nearest = nearestWord(wrong, all);
  if (nearest !== undefined) return `; did you mean \`${nearest}\`?`;
  return all.length <= 12 ? `; it may be ${all.map((word) => `\`${word}\``).join(', ')}.` : '.';
}
