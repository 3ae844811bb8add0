// Splits a YAML text into its documents, at lines that begin with `---` or `...`.

/** One document of a text: a stretch of whole lines. The text ends in a line end. */
export interface Part {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

const marker = /\n(?:---|\.\.\.)(?=[ \t\n])/g;

/** The documents of a text that ends in a line end, each without its marker where nothing else is on that line. */
export function* yamlParts(text: string): Generator<Part> {
  let start = 0;
  let line = 1;
  while (start < text.length) {
    // What follows the marker on its line belongs to the document: `--- {a: 1}`.
    const isBare = /^(?:---|\.\.\.)(?:[ \t]+#.*|[ \t]*)$/.test(lineAt(text, start));
    const afterMarker = isBare ? nextLine(text, start) : start;
    if (isBare) line++;
    // The next marker may be the very next line, but not the one just seen.
    marker.lastIndex = isBare ? afterMarker - 1 : start;
    const match = marker.exec(text);
    const end = match ? match.index + 1 : text.length;
    const isPreamble = !text.startsWith('---', start) && text.startsWith('---', end);
    if (end > afterMarker && !(isPreamble && areDirectives(text.slice(afterMarker, end)))) {
      yield { text, start: afterMarker, end, line };
    }
    // Nobody asks how many lines the last document has.
    if (match) line += countLines(text, afterMarker, end);
    start = end;
  }
}

/** `%YAML 1.2` before a marker is no document. */
function areDirectives(text: string): boolean {
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
  const versions = lines.filter((line) => /^%YAML\b/.test(line));
  return (
    lines.length > 0 &&
    versions.length <= 1 &&
    versions.every((line) => /^%YAML[ \t]+\d+\.\d+(?:[ \t]+#.*|[ \t]*)$/.test(line)) &&
    lines.every((line) => line.startsWith('%'))
  );
}

function lineAt(text: string, start: number): string {
  return text.slice(start, text.indexOf('\n', start));
}

function nextLine(text: string, start: number): number {
  return text.indexOf('\n', start) + 1;
}

function countLines(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
