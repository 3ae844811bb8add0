// Reads `rules/sources/*.yaml`: layouts (where files lie), parts they share, source kinds, and logs.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, type Node } from 'yaml';
import { type CatalogueFile, type Entry, instead, openCatalogueFile } from './catalogue-yaml.ts';
import {
  type FolderPatterns,
  type Include,
  readInclude,
  readPatterns,
  type SourcePattern,
  withPart,
} from './layout-sources.ts';
import type { PathPattern } from './path-pattern.ts';
import { readSignatures, type Signature } from './signature.ts';

export interface Layout {
  readonly name: string;
  readonly bundle: 'cluster' | 'node';
  /** Comes after all others that claim a path with as many letters, or a content. */
  readonly lastResort: boolean;
  readonly sources: readonly SourcePattern[];
  /** Paths whose content is not looked at when no pattern claims them. */
  readonly ignore: readonly PathPattern[];
  readonly signatures: readonly Signature[];
}

/** Which sources make up a log: kinds, the processes of a mixed journal, and conditions on labels. */
export interface LogName {
  readonly kinds: readonly string[];
  readonly idents?: readonly string[] | undefined;
  readonly labels?: Readonly<Record<string, readonly string[]>> | undefined;
}

export interface LayoutFiles {
  readonly layouts: readonly Layout[];
  readonly kinds: ReadonlySet<string>;
  readonly logs: ReadonlyMap<string, LogName>;
}

interface OpenFile {
  readonly file: CatalogueFile;
  readonly entries: ReadonlyMap<string, Entry>;
}

const keysOf: Readonly<Record<string, readonly string[]>> = {
  layout: ['layout', 'title', 'bundle', 'lastResort', 'include', 'sources', 'ignore', 'signatures'],
  part: ['part', 'title', 'sources'],
  kinds: ['kinds'],
  logs: ['logs'],
};

/** What is wrong goes into `complaints`; nothing is thrown for the content of a file. */
export function readLayoutFiles(dirs: readonly string[], complaints: string[]): LayoutFiles {
  const files = dirs.flatMap((dir) =>
    readdirSync(dir)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .flatMap((name) => openFile(join(dir, name), complaints) ?? []),
  );
  const having = (key: string): OpenFile[] => files.filter(({ entries }) => entries.has(key));

  const kinds = new Set<string>();
  for (const { file, entries } of having('kinds')) {
    for (const { key, value } of file.entries(entries.get('kinds')?.value, '`kinds`')) {
      file.text(value, `the sentence on ${key}`);
      kinds.add(key);
    }
  }
  const parts = new Map<string, FolderPatterns>();
  for (const { file, entries } of having('part')) {
    const name = file.text(entries.get('part')?.value, '`part`');
    if (name) parts.set(name, readPatterns(file, entries.get('sources')?.value, kinds));
  }
  const layouts = new Map<string, Layout>();
  for (const { file, entries } of having('layout')) {
    const node = entries.get('layout')?.value;
    const name = file.text(node, '`layout`');
    if (!name) continue;
    if (layouts.has(name)) file.complain(node, `a layout \`${name}\` exists already; give this one another name.`);
    else layouts.set(name, readLayout(name, file, entries, parts, kinds));
  }
  const logs = new Map(
    having('logs').flatMap(({ file, entries }) => readLogs(file, entries.get('logs')?.value, kinds)),
  );
  return { layouts: [...layouts.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), kinds, logs };
}

function openFile(path: string, complaints: string[]): OpenFile | undefined {
  const before = complaints.length;
  const file = openCatalogueFile(path, complaints);
  if (complaints.length > before) return undefined;
  const first = file.root && isMap(file.root) ? file.entries(file.root, 'the file').map(({ key }) => key) : [];
  const sort = Object.keys(keysOf).find((key) => first.includes(key));
  if (!sort) {
    file.complain(file.root, 'the file must have one of the keys `layout`, `part`, `kinds` or `logs`.');
    return undefined;
  }
  const entries = file.entries(file.root, `a file with \`${sort}\``, keysOf[sort]);
  return { file, entries: new Map(entries.map((entry) => [entry.key, entry])) };
}

function readLayout(
  name: string,
  file: CatalogueFile,
  entries: OpenFile['entries'],
  parts: ReadonlyMap<string, FolderPatterns>,
  kinds: ReadonlySet<string>,
): Layout {
  const bundle = entries.get('bundle');
  const kind = bundle && file.text(bundle.value, '`bundle`');
  if (kind !== 'cluster' && kind !== 'node') {
    file.complain(bundle?.value ?? file.root, '`bundle` must be `cluster` (API objects) or `node` (one machine).');
  }
  const title = entries.get('title');
  if (!title || !file.text(title.value, '`title`')) file.complain(file.root, 'a layout needs a `title`: what it is.');
  const include = entries.get('include');
  const includes: readonly Include[] = include ? readInclude(file, include.value) : [];
  const included = includes.flatMap((each) => {
    const part = parts.get(each.part);
    if (!part) file.complain(each.node, `there is no part \`${each.part}\`${instead(each.part, parts.keys())}`);
    return part ? withPart(file, each, part) : [];
  });
  const optional = <T>(key: string, read: (node: Node | null) => readonly T[]): readonly T[] => {
    const entry = entries.get(key);
    return entry ? read(entry.value) : [];
  };
  return {
    name,
    bundle: kind === 'cluster' ? 'cluster' : 'node',
    lastResort: entries.has('lastResort'),
    sources: [
      ...optional('sources', (node) => readPatterns(file, node, kinds).map((each) => each.compiled)),
      ...included,
    ],
    ignore: optional('ignore', (node) => readPatterns(file, node, undefined).map((each) => each.compiled.pattern)),
    signatures: optional('signatures', (node) => readSignatures(file, node, kinds)),
  };
}

function readLogs(file: CatalogueFile, node: Node | null | undefined, kinds: ReadonlySet<string>): [string, LogName][] {
  return file.entries(node, '`logs`').map(({ key, value }) => {
    const fields = new Map(file.entries(value, `the log ${key}`, ['kinds', 'idents', 'labels']).map((e) => [e.key, e]));
    const list = (name: string) => {
      const entry = fields.get(name);
      return entry ? file.texts(entry.value, `\`${name}\` of ${key}`) : [];
    };
    for (const { text, node: at } of list('kinds')) {
      if (!kinds.has(text)) file.complain(at, `there is no source kind \`${text}\`${instead(text, kinds)}`);
    }
    const labels = fields.get('labels');
    const conditions = labels ? file.entries(labels.value, `\`labels\` of ${key}`) : [];
    const idents = list('idents').map(({ text }) => text);
    return [
      key,
      {
        kinds: list('kinds').map(({ text }) => text),
        ...(idents.length > 0 && { idents }),
        ...(conditions.length > 0 && {
          labels: Object.fromEntries(
            conditions.map((each) => [each.key, file.texts(each.value, `\`${each.key}\``).map(({ text }) => text)]),
          ),
        }),
      },
    ];
  });
}
