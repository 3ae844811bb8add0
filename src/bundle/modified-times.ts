// The newest time of an input's entries, container by container, for bundles that do not say when they were gathered.

interface Times {
  oldest: number;
  newest: number;
  count: number;
}

export interface ModifiedTimes {
  /** `container`: what the paths of its members begin with. */
  note(container: string, millis: number): void;
  /** RFC 3339 UTC; absent where no container says anything. */
  newest(): string | undefined;
}

/** This many entries of one and the same second were given it when the archive was packed anew: they say nothing. */
const packedAnewFrom = 20;

export function createModifiedTimes(): ModifiedTimes {
  const containers = new Map<string, Times>();
  return {
    note(container, millis) {
      const times = containers.get(container);
      if (!times) {
        containers.set(container, { oldest: millis, newest: millis, count: 1 });
        return;
      }
      times.oldest = Math.min(times.oldest, millis);
      times.newest = Math.max(times.newest, millis);
      times.count += 1;
    },
    newest() {
      const telling = [...containers.values()].filter(
        ({ oldest, newest, count }) => newest > 0 && (newest > oldest || count < packedAnewFrom),
      );
      const millis = Math.max(0, ...telling.map(({ newest }) => newest));
      return millis > 0 ? new Date(millis).toISOString().replace(/\.\d+Z$/, 'Z') : undefined;
    },
  };
}
