// The arithmetic of Kubernetes between requests and limits on one side and cgroup files on the other.
//
//   request 500m → cpu.shares 512, cpu.weight 20 (kubelet, older runtimes) or 59 (runc ≥ 1.3.2, crun ≥ 1.23)
//   limit   125m → quota 12500 µs, or 13000 µs where systemd rounds it up to whole percents

const minShares = 2;
const maxShares = 262_144;
/** The kernel takes no shorter quota, so a limit below 10m is 10m. */
const minQuotaMicros = 1000;

/** The kubelet's default period. */
export const defaultPeriodMicros = 100_000;

/** cpu.shares of a CPU request. */
export function sharesOf(requestMillis: number): number {
  if (requestMillis <= 0) return minShares;
  return Math.min(maxShares, Math.max(minShares, Math.floor((requestMillis * 1024) / 1000)));
}

/** CPU quota of a limit; undefined where there is none. */
export function quotaMicrosOf(limitMillis: number | undefined, periodMicros = defaultPeriodMicros): number | undefined {
  if (limitMillis === undefined || limitMillis <= 0) return undefined;
  return Math.max(minQuotaMicros, Math.floor((limitMillis * periodMicros) / 1000));
}

/** The same quota as systemd keeps it: rounded up to whole percents of a CPU. */
export function systemdQuotaMicrosOf(quotaMicros: number, periodMicros = defaultPeriodMicros): number {
  const perSecond = Math.floor((quotaMicros * 1_000_000) / periodMicros);
  const rounded = Math.ceil(perSecond / 10_000) * 10_000;
  return Math.floor((rounded * periodMicros) / 1_000_000);
}

/** cpu.weight as the kubelet writes it to pods and QoS classes, and older runtimes to containers. */
export function linearWeightOf(shares: number): number {
  return shares >= maxShares ? 10_000 : 1 + Math.floor(((Math.max(minShares, shares) - 2) * 9999) / 262_142);
}

/** cpu.weight as runc since 1.3.2 and crun since 1.23 write it to containers. */
export function quadraticWeightOf(shares: number): number {
  if (shares <= 0) return 0;
  if (shares <= minShares) return 1;
  if (shares >= maxShares) return 10_000;
  const l = Math.log2(shares);
  return Math.ceil(10 ** ((l * l + 125 * l) / 612 - 7 / 34));
}

/** Every cpu.weight that a container with this request may rightly have; which one depends on its runtime. */
export function containerWeightsOf(requestMillis: number): number[] {
  const shares = sharesOf(requestMillis);
  return [...new Set([linearWeightOf(shares), quadraticWeightOf(shares)])];
}

/** Every quota that a container with this limit may rightly have; empty where there is no limit. */
export function containerQuotasOf(limitMillis: number | undefined, periodMicros = defaultPeriodMicros): number[] {
  const quota = quotaMicrosOf(limitMillis, periodMicros);
  return quota === undefined ? [] : [...new Set([quota, systemdQuotaMicrosOf(quota, periodMicros)])];
}

/** The memory limits that stand for this one: the kernel rounds down to its page, of 4, 16 or 64 KiB. */
export function memoryLimitsOf(limitBytes: number): number[] {
  return [...new Set([limitBytes, ...[4096, 16_384, 65_536].map((page) => Math.floor(limitBytes / page) * page)])];
}

/** CPU request that counts for a container: the limit stands in where only that is given. */
export function effectiveRequest(request: number | undefined, limit: number | undefined): number {
  return request ?? limit ?? 0;
}
