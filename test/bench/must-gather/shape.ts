// How large a generated must-gather is, and what of it are nodes, pods and logs.

export interface Shape {
  /** Unpacked, about. */
  readonly bytes: number;
  readonly nodes: number;
  readonly pods: number;
  readonly logBytes: number;
}

const megabyte = 1_000_000;
/** A larger bundle has longer logs, not a larger cluster. */
const largestClusterBytes = 5000 * megabyte;

/** 1.5 GB: 200 nodes, 8,000 pods, 1 GB of logs; smaller and larger ones alike. */
export function shapeOf(bytes: number): Shape {
  const cluster = Math.min(bytes, largestClusterBytes) / (1500 * megabyte);
  const nodes = Math.max(3, Math.round(200 * cluster));
  const pods = Math.max(30, Math.round(8000 * cluster));
  return { bytes, nodes, pods, logBytes: Math.round(bytes - cluster * 500 * megabyte) };
}

/** `300MB`, `1.5GB`, `20GB`; undefined where it is no size. */
export function readSize(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([MG]B)$/.exec(text) ?? [];
  return number === undefined ? undefined : Math.round(Number(number) * (unit === 'GB' ? 1000 : 1) * megabyte);
}
