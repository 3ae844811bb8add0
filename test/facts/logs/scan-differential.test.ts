// The search over bytes finds what a plain reading finds: line by line, each pattern on each line.

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LogName } from '../../../src/bundle/catalogue.ts';
import type { Source } from '../../../src/bundle/source.ts';
import { journalIdent } from '../../../src/facts/logs/journal.ts';
import { createLogScanner, type LogPattern } from '../../../src/facts/logs/scan-log.ts';
import { asUtf8, decode } from '../../../src/facts/text/decode.ts';
import { cutRecord } from '../../../src/facts/text/json-lines.ts';

const logs = new Map<string, LogName>([
  ['KubeletLog', { kinds: ['KubeletLog'], idents: ['kubelet', 'k3s'] }],
  ['KernelLog', { kinds: ['KernelLog'], idents: ['kernel'] }],
  ['RouterLog', { kinds: ['ContainerLog'], labels: { container: ['router'] } }],
  ['ContainerLog', { kinds: ['ContainerLog'] }],
]);
const patternOf = (log: string, pattern: string, texts?: readonly string[]): LogPattern => {
  const given = texts === undefined ? {} : texts.length === 1 ? { hint: texts[0] } : { oneOf: texts };
  return { id: `${log} ${pattern}`, log, pattern, longestOnV8: 200, ...given };
};
const texted = ['KubeletLog', 'KernelLog', 'RouterLog', 'ContainerLog'].flatMap((log) => [
  patternOf(log, 'pod (?P<pod>\\S+) failed', [' failed']),
  patternOf(log, 'x509: (?P<why>.*)', ['x509:']),
  patternOf(log, '(?i)swap ON (?P<what>.*)', ['swap ON']),
  patternOf(log, '(?:EDAC|oom) +(?P<n>[0-9]+)', ['EDAC ', 'oom']),
  patternOf(log, 'größe (?P<n>[0-9]+)', ['größe ']),
  patternOf(log, 'aaab', ['aaab']),
]);
/** No text to search for, one too short, and one whose cases are not those of ASCII. */
const bare = [
  patternOf('KubeletLog', '[a-z]+\\d{3}'),
  patternOf('ContainerLog', 'ab', ['ab']),
  patternOf('KernelLog', '(?i)GRÖSSE \\d', ['GRÖSSE ']),
];

/** What is said of a log, read as a person would: text, then lines, then every pattern on every line. */
function plainly(patterns: readonly LogPattern[], source: Source, bytes: Uint8Array, firstLine: number) {
  const { text } = decode(bytes);
  const mixed = source.kind === 'Journal';
  const isOf = ({ kinds, labels = {}, idents = [] }: LogName): boolean =>
    kinds.includes(source.kind)
      ? Object.entries(labels).every(([label, values]) => values.includes(source.labels[label] ?? ''))
      : mixed && idents.length > 0;
  const names = [...logs].filter(([, log]) => isOf(log)).map(([name]) => name);
  const writes = (name: string): boolean =>
    (logs.get(name)?.idents ?? []).some((ident) => text.includes(` ${ident}[`) || text.includes(` ${ident}: `));
  const counts = new Map<string, number[]>();
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const ident = journalIdent(line);
    for (const { id, log, pattern } of patterns) {
      if (!names.includes(log) || (mixed && !logs.get(log)?.idents?.includes(ident))) continue;
      const flags = pattern.startsWith('(?i)') ? 'i' : '';
      if (!new RegExp(pattern.replace('(?i)', '').replaceAll('?P<', '?<'), flags).test(line)) continue;
      counts.set(id, [...(counts.get(id) ?? []), firstLine + index]);
    }
  }
  return { logs: mixed ? names.filter(writes) : names, counts: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** The same of the scanner; every line of these logs is of its own minute, so no hits are joined. */
function scanned(patterns: readonly LogPattern[], source: Source, bytes: Uint8Array, firstLine: number) {
  const found = createLogScanner(patterns, logs).scan({ source, bytes, firstLine, last: true }, asUtf8(bytes).bytes);
  const counts = new Map<string, number[]>();
  for (const { pattern, span, count } of found.hits) {
    assert.equal([span[0], count], [span[1], 1]);
    counts.set(pattern, [...(counts.get(pattern) ?? []), span[0]]);
    assert.ok(found.lines.has(span[0]));
  }
  return { logs: found.logs, counts: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
const words = [
  ...[
    'pod a failed',
    'pod failed',
    ' failed',
    'x509: bad',
    'X509:',
    'swap on',
    'SWAP ON it',
    'ſwap on',
    'aaaaab',
    'aab',
  ],
  ...['EDAC 12', 'EDAC', 'oom 7', 'oomoom 8', 'größe 4', 'GRÖSSE 5', 'grösse 6', 'ab', 'abc123', '{"a":1}', 'k3s: x'],
  ...[' kernel: ', ' kubelet[7]', '\r', '\0', '\u00a0', '日本', '\ud83d\ude00', 'x'.repeat(300), ' ', '.'],
];
const heads = ['kubelet[12]: ', 'k3s: ', 'kernel: ', 'sshd[3]: ', ''];
const sources = [
  ['KubeletLog', {}],
  ['KernelLog', { node: 'n1' }],
  ['Journal', {}],
  ['Journal', { node: 'n1' }],
  ['ContainerLog', { container: 'router' }],
  ['ContainerLog', { container: 'other' }],
] as const;

function logOf(pick: (below: number) => number): Buffer {
  const time = (index: number) => `10:${10 + index}:00`;
  const lines = Array.from({ length: pick(30) }, (_, index) => {
    if (pick(8) === 0) return '';
    const said = Array.from({ length: pick(5) }, () => words[pick(words.length)]).join(pick(2) ? ' ' : '');
    const head = `Mar 01 ${time(index)} h${pick(3)} ${heads[pick(heads.length)]}`;
    return `${pick(6) ? head : `2024-03-01T${time(index)}Z `}${said}`;
  });
  const text = (pick(9) ? '' : '\ufeff') + lines.map((line) => line + ['\n', '\n', '\r\n', '\r\r\n'][pick(4)]).join('');
  const bytes = Buffer.from(pick(4) ? text : text.trimEnd(), pick(20) ? 'utf8' : 'utf16le');
  // Bytes of no encoding, and a tail of NUL.
  if (pick(9) === 0 && bytes.length > 0) bytes[pick(bytes.length)] = 0xff;
  return pick(9) ? bytes : Buffer.concat([bytes, Buffer.alloc(pick(20))]);
}

test('generated logs have the hits of a plain reading, line by line', () => {
  let hits = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const pick = numbers(seed);
    const [kind, labels] = sources[pick(sources.length)] as (typeof sources)[number];
    const source: Source = { path: 'a.log', kind, layout: 'test', root: '', labels };
    const patterns = (pick(2) ? texted : [...texted, ...bare]).filter(() => pick(5) > 0);
    const bytes = logOf(pick);
    const firstLine = 1 + pick(100);
    const expected = plainly(patterns, source, bytes, firstLine);
    const found = scanned(patterns, source, bytes, firstLine);
    assert.is(JSON.stringify(found), JSON.stringify(expected), `log ${seed}`);
    hits += expected.counts.length;
  }
  assert.ok(hits > 3000);
});

test('a cut record is told of wherever the bytes begin', () => {
  const utf8 = Buffer.from('{"a":1}\n\n{"größe":2}\r\n \n{"a"');
  for (const skipped of [0, 8]) assert.equal(cutRecord(utf8.subarray(skipped), 1)?.span, skipped ? [4, 4] : [5, 5]);
});

test.run();
