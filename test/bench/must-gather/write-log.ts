// Writes a log of a given size: the clock of its lines goes on as it would have in a day and a half.

import type { Lines, Scene } from './log-lines.ts';
import { seeded } from './random.ts';

const firstMillis = Date.UTC(2026, 2, 2, 22);
const lastMillis = Date.UTC(2026, 2, 4, 10);
const chunkCharacters = 1 << 20;
/** Of one line, about; it only says how fast the clock goes. */
const lineBytes = 220;
const linesOfScene = 16;

/** Ends with the line that reaches the size. */
export function writeLog(seed: string, lines: Lines, bytes: number, names: readonly string[], node = ''): Uint8Array[] {
  const random = seeded(seed);
  const stepMillis = (lastMillis - firstMillis) / (bytes / lineBytes + 1);
  const chunks: Uint8Array[] = [];
  let text = '';
  let millis = firstMillis;
  let atSecond = -1;
  let second = '';
  let request = '';
  let topic = 0;
  let spoken: readonly string[] = [];
  for (let written = 0; written + text.length < bytes; ) {
    millis = Math.min(lastMillis, millis + 2 * stepMillis * (random.below(1000) / 1000));
    const now = Math.floor(millis / 1000);
    if (now !== atSecond) second = new Date(now * 1000).toISOString().slice(0, 19);
    atSecond = now;
    if (spoken.length === 0 || random.once(linesOfScene)) {
      request = random.uid();
      topic = random.below(9000);
      const first = random.below(names.length);
      spoken = names.slice(first, first + 3);
    }
    const micros = `.${String(Math.floor(millis % 1000)).padStart(3, '0')}${100 + random.below(900)}`;
    const scene: Scene = { random, second, micros, names: spoken, request, topic, node };
    text += `${lines(scene)}\n`;
    if (text.length < chunkCharacters) continue;
    written += text.length;
    chunks.push(Buffer.from(text));
    text = '';
  }
  return text === '' ? chunks : [...chunks, Buffer.from(text)];
}
