// How a trace is said in words: addresses, shares, rules, verdicts. The same in text, Mermaid, SVG and the page.

import type { Packet } from '../../models/netfilter/packet.ts';
import type { Branch, End, Place, Step, Trace, Verdict, VerdictShare } from '../../models/path/trace.ts';
import { placed } from '../wording.ts';
import type { NumberedStep } from './trace-tree.ts';

export type Tone = 'fine' | 'bad' | 'unknown';

export function toneOf(verdict: Verdict): Tone {
  if (verdict === 'delivered') return 'fine';
  return verdict === 'unknown' || verdict === 'not-visible' ? 'unknown' : 'bad';
}

const symptoms: Readonly<Record<string, string>> = {
  connects: 'connects',
  timeout: 'gets a timeout',
  ECONNREFUSED: 'gets “Connection refused” (ECONNREFUSED)',
  EHOSTUNREACH: 'gets “No route to host” (EHOSTUNREACH)',
  ENETUNREACH: 'gets “Network is unreachable” (ENETUNREACH)',
};

/** `the client connects`; empty where nobody knows what it sees. */
export function clientSees(symptom: string): string {
  if (symptom === '') return '';
  return `the client ${Object.hasOwn(symptoms, symptom) ? symptoms[symptom] : `sees ${symptom}`}`;
}

export const verdictWord = (verdict: Verdict): string => verdict.replace('-', ' ');

/** `delivered to pod shop/cart-0 on worker-2`. */
export function endText(end: End): string {
  const who = end.receiver ? ` to ${end.receiver}` : '';
  const where = end.node !== '' && !end.receiver?.includes(end.node) ? ` on ${end.node}` : '';
  return `${verdictWord(end.verdict)}${end.verdict === 'delivered' ? who : ''}${where}`;
}

/** 0.5 is `50 %`, a third is `33.3 %`; what is not nothing never reads 0. */
export function percent(share: number): string {
  const tenths = Math.round(share * 1000);
  if (tenths === 0 && share > 0) return '< 0.1 %';
  return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} %`;
}

/** Says a share; where there are alternatives, of which one holds, what is assumed may as well not be. */
export function sharesOf(trace: Trace): (share: number, assumed: readonly string[]) => string {
  const total = trace.branches.reduce((sum, { weight }) => sum + weight, 0);
  const hasAlternatives = total > 1.000001;
  return (share, assumed) => (hasAlternatives && assumed.length > 0 ? `up to ${percent(share)}` : percent(share));
}

/** Why a way ends as it does, unless that only says again how it ends. */
export const reasonOf = (end: End): string => (endText(end).startsWith(end.reason) ? '' : end.reason);

/** `not: X` is how the other way of the same question is named. */
export const assumption = (text: string): string =>
  text.startsWith('not: ') ? `unless ${text.slice(5)}` : `if ${text}`;

/** `50 %`, or `50 % to 100 %` where assumptions decide. */
export const shareText = ({ least, most }: VerdictShare): string =>
  percent(least) === percent(most) ? percent(most) : `${percent(least)} to ${percent(most)}`;

/** `10.0.0.7:80`, `[fd00::7]:80`. */
export function address(host: string, port?: number): string {
  if (port === undefined) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export const fromTo = (packet: Packet): string =>
  `${address(packet.source, packet.sourcePort)} → ${address(packet.destination, packet.destinationPort)}`;

/** The devices as far as they are known at this hook: `in cni0`, `cni0 → flannel.1`, `out eth0`. */
export function devices({ inDevice, outDevice }: Packet): string {
  if (inDevice !== '' && outDevice !== '') return `${inDevice} → ${outDevice}`;
  if (inDevice !== '') return `in ${inDevice}`;
  return outDevice === '' ? '' : `out ${outDevice}`;
}

/** `nat KUBE-SVC-X rule 3`, as the kernel counts: from 1 in each chain. */
export function ruleText({ rule }: Step, withBackend: boolean): string {
  if (!rule) return '';
  const words = [withBackend ? (rule.backend ?? '') : '', rule.table, rule.chain];
  const place = { rule: `rule ${rule.number}`, return: 'end of chain', policy: 'policy' }[rule.kind];
  return [...words.filter((word) => word !== ''), place].join(' ');
}

/** What a step does, its place in the packet filter first; `share` of the connections stands in place of the dice of the rule. */
export function stepText(step: Step, share = '', withBackend = false): string {
  const [, said = '', dice = ''] = /^(.*?)(?: \(([\d.]+ %)\))?$/s.exec(step.effect) ?? [];
  const effect = said.replace(/^(?:jumps?|goto|goes) (?:to )?(?=\S)/i, '→ ').replace(/^policy (?=[A-Z]+$)/, '');
  const shown = share || dice ? ` (${share || dice})` : '';
  if (!step.rule) return `${effect}${shown}`;
  const place = `${ruleText(step, withBackend)}${shown}`;
  if (effect === '') return place;
  return effect.startsWith('→') ? `${place} ${effect}` : `${place}: ${effect}`;
}

/** The same, and what became of the packet where the step does not say it itself. */
export function stepSentence({ step, change }: NumberedStep, share: string, withBackend: boolean): string {
  const text = stepText(step, share, withBackend);
  const isSaid = change === undefined || change.kind === 'mark' || step.effect.includes(change.to);
  return isSaid ? text : `${text}, ${change.text}`;
}

/** Two packet filters on one machine: only then it needs to be said which one a rule is of. */
export function hasBackends(trace: Trace): boolean {
  const backends = trace.branches.flatMap(({ steps }) => steps.map(({ rule }) => rule?.backend ?? ''));
  return new Set(backends.filter((backend) => backend !== '')).size > 1;
}

export const stepsOf = (branch: Branch): readonly Step[] => [...branch.steps, ...(branch.reply ?? [])];

export interface Places {
  /** `n1/iptables-save.txt:57`. */
  readonly short: (place: Place) => string;
  /** Each shortened name with the path it stands for. */
  readonly names: readonly { readonly name: string; readonly path: string }[];
}

/** Paths by the fewest last folders that tell them apart: lines stay short, and a list says what they stand for. */
export function placesOf(trace: Trace): Places {
  const places = trace.branches.flatMap((branch) =>
    stepsOf(branch).flatMap(({ place }) => (place ? [place.path] : [])),
  );
  const paths = [...new Set(places)].sort();
  const tails = new Map<string, number>();
  for (const path of paths) for (const tail of tailsOf(path)) tails.set(tail, (tails.get(tail) ?? 0) + 1);
  const names = new Map(paths.map((path) => [path, tailsOf(path).find((tail) => tails.get(tail) === 1) ?? path]));
  return {
    short: (place) => placed({ ...place, path: names.get(place.path) ?? place.path }),
    names: paths.map((path) => ({ name: names.get(path) ?? path, path })).filter(({ name, path }) => name !== path),
  };
}

/** `b/c.txt` of `a/b/c.txt`: every end of a path, the shortest first. */
function tailsOf(path: string): string[] {
  const parts = path.split(/(?<=[/!])/);
  return parts.map((_, at) => parts.slice(parts.length - 1 - at).join(''));
}
