// Signatures: what a file is by its first 4 KB, for files that lie where no layout knows them.

import { RE2JS } from 're2js';
import type { Node } from 'yaml';
import { type CatalogueFile, instead } from './catalogue-yaml.ts';
import { compilePattern, type PathPattern, PatternError } from './path-pattern.ts';

export interface Signature {
  readonly kind: string;
  /** Of the file name; its labels are those of the source. */
  readonly names: readonly PathPattern[];
  /** All must be found. `^` and `$` match at every line. */
  readonly content: readonly RegExp[];
}

const headBytes = 4096;

/** The first 4 KB as text; undefined for what is not text. */
export function headText(head: Uint8Array): string | undefined {
  const bytes = head.subarray(0, headBytes);
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  if (!utf16 && bytes.includes(0)) return undefined;
  return new TextDecoder(utf16 ?? 'utf-8').decode(bytes).replaceAll('\r\n', '\n');
}

/** Labels of the file name when the signature fits. */
export function fits(
  signature: Signature,
  fileName: string,
  text: string,
): Readonly<Record<string, string>> | undefined {
  let labels: Readonly<Record<string, string>> | undefined = {};
  if (signature.names.length > 0) {
    labels = undefined;
    for (const name of signature.names) labels ??= name.match(fileName)?.labels;
  }
  return labels && signature.content.every((expression) => expression.test(text)) ? labels : undefined;
}

export function readSignatures(file: CatalogueFile, node: Node | null, kinds: ReadonlySet<string>): Signature[] {
  return file.items(node, '`signatures`').flatMap((item) => {
    const entries = file.entries(item, 'a signature', ['kind', 'name', 'content']);
    const fields = new Map(entries.map((entry) => [entry.key, entry.value]));
    const kind = file.text(fields.get('kind') ?? item, '`kind`');
    if (kind === undefined) return [];
    if (!kinds.has(kind)) {
      file.complain(fields.get('kind'), `there is no source kind \`${kind}\`${instead(kind, kinds)}`);
    }
    if (!fields.has('content')) {
      file.complain(
        item,
        'a signature needs `content`: a pattern of the first lines; a name alone belongs in `sources`.',
      );
    }
    const content = fields.has('content') ? file.texts(fields.get('content'), '`content`') : [];
    const names = fields.has('name') ? file.texts(fields.get('name'), '`name`') : [];
    return [
      {
        kind,
        names: names.flatMap(({ text, node: at }) => namePattern(file, text, at)),
        content: content.flatMap(({ text, node: at }) => expression(file, text, at)),
      },
    ];
  });
}

function namePattern(file: CatalogueFile, text: string, node: Node): PathPattern[] {
  try {
    if (text.includes('/')) throw new PatternError('`name` is of the file alone, without a folder', text.indexOf('/'));
    return [compilePattern(text)];
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    file.complain(node, `${error.message}.`, error.at);
    return [];
  }
}

/** Only what RE2 takes, so that no file can make it slow; matched by V8, which spells a named group otherwise. */
function expression(file: CatalogueFile, text: string, node: Node): RegExp[] {
  try {
    RE2JS.compile(text, RE2JS.MULTILINE);
    return [new RegExp(text, 'm')];
  } catch (error) {
    file.complain(node, `not a pattern that RE2 takes: ${error instanceof Error ? error.message : String(error)}.`);
    return [];
  }
}
