// The catalogue: what each file of a bundle is, by its path or else by its first lines; told in `rules/sources/*.yaml`.

import { existsSync } from 'node:fs';
import { CatalogueError } from './catalogue-yaml.ts';
import { keptLayouts } from './checked-layouts.ts';
import { type LayoutFiles, type LogName, readLayoutFiles } from './layout-files.ts';
import { indexPatterns } from './path-index.ts';
import { fits, headText } from './signature.ts';

export { CatalogueError } from './catalogue-yaml.ts';
export type { LogName } from './layout-files.ts';

export interface Claim {
  readonly kind: string;
  readonly layout: string;
  /** What precedes the pattern: a prefix of the path without a final `/` or `!`; empty at the top. */
  readonly root: string;
  readonly labels: Record<string, string>;
  /** A log: it may be long, and is delivered in pieces. */
  readonly log: boolean;
}

export interface Catalogue {
  /** By the path alone. */
  classify(path: string): Claim | undefined;
  /** By the first 4 KB, for what no path pattern claims. */
  sniff(path: string, head: Uint8Array): Claim | undefined;
  /** True where `sniff` would not look at the content: a place that a layout says is not worth it. */
  ignores(path: string): boolean;
  readonly kinds: readonly string[];
  readonly logs: ReadonlyMap<string, LogName>;
  bundleKind(layout: string): 'cluster' | 'node';
  /** Where a kind lies, one path pattern a layout: `sosreport: proc/swaps`. */
  places(kind: string): readonly string[];
}

/**
 * Reads every `.yaml` of the folders, or what `keptIn` keeps of them. Throws a `CatalogueError` that names each mistake with
 * its place.
 */
export function loadCatalogue(dirs: readonly string[], keptIn?: string): Catalogue {
  return catalogueOf((keptIn === undefined ? undefined : keptLayouts(keptIn, dirs)) ?? readLayouts(dirs));
}

/** The layouts of the folders. Throws a `CatalogueError`. */
export function readLayouts(dirs: readonly string[]): LayoutFiles {
  const complaints = dirs
    .filter((dir) => !existsSync(dir))
    .map(
      (dir) => `${dir}: there is no such folder; it should hold YAML files that tell where the files of a bundle lie.`,
    );
  const files = readLayoutFiles(
    dirs.filter((dir) => existsSync(dir)),
    complaints,
  );
  if (complaints.length > 0) throw new CatalogueError(complaints.join('\n'));
  return files;
}

function catalogueOf({ layouts, kinds, logs }: LayoutFiles): Catalogue {
  const logKinds = new Set([...logs.values()].flatMap((log) => log.kinds));
  const bundleKinds = new Map(layouts.map(({ name, bundle }) => [name, bundle]));
  const paths = indexPatterns(
    layouts
      .flatMap(({ name: layout, lastResort, sources }) => sources.map((source) => ({ ...source, layout, lastResort })))
      .sort(
        // The most specific wins; equals stay in the order of layout names and lines.
        (a, b) =>
          b.pattern.literalLength - a.pattern.literalLength ||
          Number(a.lastResort) - Number(b.lastResort) ||
          Number(b.placed) - Number(a.placed),
      )
      .map((source) => ({ pattern: source.pattern, value: source })),
  );
  const ignored = indexPatterns(
    layouts.flatMap(({ ignore }) => ignore.map((pattern) => ({ pattern, value: undefined }))),
  );
  const signatures = [...layouts]
    .sort((a, b) => Number(a.lastResort) - Number(b.lastResort))
    .flatMap(({ name: layout, signatures }) => signatures.map((signature) => ({ layout, signature })));

  const ignores = (path: string): boolean => ignored.find(path) !== undefined;
  return {
    kinds: [...kinds].sort(),
    logs,
    ignores,
    bundleKind: (layout) => bundleKinds.get(layout) ?? 'node',
    places: (kind) =>
      layouts.flatMap(({ name, lastResort, sources }) => {
        const source = sources.find((each) => each.kind === kind);
        return source && !lastResort ? [`${name}: ${source.pattern.text}`] : [];
      }),
    classify(path) {
      const found = paths.find(path);
      if (!found) return undefined;
      const { kind, layout, labels } = found.value;
      return { kind, layout, root: found.root, labels: { ...labels, ...found.labels }, log: logKinds.has(kind) };
    },
    sniff(path, head) {
      const text = ignores(path) ? undefined : headText(head);
      if (text === undefined) return undefined;
      const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('!'));
      const fileName = path.slice(end + 1);
      for (const { layout, signature } of signatures) {
        const labels = fits(signature, fileName, text);
        if (!labels) continue;
        const { kind } = signature;
        return { kind, layout, root: path.slice(0, Math.max(end, 0)), labels: { ...labels }, log: logKinds.has(kind) };
      }
      return undefined;
    },
  };
}
