// Says which files would have given what a rule lacks, in the kinds of bundle that this one is, or else in the usual ones.

import type { Catalogue } from '../bundle/catalogue.ts';
import { factTypes, parsers } from '../facts/parsers.ts';

const usualLayouts = ['must-gather', 'sosreport'];
const mostPlaces = 3;

/** `missing`: a fact type, `group/Kind`, or a log. `layouts`: those of the bundle, the most frequent first. */
export function hintsFor(catalogue: Catalogue, layouts: readonly string[]): (missing: string) => readonly string[] {
  return (missing) => {
    const object = objectNamed(missing);
    if (object !== undefined)
      return [`objects of kind ${object}: must-gather, oc adm inspect, or kubectl get -A -o yaml`];
    const reading = parsers.filter((parser) => parser.yields.some(({ name }) => name === missing));
    const kinds = catalogue.logs.get(missing)?.kinds ?? reading.flatMap((parser) => parser.reads);
    const places = [...new Set(kinds.flatMap((kind) => catalogue.places(kind)))];
    const rank = (place: string): number => {
      const rankOf = [...layouts, ...usualLayouts].indexOf(place.split(':')[0] ?? '');
      return rankOf < 0 ? Number.POSITIVE_INFINITY : rankOf;
    };
    const known = places.filter((place) => rank(place) < Number.POSITIVE_INFINITY);
    return (known.length > 0 ? known.sort((a, b) => rank(a) - rank(b)) : places).slice(0, mostPlaces);
  };
}

/** The kind of an API object whose reading gives the fact type; undefined where it is read from another file. */
function objectNamed(missing: string): string | undefined {
  if (missing.includes('/')) return missing.split('/')[1];
  const type = factTypes.find(({ name }) => name === missing);
  const isObject = parsers.some(
    ({ reads, yields }) => reads.includes('KubernetesManifest') && yields.some(({ name }) => name === missing),
  );
  const kind = type?.object?.kind;
  // Where the kind is a field of the fact itself, the type has the name of its object.
  return isObject ? (type && kind !== undefined && !(kind in type.fields) ? kind : missing) : undefined;
}
