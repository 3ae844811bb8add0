// Layouts that were read and checked before, kept in one file: while nothing changed they need not be read again.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Layout, LayoutFiles, LogName } from './layout-files.ts';
import { type PatternForm, patternOf } from './path-pattern.ts';

/** Lies beside the folder of the layouts; made by `drydock rules compile`, and never needed. */
export const checkedLayoutsName = 'checked-layouts.json';

/** `LayoutFiles` as JSON: patterns without their way to match, expressions as their text. */
interface Kept {
  /** The files and the code that read them. */
  readonly digest: string;
  readonly layouts: readonly KeptLayout[];
  readonly kinds: readonly string[];
  readonly logs: readonly (readonly [string, LogName])[];
}
interface KeptLayout extends Omit<Layout, 'sources' | 'ignore' | 'signatures'> {
  readonly sources: readonly (Omit<Layout['sources'][number], 'pattern'> & { readonly pattern: PatternForm })[];
  readonly ignore: readonly PatternForm[];
  readonly signatures: readonly {
    readonly kind: string;
    readonly names: readonly PatternForm[];
    readonly content: readonly string[];
  }[];
}

/** What was kept of the files of these folders. Of another version, cut off or absent: undefined, which costs time alone. */
export function keptLayouts(file: string, dirs: readonly string[]): LayoutFiles | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { digest, layouts, kinds, logs } = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    if (digest !== digestOf(dirs)) return undefined;
    return { layouts: layouts.map(revived), kinds: new Set(kinds), logs: new Map(logs) };
  } catch {
    return undefined;
  }
}

/** The text of such a file, for layouts that were read without a complaint. */
export function checkedLayoutsJson({ layouts, kinds, logs }: LayoutFiles, dirs: readonly string[]): string {
  const kept: Kept = {
    digest: digestOf(dirs),
    layouts: layouts.map((layout) => ({
      ...layout,
      signatures: layout.signatures.map((each) => ({ ...each, content: each.content.map(({ source }) => source) })),
    })),
    kinds: [...kinds],
    logs: [...logs],
  };
  return `${JSON.stringify(kept)}\n`;
}

function revived(layout: KeptLayout): Layout {
  return {
    ...layout,
    sources: layout.sources.map((source) => ({ ...source, pattern: patternOf(source.pattern) })),
    ignore: layout.ignore.map(patternOf),
    signatures: layout.signatures.map(({ kind, names, content }) => ({
      kind,
      names: names.map(patternOf),
      content: content.map((source) => new RegExp(source, 'm')),
    })),
  };
}

function digestOf(dirs: readonly string[]): string {
  ownCode ??= folderDigest(fileURLToPath(new URL('.', import.meta.url)));
  return [ownCode, ...dirs.map(folderDigest)].join(' ');
}

/** The code that runs does not change any more. */
let ownCode: string | undefined;

function folderDigest(dir: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(dir).sort()) {
    if (/\.(?:[jt]s|ya?ml)$/.test(name)) hash.update(`${name}\0`).update(readFileSync(join(dir, name), 'utf8'));
  }
  return hash.digest('base64url');
}
