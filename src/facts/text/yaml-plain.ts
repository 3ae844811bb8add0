// What an unquoted YAML word means: null, a boolean, a number, or (mostly) itself.
//
// As Kubernetes reads its files (sigs.k8s.io/yaml): of YAML 1.1 the booleans and `010` for eight, of 1.2 the rest. So
// `failSwapOn: no` is what the kubelet makes of it. What Go prints is quoted wherever the two differ. `y` and `n` stay
// text all the same: they are names of test objects far more often than answers.
// One rule on top: a number that a double cannot hold keeps its text. So the uid `12345678901234567890` is not
// rounded, and `50894e2477`, which Go prints unquoted because it overflows, stays text.

const decimal = /^[-+]?(?:0|[1-9][0-9]*)$/;
const whole = /^[-+]?[0-9]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const ofOtherBase = /^([-+]?)0(?:[xX]([0-9a-fA-F]+)|[bB]([01]+)|[oO]?([0-7]+))$/;

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
    case 'yes':
    case 'Yes':
    case 'YES':
    case 'on':
    case 'On':
    case 'ON':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
    case 'no':
    case 'No':
    case 'NO':
    case 'off':
    case 'Off':
    case 'OFF':
      return false;
  }
  const code = word.charCodeAt(0);
  const isDigit = code >= 48 && code <= 57;
  const numeric = isDigit || code === 45 || code === 43 || code === 46;
  // Underscores between digits are for the eye.
  return numeric ? numberOrText(word, code !== 46 && word.includes('_') ? word.replaceAll('_', '') : word) : word;
}

function numberOrText(word: string, digits: string): string | number {
  if (decimal.test(digits)) return wholeOrText(Number(digits), word);
  const other = ofOtherBase.exec(digits);
  if (other) {
    const [, sign, sixteen, two, eight] = other;
    const value = Number.parseInt(sixteen ?? two ?? eight!, sixteen ? 16 : two ? 2 : 8);
    return wholeOrText(sign === '-' ? -value : value, word);
  }
  if (!float.test(digits)) return word;
  const value = Number(digits);
  // `0890` is no octal number, but a whole one.
  if (whole.test(digits)) return wholeOrText(value, word);
  return Number.isFinite(value) ? value : word;
}

/** Past 2^53 a whole number stays text. `-0` is 0. */
export function wholeOrText(value: number, word: string): string | number {
  if (!Number.isSafeInteger(value)) return word;
  return value === 0 ? 0 : value;
}
