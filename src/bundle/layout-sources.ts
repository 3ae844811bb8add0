// The patterns of a layout: `Kind: [pattern, …]`, and parts that several layouts share, put below a folder.

import { isMap, isSeq, type Node } from 'yaml';
import { type CatalogueFile, instead } from './catalogue-yaml.ts';
import { compilePattern, type PathPattern, PatternError, spellOut } from './path-pattern.ts';

export interface SourcePattern {
  readonly kind: string;
  readonly pattern: PathPattern;
  /** Labels that the path does not spell out. */
  readonly labels: Readonly<Record<string, string>>;
  /** True when the folder above must have a certain name. */
  readonly placed: boolean;
}

interface WrittenPattern {
  readonly compiled: SourcePattern;
  readonly node: Node;
  readonly under: readonly string[];
}
export type FolderPatterns = readonly WrittenPattern[];

export interface Include {
  readonly part: string;
  readonly node: Node;
  /** Written before each path, with a `/`. */
  readonly at: string;
  /** Written after each path. */
  readonly ending: string;
  readonly under: readonly string[];
}

/** `Kind: [pattern, …]`; without `kinds` a plain list of patterns. */
export function readPatterns(
  file: CatalogueFile,
  node: Node | null | undefined,
  kinds: ReadonlySet<string> | undefined,
): FolderPatterns {
  if (!kinds) return file.items(node, '`ignore`').flatMap((item) => readPattern(file, '', item));
  return file.entries(node, '`sources`').flatMap(({ key, keyNode, value }) => {
    if (!kinds.has(key)) {
      file.complain(
        keyNode,
        `there is no source kind \`${key}\`${instead(key, kinds)} New kinds are told in \`kinds\`.`,
      );
    }
    const items = value && isSeq(value) ? (value.items as Node[]) : [value];
    return items.flatMap((item) => readPattern(file, key, item));
  });
}

function readPattern(file: CatalogueFile, kind: string, node: Node | null): WrittenPattern[] {
  if (!node || !isMap(node)) {
    const text = file.text(node, 'a path');
    return text === undefined || !node ? [] : compiled(file, kind, text, node, node, [], {});
  }
  const fields = new Map(file.entries(node, 'a path', ['path', 'under', 'labels']).map((entry) => [entry.key, entry]));
  const under = fields.has('under') ? file.texts(fields.get('under')?.value, '`under`').map(({ text }) => text) : [];
  const labels = Object.fromEntries(
    (fields.has('labels') ? file.entries(fields.get('labels')?.value, '`labels`') : []).map(({ key, value }) => [
      key,
      file.text(value, `the label ${key}`) ?? '',
    ]),
  );
  return file
    .texts(fields.get('path')?.value ?? node, '`path`')
    .flatMap(({ text, node: at }) => compiled(file, kind, text, at, node, under, labels));
}

function compiled(
  file: CatalogueFile,
  kind: string,
  text: string,
  at: Node,
  node: Node,
  under: readonly string[],
  labels: Readonly<Record<string, string>>,
): WrittenPattern[] {
  try {
    return spellOut(text).map((each) => {
      const pattern = compilePattern(each, under);
      return { compiled: { kind, pattern, labels, placed: under.length > 0 }, node, under };
    });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    file.complain(at, `${error.message}.`, error.at);
    return [];
  }
}

export function readInclude(file: CatalogueFile, node: Node | null): Include[] {
  return file.items(node, '`include`').flatMap((item) => {
    const entries = file.entries(item, 'an include', ['part', 'at', 'ending', 'under']);
    const fields = new Map(entries.map((entry) => [entry.key, entry.value]));
    const part = file.text(fields.get('part') ?? item, '`part`');
    if (part === undefined) return [];
    const optional = (key: string): string => (fields.has(key) ? (file.text(fields.get(key), `\`${key}\``) ?? '') : '');
    const under = fields.has('under') ? file.texts(fields.get('under'), '`under`').map(({ text }) => text) : [];
    return [{ part, node: item, at: optional('at'), ending: optional('ending'), under }];
  });
}

/** The patterns of a part as this include places them. */
export function withPart(file: CatalogueFile, include: Include, part: FolderPatterns): SourcePattern[] {
  return part.flatMap(({ compiled: { kind, pattern, labels }, under }) => {
    const text = `${include.at === '' ? '' : `${include.at}/`}${pattern.text}${include.ending}`;
    const places = include.under.length > 0 ? include.under : include.at === '' ? under : [];
    return compiled(file, kind, text, include.node, include.node, places, labels).map((each) => each.compiled);
  });
}
