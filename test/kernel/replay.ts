// Holds the walk of hooks to the kernel of this machine: random rules, one packet each, and every step of its TRACE compared.
//
//   node test/kernel/replay.ts [--cases N] [--seed S]      needs root; makes network namespaces and removes them again

import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readTexts } from '../../src/facts/read-texts.ts';
import { loadKnowledge } from '../../src/rules/knowledge.ts';
import { predict, recorded } from './predict.ts';
import { randomFrom, randomPacket, randomRules, type SentPacket } from './random-rules.ts';
import { missingOnThisMachine, openRouter, type Router } from './router.ts';

const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
const cases = Number(values.cases ?? 1000);
const firstSeed = Number(values.seed ?? 1);
const knowledge = loadKnowledge({ builtin: false, ruleDirs: [], packs: [], everything: true });

interface Tally {
  passed: number;
  steps: number;
  readonly failures: string[];
}

/** Paths as a bundle has them. */
const savePath = 'nodes/router/iptables-save';
const addressPath = 'nodes/router/ip_-d_address';

function read(router: Router, saved: string) {
  const { store, unclaimed, problems } = readTexts({ [savePath]: saved, [addressPath]: router.addresses }, knowledge);
  const node = store.read('NetfilterTable')[0]?.value.node;
  return { store, node: typeof node === 'string' ? node : undefined, wrong: [...unclaimed, ...problems] };
}

const sentence = ({ from, protocol, source, sourcePort, destination, destinationPort }: SentPacket) =>
  `${protocol} ${source}:${sourcePort} → ${destination}:${destinationPort}, sent by the ${from}`;

/** A case is its seed: it can be run alone. */
async function replay(router: Router, seed: number, id: number, tally: Tally): Promise<void> {
  const random = randomFrom(seed);
  const packet = randomPacket(random, 20_000 + (seed % 10_000));
  const trace = `-p ${packet.protocol} -m ${packet.protocol} --sport ${packet.sourcePort} -j TRACE`;
  const saved = router.load(randomRules(random, packet, trace));
  const { store, node, wrong } = read(router, saved);
  const { lines: ours, guesses } = predict(store, node, packet);
  await router.send(packet, id);
  const kernel: string[] = [];
  // The last steps may come a moment after the packet was sent.
  for (let pause = 0; pause <= 40; pause += 20) {
    if (pause > 0) await setTimeout(pause);
    kernel.push(...router.traced().flatMap((line) => recorded(line, id) ?? []));
    if (kernel.join('\n') === ours.join('\n') && kernel.length > 0) break;
  }
  const at = kernel.findIndex((line, index) => line !== ours[index]);
  const step = at < 0 ? kernel.length : at;
  const said: string[] = [];
  if (kernel.join('\n') !== ours.join('\n') || kernel.length === 0)
    said.push(
      `step ${step + 1}: kernel ${kernel[step] ?? '(nothing)'}`,
      `         ours   ${ours[step] ?? '(nothing)'}`,
    );
  for (const guess of guesses) said.push(`guessed: ${guess}`);
  for (const each of wrong) said.push(`not read: ${each}`);
  tally.steps += step;
  if (said.length === 0) tally.passed += 1;
  else tally.failures.push([`seed ${seed}: ${sentence(packet)}`, ...said, saved].join('\n  '));
}

const missing = missingOnThisMachine();
if (missing !== undefined) console.log(`The replay was not run: ${missing}.`);
else {
  const tally: Tally = { passed: 0, steps: 0, failures: [] };
  const router = openRouter();
  const stop = () => {
    router.remove();
    process.exit(1);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    for (let at = 0; at < cases; at += 1) {
      // Two replays on one machine read the same log.
      const id = 1 + ((process.pid * 7919 + at) % 65_535);
      await replay(router, firstSeed + at, id, tally);
    }
  } finally {
    router.remove();
  }
  for (const failure of tally.failures.slice(0, 20)) console.log(`FAILED ${failure}`);
  console.log(
    `${tally.passed} passed, ${tally.failures.length} failed; ${tally.steps} steps the same, seeds ${firstSeed} to ${firstSeed + cases - 1}`,
  );
  process.exitCode = tally.failures.length > 0 ? 1 : 0;
}
