// What kube-proxy would have written: chain names, probabilities and the masquerade mark.

export {
  endpointHashes,
  nftChainName,
  type ServicePortName,
  serviceHashes,
  servicePortText,
} from '../facts/parsers/network/chain-names.ts';

/** `--probability` of the rules to n endpoints: rule i (from 0) takes 1/(n−i) of what is left, the last one all. */
export function expectedProbabilities(endpoints: number): readonly (number | undefined)[] {
  return Array.from({ length: endpoints }, (_, at) => (at === endpoints - 1 ? undefined : 1 / (endpoints - at)));
}

/** `1 << masqueradeBit`; the default bit is 14, OpenShift SDN sets 0. */
export function masqueradeMark(bit = 14): number {
  return (1 << bit) >>> 0;
}

export const openShiftSdnMasqueradeBit = 0;

/** nf_conntrack_max that kube-proxy sets: per core, but never below a minimum; the newest releases cap it. */
export function conntrackMax(cores: number, { maxPerCore = 32768, min = 131072 } = {}): number {
  return Math.max(maxPerCore * cores, min);
}
