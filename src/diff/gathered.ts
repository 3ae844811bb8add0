// Tells whether a bundle would hold a thing if it were there: only then may its absence be called a change.

import type { Gap } from '../bundle/coverage.ts';
import type { Place, Side } from './side.ts';

/** The other bundle has this thing. Would this one have it? */
export interface Sought {
  /** Fact type, where one is known. */
  readonly type?: string;
  /** Kind of the API object, where the type holds objects of many kinds. */
  readonly kind?: string;
  readonly namespace?: string;
  /** Set where the thing is read on the node itself. */
  readonly node?: string;
  /** Where it stands in the other bundle. */
  readonly place: Place;
  /** The file it stands in holds several of its type, so that another file must hold several to be a list too. */
  readonly isListed: boolean;
}

/** Gaps that leave nobody knowing what else was in the archive. */
const cuts =
  /^(?:ARCHIVE_(?:TRUNCATED|NO_EOA|CORRUPT_HEADER|CHECKSUM|SIZE_MISMATCH|OVERLAP|EMPTY)|NOT_AN_ARCHIVE|UNSUPPORTED_FORMAT|LIMIT_(?:RATIO|TOTAL|ENTRIES|DEPTH|TIME|META|PATH_DEPTH)|WORKER_(?:CRASH|OOM)|ENTRY_ENCRYPTED|INPUT_CHANGED)$/;
/** Of our own rules, not of what was gathered. */
const ofRules = /^(?:RULE_|TRACE_|LIMIT_FINDINGS$)/;

/** Why the side would not hold it; undefined where it would. */
export type WhyNot = (sought: Sought) => string | undefined;

export function createGathered(side: Side): WhyNot {
  const gaps = side.report.coverage.gaps.filter(({ code }) => !ofRules.test(code));
  const inputs = new Set(side.report.bundle.inputs.map(({ path }) => path));
  const placed = gaps.map((gap) => ({ gap, place: side.place(gap.path), isCut: cuts.test(gap.code) }));
  const whole = placed.find(({ gap, isCut }) => isCut && isAll(gap, side, inputs))?.gap;
  const counts = new Map<string, readonly (readonly [path: string, count: number])[]>();

  function gapAt({ node, steady }: Place, folderToo: boolean): Gap | undefined {
    const folder = steady.slice(0, steady.lastIndexOf('/') + 1);
    return placed.find(({ gap, place, isCut }) => {
      if (node !== '' && place.node !== '' && node !== place.node) return false;
      if (place.steady === steady || (isCut && steady.startsWith(`${place.steady}!`))) return true;
      if (folderToo && folder !== '' && place.steady.startsWith(folder)) return true;
      // An archive in the archive that could not be read may have held anything of its node.
      return folderToo && isCut && node !== '' && gap.path.includes(node);
    })?.gap;
  }

  /** Files with facts of the type in that scope, and how many each. */
  function files({ type = '', kind, namespace, node }: Sought): readonly (readonly [string, number])[] {
    const key = JSON.stringify([type, kind, namespace, node]);
    const known = counts.get(key);
    if (known) return known;
    const byPath = new Map<string, number>();
    for (const { value, path } of side.read(type)) {
      if (kind !== undefined && value.kind !== kind) continue;
      if (namespace !== undefined && value.namespace !== namespace) continue;
      if (node !== undefined && value.node !== node) continue;
      byPath.set(path, (byPath.get(path) ?? 0) + 1);
    }
    const found = [...byPath];
    counts.set(key, found);
    return found;
  }

  return (sought) => {
    if (whole) return `the ${side.which} bundle is cut (${whole.code})`;
    const { place, namespace, node } = sought;
    const gap = gapAt(place, false);
    if (gap) return `${place.steady} could not be read as a whole ${side.which} (${gap.code})`;
    if (side.at(place).length > 0) return undefined;
    if (node !== undefined && !side.hasNode(node)) return `nothing of node ${node} itself was gathered ${side.which}`;
    if (namespace !== undefined && namespace !== '' && !side.hasNamespace(namespace))
      return `namespace ${namespace} was not gathered ${side.which}`;
    const near = gapAt(place, true);
    if (near) return `${near.path} could not be read as a whole ${side.which} (${near.code})`;
    const others = files(sought);
    const isThere = sought.isListed ? others.some(([, count]) => count > 1) : others.length > 0;
    return isThere ? undefined : `${place.steady} was not gathered ${side.which}`;
  };
}

/** The gap of one file, where it could not be read as a whole: a field that is not there may have been cut off. */
export function gapIn(side: Side, path: string): Gap | undefined {
  return side.report.coverage.gaps.find((gap) => gap.path === path && !ofRules.test(gap.code));
}

function isAll({ path }: Gap, side: Side, inputs: ReadonlySet<string>): boolean {
  return path === '' || path === '.' || inputs.has(path) || path === side.report.bundle.name || !path.includes('/');
}
