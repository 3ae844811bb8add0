// What the generated lists say beyond rules and fact types: the formats that parsers read, and what nobody can decide.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Who says how a kind of source looks, and which forms of it are read. */
export interface Format {
  readonly from: string;
  readonly reads: readonly string[];
}

export interface Undecidable {
  readonly catalog: string;
  readonly part: string;
  readonly reason: string;
}

export interface KindDocs {
  /** What a kind is, by its name. */
  readonly docs: Readonly<Record<string, string>>;
  /** Kinds that are known by their first lines, whatever a file is called. */
  readonly byContent: ReadonlySet<string>;
  readonly formats: Readonly<Record<string, Format>>;
}

/** Of a folder of rules; the catalogue has found its own mistakes before. */
export function readKindDocs(dir: string): KindDocs {
  const docs: Record<string, string> = {};
  const byContent = new Set<string>();
  const folder = join(dir, 'sources');
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    if (!name.endsWith('.yaml')) continue;
    const file = parse(readFileSync(join(folder, name), 'utf8')) as {
      readonly kinds?: Record<string, string>;
      readonly signatures?: readonly { readonly kind: string; readonly name?: unknown }[];
    };
    Object.assign(docs, file.kinds);
    for (const { kind, name } of file.signatures ?? []) if (name === undefined) byContent.add(kind);
  }
  return { docs, byContent, formats: readFormats(join(dir, 'formats.yaml')) };
}

function readFormats(file: string): Record<string, Format> {
  if (!existsSync(file)) return {};
  const formats = parse(readFileSync(file, 'utf8')) as Record<string, Format>;
  for (const [kind, format] of Object.entries(formats)) {
    const isWhole = typeof format?.from === 'string' && Array.isArray(format.reads) && format.reads.length > 0;
    if (!isWhole)
      throw new Error(`${file}: ${kind} needs from: (who says how it looks) and reads: (a list of its forms)`);
  }
  return formats;
}

export function readUndecidable(dir: string): readonly Undecidable[] {
  const file = join(dir, 'undecidable.yaml');
  if (!existsSync(file)) return [];
  const entries = parse(readFileSync(file, 'utf8')) as readonly Undecidable[];
  for (const [index, { catalog, part, reason }] of entries.entries()) {
    const isWhole = /^[A-Z]+-\d{3}$/.test(catalog ?? '') && [part, reason].every((each) => typeof each === 'string');
    if (!isWhole) throw new Error(`${file}: entry ${index + 1} needs catalog: (e.g. CPU-001), part: and reason:`);
  }
  return entries;
}
