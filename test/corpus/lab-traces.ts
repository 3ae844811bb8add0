// Holds the walk to what real kernels did: the recorded traces of the labs step by step, and what clients saw in each fault.
//
//   node test/corpus/lab-traces.ts FOLDER     FOLDER holds lab-flannel, lab-openshift-sdn and lab-flannel-faults

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '../../src/bundle/limits.ts';
import { readBundle } from '../../src/facts/read-bundle.ts';
import { openStore } from '../../src/facts/seal-store.ts';
import type { FactStore } from '../../src/facts/store.ts';
import { createContext } from '../../src/models/path/context.ts';
import type { Branch, Query, Step } from '../../src/models/path/trace.ts';
import { tracePath } from '../../src/models/path/trace-path.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';

const [folder, only = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node test/corpus/lab-traces.ts FOLDER [PART OF A NAME]');
const { catalogue, demand } = loadKnowledge({ builtin: false, ruleDirs: [], packs: [], everything: true });
let passed = 0;
const failures: string[] = [];
const settle = (name: string, difference: string | undefined) => {
  if (difference === undefined) passed += 1;
  else failures.push(`${name}\n    ${difference}`);
};

async function read(path: string): Promise<FactStore> {
  const { facts } = await readBundle(path, { catalogue, demand, limits: defaultLimits, jobs: 2 });
  return openStore(facts);
}

// --- Recorded traces: `table:chain:kind:number in= out= source:port->destination:port mark= flags`.

interface Line {
  readonly outer: boolean;
  readonly table: string;
  readonly text: string;
}

const line =
  /^(\(outer\) )?(\w+):([\w-]+):(rule|return|policy):(\d+)\s+in=(\S*) out=(\S*) (\S+):(\d+|None)->(\S+):(\d+|None) mark=(\S+) ?(.*)$/;

/** The first packet of the connection, and the message that refuses it: nothing that answers. */
function recorded(text: string): readonly Line[] {
  return text.split('\n').flatMap((raw): Line[] => {
    const hit = line.exec(raw);
    if (!hit) return [];
    const [, outer, table = '', chain, kind, number, into, out, source, from, destination, to, mark, flags] = hit;
    if (outer === undefined && flags !== 'SYN') return [];
    // One rule was put in front of the raw chains to record.
    const place = Number(number) - (table === 'raw' && (chain === 'PREROUTING' || chain === 'OUTPUT') ? 1 : 0);
    // The port of an outer packet is a hash of the inner one.
    const ports = outer === undefined ? [from, to] : ['None', to];
    const packet = `${source}:${ports[0]}->${destination}:${ports[1]}`;
    const said = `${table}:${chain}:${kind}:${place} in=${into} out=${out} ${packet} mark=${mark}`;
    return [{ outer: outer !== undefined, table, text: said }];
  });
}

/** The recording chose packets by the port of the client: past masquerading with --random-fully it is another one. */
function predicted(steps: readonly Step[]): readonly Line[] {
  return steps.flatMap(({ rule, packet, outer }): Line[] => {
    if (!rule) return [];
    if (!outer && packet.protocol === 'tcp' && packet.sourcePort === undefined) return [];
    const { source, sourcePort, destination, destinationPort, mark, inDevice, outDevice } = packet;
    const ends = `${source}:${sourcePort ?? 'None'}->${destination}:${destinationPort ?? 'None'}`;
    const said = `${rule.table}:${rule.chain}:${rule.kind}:${rule.number} in=${inDevice} out=${outDevice} ${ends} mark=0x${((mark.value & mark.known) >>> 0).toString(16)}`;
    return [{ outer, table: rule.table, text: said }];
  });
}

/** A stretch begins where the raw table is asked anew: one for each hook sequence of one packet. */
function stretches(lines: readonly Line[]): readonly string[] {
  const found: string[][] = [];
  let before = '';
  for (const { table, text } of lines) {
    if (found.length === 0 || (table === 'raw' && before !== 'raw')) found.push([]);
    found.at(-1)!.push(text);
    before = table;
  }
  return found.map((each) => each.join('\n'));
}

/** Inner steps must be the same one by one. Outer packets of the recording also carry ARP and answers: ours must be among them. */
function compare(
  kernel: readonly Line[],
  ours: readonly Line[],
): { readonly same: number; readonly difference?: string } {
  const inner = (lines: readonly Line[]) => lines.filter(({ outer }) => !outer).map(({ text }) => text);
  const [wanted, got] = [inner(kernel), inner(ours)];
  for (let at = 0; at < Math.max(wanted.length, got.length); at += 1) {
    if (wanted[at] !== got[at])
      return {
        same: at,
        difference: `step ${at + 1}: kernel ${wanted[at] ?? '(nothing)'}\n            ours   ${got[at] ?? '(nothing)'}`,
      };
  }
  const outer = (lines: readonly Line[]) => stretches(lines.filter((each) => each.outer));
  const known = outer(kernel);
  const missing = outer(ours).find((each) => !known.includes(each));
  if (missing !== undefined) {
    const samples = known.slice(0, 2).join('\n');
    return { same: got.length, difference: `outer packet not recorded:\n${missing}\nrecorded:\n${samples}` };
  }
  return { same: got.length };
}

async function replay(lab: string): Promise<void> {
  const root = join(folder as string, lab);
  const store = await read(root);
  const context = createContext(store);
  const namespace = String(store.read('Pod')[0]?.value.namespace);
  for (const name of readdirSync(join(root, 'traces')).sort()) {
    if (!`${lab}/${name}`.includes(only)) continue;
    const text = readFileSync(join(root, 'traces', name), 'utf8');
    const [, client = '', to = '', port] = /^# client=(\S+) dst=(\S+) sport=(\d+)/.exec(text) ?? [];
    const kernel = recorded(text);
    const outside = / (\S+):\d+->/.exec(kernel.find((each) => !each.outer)?.text ?? '')?.[1] ?? '';
    const from = client === 'ext' ? outside : client.startsWith('n') ? `node ${client}` : `pod ${namespace}/${client}`;
    const query: Query = {
      from,
      to,
      protocol: 'tcp',
      sourcePort: Number(port),
      ...(client === 'ext' && { node: 'n1' }),
    };
    const { branches } = tracePath(store, query, context);
    // The name of the file tells what the client saw: `…--CONNECTED_pb_sees_10.1.1.2.txt`.
    const result = (/--(.*)\.txt$/.exec(name)?.[1] ?? '').replaceAll('_', ' ').replace(/^ERR /, '');
    const compared = branches.map((branch) => {
      const found = compare(kernel, predicted(branch.steps));
      if (found.difference !== undefined || mayBe(result, namespace, [branch])) return found;
      return { ...found, difference: `same steps, but it ends ${branch.end.symptom}, and the client saw: ${result}` };
    });
    const best = compared.toSorted((one, two) => two.same - one.same)[0];
    const fits = compared.some(({ difference }) => difference === undefined);
    settle(`${lab} ${name}`, fits ? undefined : (best?.difference ?? 'no branch at all'));
  }
}

// --- Faults: every result that a real client saw lies in the predicted may set.

const symptoms: readonly (readonly [RegExp, string])[] = [
  [/^CONNECTED/, 'connects'],
  [/^ConnectionRefused/, 'ECONNREFUSED'],
  [/No route to host/, 'EHOSTUNREACH'],
  [/Network is unreachable/, 'ENETUNREACH'],
  [/^Timeout|100% packet loss/, 'timeout'],
];

function queryOf(flow: string): Query | undefined {
  const address = /(\d+\.\d+\.\d+\.\d+:\d+)$/.exec(flow)?.[1];
  const pod = /^pod (\w+)->/.exec(flow)?.[1];
  const to = address ?? '10.96.12.34:80';
  if (flow.startsWith('external')) return { from: '192.168.0.100', to, protocol: 'tcp', node: 'n1' };
  if (flow.startsWith('node n1')) return { from: 'node n1', to, protocol: 'tcp' };
  if (flow.startsWith('ping -M do 1472'))
    return { from: 'pod demo/pa', to: '10.244.2.2', protocol: 'icmp', lengthBytes: 1500 };
  return pod === undefined ? undefined : { from: `pod demo/${pod}`, to, protocol: 'tcp' };
}

function mayBe(result: string, namespace: string, branches: readonly Branch[]): boolean {
  const symptom = symptoms.find(([pattern]) => pattern.test(result))?.[1];
  const [, who = '', seen] = /^CONNECTED (\w+) sees (\S+)$/.exec(result) ?? [];
  return branches.some(
    ({ end, seenFrom }) =>
      end.symptom === symptom && (who === '' || (end.receiver === `pod ${namespace}/${who}` && seenFrom === seen)),
  );
}

async function suffer(fault: string): Promise<void> {
  const root = join(folder as string, 'lab-flannel-faults');
  const scratch = mkdtempSync(join(tmpdir(), 'drydock-lab-'));
  try {
    cpSync(join(root, fault), join(scratch, fault), { recursive: true });
    cpSync(join(root, 'objects.yaml'), join(scratch, fault, 'objects.yaml'));
    const store = await read(join(scratch, fault));
    const context = createContext(store);
    const outcome = JSON.parse(readFileSync(join(root, fault, 'outcome.json'), 'utf8'));
    for (const [flow, results] of Object.entries(outcome.kernel_outcome as Record<string, object>)) {
      if (!`${fault} ${flow}`.includes(only)) continue;
      const query = queryOf(flow);
      if (!query) {
        settle(`${fault} ${flow}`, 'this flow is not understood');
        continue;
      }
      const { branches, verdicts } = tracePath(store, query, context);
      const said = Array.isArray(results)
        ? [
            results
              .filter((each) => /packet loss/.test(each))
              .join(' ')
              .replace(/^.*(100% packet loss).*$/, '$1'),
          ]
        : Object.keys(results);
      const outside = said.filter((each) => !mayBe(each, 'demo', branches));
      const shares = verdicts.map(({ verdict, symptom, least, most }) => `${verdict} ${symptom} ${least}–${most}`);
      const unknown = verdicts.some(({ verdict }) => verdict === 'unknown');
      settle(
        `${fault} ${flow}`,
        outside.length === 0 && !unknown ? undefined : `seen ${outside.join('; ')}; predicted ${shares.join(', ')}`,
      );
      if (only !== '') console.log(`${fault} ${flow}: ${shares.join(', ')}\n     ${said.join('; ')}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

for (const lab of ['lab-flannel', 'lab-openshift-sdn']) await replay(lab);
for (const fault of readdirSync(join(folder, 'lab-flannel-faults')).sort()) {
  if (existsSync(join(folder, 'lab-flannel-faults', fault, 'outcome.json'))) await suffer(fault);
}
console.log(`${passed} passed, ${failures.length} failed`);
for (const failure of failures) console.log(`FAILED ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
