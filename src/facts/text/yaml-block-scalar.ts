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
  const lines = block.text.split('\n');
  lines.pop();
  let end = lines.length;
  while (end > 0 && isBlank(lines[end - 1]!, block.indent)) end--;
  if (end === 0) return block.chomp === '+' ? '\n'.repeat(lines.length) : '';
  const body = lines.slice(0, end).map((line) => line.slice(block.indent));
  let value = block.folded ? fold(body) : body.join('\n');
  if (oldBreaks.test(value)) {
    value = value.replace(new RegExp(`([\\u0085\\u2028\\u2029]) {1,${block.indent}}`, 'g'), '$1');
  }
  if (block.chomp === '-') return value;
  return value + '\n'.repeat(block.chomp === '+' ? 1 + lines.length - end : 1);
}

function isBlank(line: string, indent: number): boolean {
  for (let at = 0; at < line.length; at++) if (line.charCodeAt(at) !== 32) return false;
  return line.length <= indent;
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
