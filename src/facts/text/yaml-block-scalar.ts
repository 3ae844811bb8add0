// Block scalars of YAML: the text under `|` (as it is) and `>` (lines joined), with their indicators.
//
//   script: |2-
//       two more spaces than the indicator says

/** The lines of a block scalar, cut out of its document. */
export interface Block {
  readonly folded: boolean;
  /** What happens to the line ends at the end: `-` none stays, `+` all stay, empty: one stays. */
  readonly chomp: '' | '-' | '+';
  /** Columns to take off each line. */
  readonly indent: number;
  /** All lines with their line ends, trailing blank lines too. */
  readonly text: string;
}

// YAML 1.1, which Go prints, takes these for line breaks too and indents what follows.
const oldBreaks = /[\u0085\u2028\u2029]/;

export function blockValue(block: Block): string {
  const { text, indent } = block;
  let end = text.length;
  let blankLines = 0;
  while (end > 0) {
    const start = end < 2 ? 0 : text.lastIndexOf('\n', end - 2) + 1;
    if (!isBlank(text, start, end - 1, indent)) break;
    blankLines++;
    end = start;
  }
  if (end === 0) return block.chomp === '+' ? '\n'.repeat(blankLines) : '';
  const body = unindented(text.slice(0, end - 1), indent);
  const value = afterOldBreaks(block.folded ? fold(body.split('\n')) : body, indent);
  if (block.chomp === '-') return value;
  return value + '\n'.repeat(block.chomp === '+' ? 1 + blankLines : 1);
}

/** The text without so many blanks (infinity: any number of them) behind each of the old line breaks. */
export function afterOldBreaks(text: string, indent: number): string {
  if (indent === 0 || !oldBreaks.test(text)) return text;
  const most = Number.isFinite(indent) ? indent : '';
  return text.replace(new RegExp(`([\\u0085\\u2028\\u2029]) {1,${most}}`, 'g'), '$1');
}

function isBlank(text: string, start: number, end: number, indent: number): boolean {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) !== 32) return false;
  return end - start <= indent;
}

/** Not by splitting into lines: a ConfigMap may hold millions of them. */
function unindented(text: string, indent: number): string {
  if (indent === 0) return text;
  let first = 0;
  while (first < indent && text.charCodeAt(first) === 32) first++;
  return text.slice(first).replaceAll(indentation(indent), '\n');
}

const indentations: RegExp[] = [];

function indentation(indent: number): RegExp {
  indentations[indent] ??= new RegExp(`\\n {1,${indent}}`, 'g');
  return indentations[indent];
}

/** Joins lines by spaces; blank lines and lines indented further keep their line ends. */
function fold(lines: readonly string[]): string {
  let value = '';
  let glue = '';
  let deeper = false;
  let begun = false;
  for (const line of lines) {
    if (!begun && line === '') {
      value += '\n';
      continue;
    }
    begun = true;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (glue === ' ') glue = '\n';
      else if (!deeper && glue === '\n') glue = '\n\n';
      value += glue + line;
      glue = '\n';
      deeper = true;
    } else if (line === '') {
      if (glue === '\n') value += '\n';
      else glue = '\n';
    } else {
      value += glue + line;
      glue = ' ';
      deeper = false;
    }
  }
  return value;
}
