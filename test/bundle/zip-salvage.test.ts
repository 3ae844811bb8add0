import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../src/bundle/read-input.ts';
import { file, inFolder, read, readPath, refusal, type Seen, tar } from './archives.ts';
import { makeZip, type Shape } from './zip-shapes.ts';

const pod = 'kind: Pod\n';
const node = 'kind: Node\n';
const bothTexts = { 'a.yaml': pod, 'b.yaml': node };
const two: readonly Shape[] = [{ name: 'a.yaml' }, { name: 'b.yaml', content: node }];
const readZip = (bytes: Buffer): Promise<Seen> => read(bytes, 'case.zip');
const truncated = 'ARCHIVE_TRUNCATED case.zip';

test('a zip cut before, inside or behind its directory is read by its local headers', async () => {
  const { bytes, directoryAt, endAt } = makeZip(two);
  for (const end of [directoryAt, directoryAt + 20, directoryAt + 60, endAt - 1, endAt, endAt + 1, endAt + 21]) {
    const { texts, gaps } = await readZip(bytes.subarray(0, end));
    assert.equal([texts, gaps], [bothTexts, [truncated]], `${end} of ${bytes.length}`);
  }
});

test('what is left of the directory still tells links from files', async () => {
  const shapes: Shape[] = [{ name: 'link.yaml', content: '/etc/passwd', attributes: 0o120777 * 65536 }, ...two];
  const { bytes, endAt } = makeZip(shapes);
  const { texts, gaps } = await readZip(bytes.subarray(0, endAt + 10));
  assert.equal([texts, gaps], [bothTexts, [truncated, 'ENTRY_LINK_SKIPPED link.yaml']]);
});

test('a member that is cut is read as far as it goes', async () => {
  const log = Array.from({ length: 5000 }, (_, line) => `line ${line} ${(line * 7919) % 10_007}\n`).join('');
  for (const shape of [{ method: 0 }, { method: 8 }, { descriptor: 'marked' as const }]) {
    const { bytes, directoryAt } = makeZip([two[0]!, { name: 'b.log', content: log, ...shape }]);
    const { texts, gaps } = await readZip(bytes.subarray(0, Math.floor(directoryAt / 2)));
    const got = texts['b.log'] ?? '';
    assert.ok(got.length > log.length / 4 && log.startsWith(got), `${JSON.stringify(shape)}: ${got.length}`);
    assert.equal(gaps, ['ARCHIVE_TRUNCATED b.log', truncated]);
  }
});

test('sizes that lie behind the data, in all four forms, packed and stored', async () => {
  const inner = makeZip([{ name: 'inner.yaml' }], { comment: 'PK\x07\x08' }).bytes;
  for (const descriptor of ['marked', 'plain', 'wide', 'wide and plain'] as const) {
    for (const method of [0, 8]) {
      const shapes: Shape[] = [
        { name: 'a.yaml', method, descriptor },
        { name: 'empty.log', content: '', method, descriptor },
        { name: 'in.zip', content: inner, method, descriptor },
        { name: 'b.yaml', content: node, method, descriptor },
      ];
      const { bytes, directoryAt } = makeZip(shapes);
      const expected = { 'a.yaml': pod, 'in.zip!inner.yaml': pod, 'b.yaml': node };
      assert.equal((await readZip(bytes)).texts, expected);
      const cut = await readZip(bytes.subarray(0, directoryAt));
      assert.equal([cut.texts, cut.gaps], [expected, [truncated]], `${descriptor}, method ${method}`);
    }
  }
});

test('damage costs the member it is in, and reading goes on at the next', async () => {
  const text = Array.from({ length: 400 }, (_, line) => `line ${line * 31} of it\n`).join('');
  const shapes: Shape[] = [{ name: 'a.yaml' }, { name: 'bad.log', content: text }, { name: 'b.yaml', content: node }];
  for (const more of [{}, { descriptor: 'marked' as const }]) {
    const { bytes, places, directoryAt } = makeZip(shapes.map((shape) => ({ ...shape, ...more })));
    bytes.fill(0xff, places[1]! + 400, places[1]! + 430);
    const { texts, gaps } = await readZip(bytes.subarray(0, directoryAt));
    assert.equal([texts['a.yaml'], texts['b.yaml']], [pod, node]);
    assert.equal(gaps, ['ARCHIVE_CHECKSUM bad.log', truncated]);
    assert.ok(text.startsWith(texts['bad.log']!.slice(0, 100)));
  }
  // a header that is gone, and bytes that belong to nothing
  const { bytes, places, directoryAt } = makeZip(shapes);
  bytes.fill(0, places[1]!, places[1]! + 30);
  const { texts, gaps } = await readZip(bytes.subarray(0, directoryAt));
  assert.equal([texts, gaps], [bothTexts, ['ARCHIVE_CORRUPT_HEADER case.zip', truncated]]);
});

test('the size of a stored member that is damaged does not swallow the next', async () => {
  const { bytes, places, directoryAt } = makeZip(two.map((shape) => ({ ...shape, method: 0 })));
  bytes.writeUInt32LE(30, places[0]! + 18);
  bytes.writeUInt32LE(30, places[0]! + 22);
  const { texts, gaps } = await readZip(bytes.subarray(0, directoryAt));
  assert.equal([texts, gaps], [bothTexts, ['ARCHIVE_SIZE_MISMATCH a.yaml', truncated]]);
});

test('a zip stored in a zip that was cut does not pass for the whole', async () => {
  const inner = makeZip([{ name: 'inner.yaml' }]).bytes;
  const { bytes, directoryAt } = makeZip([two[0]!, { name: 'in.zip', content: inner, method: 0 }]);
  for (const end of [directoryAt, directoryAt - 10]) {
    const { texts, gaps } = await readZip(bytes.subarray(0, end));
    assert.equal(texts, { 'a.yaml': pod, 'in.zip!inner.yaml': pod });
    assert.ok(gaps.includes(truncated), gaps.join());
  }
});

test('a record of the directory that is damaged costs nothing', async () => {
  const { bytes, directoryAt } = makeZip([...two, { name: 'c.yaml' }]);
  for (const at of [directoryAt, directoryAt + 52, directoryAt + 52 + 28]) {
    const broken = Buffer.from(bytes);
    broken[at]! ^= 0x40;
    const { texts, gaps } = await readZip(broken);
    assert.equal([texts, gaps], [{ ...bothTexts, 'c.yaml': pod }, ['ARCHIVE_CORRUPT_HEADER case.zip']]);
  }
});

test('headers that quote each other are not read again and again', async () => {
  const quote = Buffer.from([0, 41, 0, 0xff - 41, 0xff]);
  const shape = { content: '', packed: quote, descriptor: 'plain' } as const;
  const { bytes, directoryAt } = makeZip(
    Array.from({ length: 3000 }, (_, index) => ({ name: `q${index}.log`, ...shape })),
  );
  const { gaps } = await readZip(bytes.subarray(0, directoryAt));
  assert.equal(gaps.at(-1), truncated);
});

test('a zip in a tar in a zip, each of them cut', async () => {
  const inner = makeZip(two);
  const bytes = gzipSync(tar(file('c.yaml'), file('in.zip', inner.bytes.subarray(0, inner.directoryAt))));
  const outer = makeZip([{ name: 'mg.tgz', content: bytes, method: 0 }]);
  const { texts, gaps } = await readZip(outer.bytes.subarray(0, outer.directoryAt));
  assert.equal(texts, { 'mg.tgz!c.yaml': pod, 'mg.tgz!in.zip!a.yaml': pod, 'mg.tgz!in.zip!b.yaml': node });
  assert.equal(gaps, ['ARCHIVE_TRUNCATED mg.tgz!in.zip', truncated]);
});

const text = Array.from({ length: 14 }, (_, line) => `line ${line}: ${(line * 7919) % 1009}\n`).join('');
const samples: readonly Shape[] = [
  { name: 'a.yaml' },
  { name: 'b.log', content: text },
  { name: 'c.yaml', content: node, method: 0 },
  { name: 'd.log', content: text, descriptor: 'marked' },
  { name: 'e.yaml', content: `${node}# stored\n`, method: 0, descriptor: 'marked' },
];
const contents = new Map(samples.map(({ name, content }) => [String(name), String(content ?? pod)]));

/** Reads variants of one zip from one file; what refuses a variant is looked at as well. */
async function variants(all: Iterable<Buffer>, look: (seen: Seen | InputError, index: number) => void): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, 'case.zip');
    let index = 0;
    for (const bytes of all) {
      writeFileSync(path, bytes);
      const seen = await readPath(path).catch((error: unknown) => {
        if (error instanceof InputError) return error;
        throw error;
      });
      look(seen, index++);
    }
  });
}

test('cut at any byte: what comes is the beginning of what was there, and the cut is told', async () => {
  const { bytes } = makeZip(samples);
  const cuts = Array.from({ length: bytes.length - 1 }, (_, index) => bytes.subarray(0, index + 1));
  let fewest = 0;
  await variants(cuts, (seen, index) => {
    if (seen instanceof InputError) {
      assert.is(fewest, 0, `refused at ${index + 1}, though less was enough`);
      return;
    }
    for (const [path, got] of Object.entries(seen.texts)) {
      // of the mark behind stored data of unknown length, up to three bytes can be taken for data
      const sure = ['P', 'PK', 'PK\x07'].reduce(
        (rest, mark) => (rest.endsWith(mark) ? rest.slice(0, -mark.length) : rest),
        got,
      );
      assert.ok(contents.get(path)?.startsWith(sure), `${path} cut at ${index + 1}: ${JSON.stringify(got)}`);
    }
    const count = Object.keys(seen.texts).length;
    assert.ok(count >= fewest, `${count} members at ${index + 1}, ${fewest} before`);
    fewest = count;
    assert.ok(seen.gaps.includes(truncated), `cut at ${index + 1}: ${seen.gaps.join()}`);
  });
  assert.is(fewest, samples.length);
});

test('any one bit flipped: only gaps come of it, and content without a gap is what was there', async () => {
  const { bytes } = makeZip(samples);
  const known = new Set(contents.values());
  const flips = Array.from(bytes, (_, at) => {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << ((at * 5) % 8);
    return flipped;
  });
  await variants(flips, (seen, at) => {
    assert.not(seen instanceof InputError, `refused for byte ${at}`);
    if (seen instanceof InputError) return;
    const isWhole = seen.gaps.length === 0;
    assert.ok(!isWhole || Object.keys(seen.texts).length >= samples.length - 1, `lost in silence at ${at}`);
    const hasGap = (path: string) => seen.gaps.some((gap) => gap.endsWith(` ${path}`) || gap.endsWith(' case.zip'));
    for (const [path, got] of Object.entries(seen.texts)) {
      assert.ok(hasGap(path) || known.has(got), `${path} is not what it was, byte ${at}: ${seen.gaps.join()}`);
    }
  });
});

test('bytes at random behind the first mark give gaps alone', async () => {
  let state = 20_260_101;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
  const { bytes } = makeZip(samples, { wideEnd: true });
  const shaken = Array.from({ length: 150 }, () => {
    const copy = Buffer.from(bytes);
    for (let times = 1 + (random() % 12); times > 0; times--)
      copy[4 + (random() % (copy.length - 4))] = random() & 0xff;
    return copy;
  });
  let readable = 0;
  await variants(shaken, (seen) => {
    if (!(seen instanceof InputError)) readable++;
  });
  assert.ok(readable > 100, `${readable} of 150 could be read`);
});

test('a zip of which nothing is left is refused', async () => {
  const { bytes } = makeZip(two);
  const error = await refusal(readZip(Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(200, 7)])));
  assert.is((error as InputError).code, 'ARCHIVE_TRUNCATED');
});

test.run();
