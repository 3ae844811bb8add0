// What an unquoted YAML word means: null, a boolean, a number, or (mostly) itself.
//
// The YAML 1.2 core schema, with one rule on top: a number that a double cannot hold keeps its text. So the uid
// `12345678901234567890` is not rounded, and `50894e2477`, which Go prints unquoted because it overflows, stays text.

const decimal = /^[-+]?[0-9]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const octal = /^0o[0-7]+$/;
const hexadecimal = /^0x[0-9a-fA-F]+$/;

/** The value of a whole unquoted scalar. */
export function plainValue(word: string): string | number | boolean | null {
  switch (word) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
  }
  const code = word.charCodeAt(0);
  const numeric = (code >= 48 && code <= 57) || code === 45 || code === 43 || code === 46;
  return numeric ? numberOrText(word) : word;
}

function numberOrText(word: string): string | number {
  if (decimal.test(word)) return wholeOrText(Number(word), word);
  if (float.test(word)) {
    const value = Number(word);
    return Number.isFinite(value) ? value : word;
  }
  if (octal.test(word)) return wholeOrText(Number.parseInt(word.slice(2), 8), word);
  if (hexadecimal.test(word)) return wholeOrText(Number.parseInt(word.slice(2), 16), word);
  return word;
}

/** Past 2^53 a whole number stays text. `-0` is 0. */
export function wholeOrText(value: number, word: string): string | number {
  if (!Number.isSafeInteger(value)) return word;
  return value === 0 ? 0 : value;
}
