// Small archives for batches, each with content of its own, and one rule that is loaded in no time.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { swapRule } from '../commands/swap-rule.ts';

const rule = swapRule('swap-area', 1024);

let state = 20_261_121;
/** A fixed sequence from 0 to 1, so that a failure can be met again, as far as the machine is the same. */
export function fraction(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

/** A tar of files, all of one moment. */
export function tarOf(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\x000000000\x000000000\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0${(1_700_000_000).toString(8)}\0        0`, 124);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const swapsOf = (areas: number): string =>
  `Filename\tType\tSize\tUsed\tPriority\n${Array.from({ length: areas }, (_, index) => `/dev/sd${index} partition ${index + 1} 0 -2\n`).join('')}`;

/** `in/*.tar.gz`, the last of which is the first under another name, and `rules/`. */
export function smallArchives(folder: string, count: number): void {
  mkdirSync(join(folder, 'in'), { recursive: true });
  mkdirSync(join(folder, 'rules', 'own'), { recursive: true });
  writeFileSync(join(folder, 'rules', 'own', 'swap-area.yaml'), rule);
  for (let index = 1; index <= count; index++) {
    const content = index === count ? 1 : index;
    const files = { 'sos/proc/swaps': swapsOf(content % 9), 'sos/etc/hostname': `worker-${content}\n` };
    writeFileSync(join(folder, 'in', `b${String(index).padStart(4, '0')}.tar.gz`), gzipSync(tarOf(files)));
  }
}
