// `evidence.tar.gz`: the report and the files it cites, small enough for an attachment, under names of our own.

import { packTarGz, type TarEntry } from '../../bundle/write-tar.ts';
import { sealed } from '../leak-gate.ts';
import { code } from '../markdown-text.ts';
import { visible, visibleJson } from '../visible.ts';
import { counted } from '../wording.ts';
import type { CitedSource, Range, Run } from './cited-sources.ts';

const folder = 'drydock-evidence';
/** Text compresses to about a tenth: two megabytes fit every mailbox. */
export const mostPackedBytes = 20 * 1024 * 1024;

export interface PackParts {
  /** The report in its formats, by file name, as they leave. */
  readonly reports: Readonly<Record<string, string>>;
  readonly sources: readonly CitedSource[];
  /** Puts pseudonyms into a text; the text itself without `--redact`. */
  readonly text: (text: string) => string;
  /** Throws where a text must not leave. */
  readonly check: (output: string, text: string) => void;
  readonly mostBytes?: number;
}

interface Packed {
  /** Absent for a source of which nothing is packed. */
  readonly file?: string;
  readonly path: string;
  readonly cited: readonly Range[];
  readonly packed: readonly Range[];
  readonly lines?: number;
  readonly leftOut?: string;
}

/** The archive; the same report and sources give the same bytes. */
export async function packEvidence(parts: PackParts): Promise<Uint8Array> {
  const { reports, sources, text, check, mostBytes = mostPackedBytes } = parts;
  const files: TarEntry[] = [];
  const index: Packed[] = [];
  let bytes = 0;
  for (const { path, cited, runs, lines } of sources) {
    const shownPath = text(path);
    const about = { path: shownPath, cited, ...(lines !== undefined && { lines }) };
    if (runs.length === 0) {
      index.push({ ...about, packed: [], leftOut: 'its text was not kept' });
      continue;
    }
    // A terminal that shows the file must not obey it.
    const content = visible(sealed(contentOf(runs, lines, text)));
    const size = Buffer.byteLength(content);
    if (bytes + size > mostBytes) {
      index.push({ ...about, packed: [], leftOut: `the pack holds at most ${mostBytes} bytes` });
      continue;
    }
    bytes += size;
    const file = `evidence/${String(files.length + 1).padStart(4, '0')}-${safeName(shownPath)}`;
    check(file, content);
    files.push({ name: `${folder}/${file}`, content });
    index.push({ file, ...about, packed: runs.map(({ first, last }) => ({ first, last })) });
  }
  const indexes = {
    'evidence/INDEX.md': sealed(indexMarkdown(index)),
    'evidence/INDEX.json': visibleJson(sealed(indexJson(index))),
  };
  for (const [name, content] of Object.entries(indexes)) check(name, content);
  const all = { ...reports, ...indexes };
  return packTarGz([
    ...Object.entries(all).map(([name, content]) => ({ name: `${folder}/${name}`, content })),
    ...files,
  ]);
}

/** The lines; where some are left out stands which. Whoever counts on from there finds the line of the original. */
function contentOf(runs: readonly Run[], lines: number | undefined, text: (text: string) => string): string {
  const parts: string[] = [];
  let next = 1;
  for (const { first, last, text: own } of runs) {
    if (first > next) parts.push(leftOutNote(next, first - 1));
    parts.push(text(own.join('\n')));
    next = last + 1;
  }
  if (lines === undefined) parts.push(`[drydock: what follows line ${next - 1} is left out]`);
  else if (lines >= next) parts.push(leftOutNote(next, lines));
  return `${parts.join('\n')}\n`;
}

const leftOutNote = (first: number, last: number) =>
  first === last ? `[drydock: line ${first} left out]` : `[drydock: lines ${first}-${last} left out]`;

/** Letters and digits of the last step: a name of the bundle is never trusted. */
function safeName(path: string): string {
  const last = path.split(/[/!]/).at(-1) ?? '';
  const name = last
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[._-]+/, '');
  return name.slice(0, 60) || 'source';
}

function indexJson(index: readonly Packed[]): string {
  return `${JSON.stringify({ schema: 'drydock.evidence/1', sources: index }, null, 1)}\n`;
}

function indexMarkdown(index: readonly Packed[]): string {
  const packed = index.filter(({ file }) => file !== undefined);
  const lines = [
    '# Evidence',
    '',
    `${counted(packed.length, 'source')} of ${index.length} that the report cites. Secrets are removed.`,
    'Lines that are left out are told in their place, so that line numbers can be counted on.',
    '',
    ...index.map(({ file, path, cited, leftOut }) => {
      const where = `${code(path)} lines ${rangesText(cited)}`;
      return file === undefined ? `- not packed, ${leftOut}: ${where}` : `- ${code(file)}: ${where}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

const mostRanges = 12;

function rangesText(ranges: readonly Range[]): string {
  const shown = ranges
    .slice(0, mostRanges)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  return ranges.length > mostRanges ? `${shown.join(', ')} and ${ranges.length - mostRanges} more` : shown.join(', ');
}
