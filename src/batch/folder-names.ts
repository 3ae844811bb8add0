// A folder for each report, named after its input; equal names get a number, and a name once given stays.

const endings = /(\.(tar|tgz|tbz2?|txz|tzst|gz|xz|bz2|zst|zip))+$/i;
/** What else lies in an output folder. */
const reserved = /^(?:\.*|index\.\w+|journal\.sqlite.*|\.batch\..*)$/i;

interface Named {
  readonly path: string;
}

/** By path. `known`: folders that were given before. Some file systems do not tell upper from lower case. */
export function folderNames(
  inputs: readonly Named[],
  known: readonly (Named & { readonly folder: string })[],
  nameOf: (path: string) => string = stemOf,
): ReadonlyMap<string, string> {
  const given = new Map(known.map(({ path, folder }) => [path, folder]));
  const taken = new Set(known.map(({ folder }) => folder.toLowerCase()));
  const names = new Map<string, string>();
  for (const { path } of inputs) {
    const stem = nameOf(path);
    let folder = given.get(path) ?? stem;
    if (!given.has(path)) for (let times = 2; taken.has(folder.toLowerCase()); times++) folder = `${stem}-${times}`;
    taken.add(folder.toLowerCase());
    names.set(path, folder);
  }
  return names;
}

/** `bundle`, `bundle-2` …, which tell nothing of the inputs. */
export const isNumbered = (folder: string): boolean => /^bundle(?:-\d+)?$/.test(folder);

/** The name without what says how it is packed. */
export function stemOf(path: string): string {
  const last =
    path
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) ?? '';
  const stem = last.replace(endings, '');
  return reserved.test(stem) ? 'bundle' : stem;
}
