// The path of a file as it is in every bundle of its kind: without the folder that holds the name, the day or the image.
//
//   sosreport-worker-1-2024-09-03-kxqzvbn/proc/cmdline        proc/cmdline
//   must-gather/quay-io-example-sha256-5c1d/namespaces/…      namespaces/…

/** Folders that gatherers begin with, for paths of which nobody kept where their layout begins. */
const begins =
  /^(?:namespaces|cluster-scoped-resources|cluster-resources|host_service_logs|etcd_info|hosts|audit_logs|monitoring|network_logs|sos_commands|sos_reports|proc|sys|etc|var|run|usr|boot|opt|lib|config|conditional|resources|kubectl)$/;

/** A function that gives the steady form of the paths of one bundle. `roots`: where its layouts begin. */
export function steadyPaths(roots: readonly string[] | undefined): (path: string) => string {
  // The longest first: a sosreport lies inside of a must-gather.
  const known = roots && [...roots].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return (path) => {
    const root = known?.find((each) => each !== '' && (path.startsWith(`${each}/`) || path.startsWith(`${each}!`)));
    return root !== undefined ? path.slice(root.length + 1) : withoutHead(path);
  };
}

function withoutHead(path: string): string {
  const inside = path.slice(path.lastIndexOf('!') + 1);
  const folders = inside.split('/');
  const at = folders.slice(0, -1).findIndex((folder) => begins.test(folder));
  return at > 0 ? folders.slice(at).join('/') : inside;
}
