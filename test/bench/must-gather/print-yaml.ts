// Prints objects as `oc` does: keys in order, lists not indented, long strings folded, quotes only where they are needed.

type Scalar = string | number | boolean | null;
export type Mapping = { readonly [key: string]: Value | undefined };
/** Kubernetes has no lists of lists. */
export type Value = Scalar | readonly (Scalar | Mapping)[] | Mapping;

const widthColumns = 80;
const looksOther =
  /^(?:|~|null|true|false|yes|no|on|off|y|n|(?=\D{0,2}\d)[-+.\d][\d_.,:eExX+-]*[a-fA-F\d]*|\d{4}-\d\d-\d\d.*|0x[\da-f]+|=|<<)$/i;
const needsQuotes = /^[\s\-?:,[\]{}#&*!|>'"%@`]|: |:$| #|\s$/;

/** One document, `---` before it, as every file of a must-gather begins. */
export function printDocument(value: Mapping): string {
  return `---\n${printMapping(value, '')}`;
}

/** An object as an item of a list: what `kind: List` files are made of. */
export function printItem(value: Mapping): string {
  return `- ${printMapping(value, '  ').slice(2)}`;
}

function printMapping(value: Mapping, indent: string): string {
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const each = value[key];
    if (each !== undefined) text += `${indent}${scalarKey(key)}:${printValue(each, indent, key.length)}`;
  }
  return text;
}

function printValue(value: Value, indent: string, columns: number): string {
  if (typeof value === 'string') return ` ${printString(value, indent, indent.length + columns + 2)}\n`;
  if (value === null || typeof value !== 'object') return ` ${value}\n`;
  if (isList(value)) return value.length === 0 ? ' []\n' : `\n${printList(value, indent)}`;
  const text = printMapping(value, `${indent}  `);
  return text === '' ? ' {}\n' : `\n${text}`;
}

const isList = (value: Value): value is readonly (Scalar | Mapping)[] => Array.isArray(value);

function printList(list: readonly (Scalar | Mapping)[], indent: string): string {
  let text = '';
  for (const each of list) {
    if (each !== null && typeof each === 'object') {
      const body = printMapping(each, `${indent}  `);
      text += body === '' ? `${indent}- {}\n` : `${indent}- ${body.slice(indent.length + 2)}`;
    } else text += `${indent}-${printValue(each, indent, 0)}`;
  }
  return text;
}

const scalarKey = (key: string): string => (looksOther.test(key) ? `"${key}"` : key);

function printString(text: string, indent: string, column: number): string {
  if (text.includes('\n')) return printBlock(text, indent);
  if (looksOther.test(text)) return `"${text}"`;
  const isQuoted = needsQuotes.test(text);
  const said = isQuoted ? `'${text.replaceAll("'", "''")}'` : text;
  return column + said.length <= widthColumns || !said.includes(' ') ? said : fold(said, indent, column);
}

function printBlock(text: string, indent: string): string {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.split('\n').map((line) => (line === '' ? '' : `${indent}  ${line}`));
  return `${text.endsWith('\n') ? '|' : '|-'}\n${lines.join('\n')}`;
}

/** At the first single space past the width, as libyaml breaks. */
function fold(text: string, indent: string, column: number): string {
  let folded = '';
  let at = column;
  for (const word of text.split(/(?<! ) (?! )/)) {
    if (folded !== '' && at > widthColumns) {
      folded += `\n${indent}  ${word}`;
      at = indent.length + 2 + word.length;
    } else {
      folded += folded === '' ? word : ` ${word}`;
      at += word.length + 1;
    }
  }
  return folded;
}
