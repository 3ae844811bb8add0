// Takes secrets out of excerpts and texts, line by line, so that line numbers stay right. Always on.

import { isKeyBody, isLength, mayHoldSecret, redacted, redactLine, secretFlag, secretKey } from './secret-shapes.ts';

export interface SecretContext {
  /** The lines come from a Secret: values under `data` go whatever they look like. */
  readonly ofSecret?: boolean;
}

/** The same number of lines, without the secrets in them. */
export function redactLines(lines: readonly string[], context: SecretContext = {}): string[] {
  const ofSecret = context.ofSecret || holdSecret(lines);
  const withoutKeys = redactPrivateKeys(lines);
  const withoutBlocks = redactBlocks(withoutKeys, ofSecret);
  return redactFlags(redactEnvironment(withoutBlocks)).map((line) => redactLine(line));
}

/** Free text (a message, a gap's detail) without the secrets in it. */
export function redactText(text: string): string {
  return mayHoldSecret(text) ? redactLines(text.split('\n')).join('\n') : text;
}

/** A path without the secrets in it; there are as many paths as files, and next to none holds one. */
export function redactPath(path: string): string {
  return /[=:~%@]|[A-Za-z0-9]{16}/.test(path.replace(/(?<!\w)[0-9a-f]{32,}/g, '')) ? redactText(path) : path;
}

/** What was taken out of a line, so that it can be taken out of the words said about it. */
export function takenOut(line: string, shown: string): string[] {
  const kept = shown.split(redacted);
  const taken: string[] = [];
  let at = kept[0]?.length ?? 0;
  for (const part of kept.slice(1)) {
    const next = part === '' ? line.length : line.indexOf(part, at);
    if (next < 0) break;
    taken.push(line.slice(at, next).replace(/^["'\\]+|["'\\,]+$/g, ''));
    at = next + part.length;
  }
  return taken;
}

/** True where the path alone says that Secrets lie there. */
export function isSecretPath(path: string): boolean {
  return /(?:^|\/)secrets?(?:\/|\.(?:ya?ml|json)$)/i.test(path);
}

// An Event names its Secret with `kind: Secret` too, but has no metadata beside it.
function holdSecret(lines: readonly string[]): boolean {
  const kinds = lines.filter((line) => /^\s*(?:- )?"?kind"?: ?"?Secret"?,?\s*$/.test(line)).map(columnOf);
  if (kinds.length === 0) return false;
  const beside = new Set(lines.filter((line) => /^[\s-]*"?(?:metadata|data|stringData)"?:/.test(line)).map(columnOf));
  return kinds.some((column) => beside.has(column));
}

const columnOf = (line: string) => line.search(/[^\s-]/);

const indentOf = (line: string) => line.slice(0, line.length - line.trimStart().length);

// PEM blocks over several lines, also where the excerpt begins or ends inside one.
function redactPrivateKeys(lines: readonly string[]): readonly string[] {
  if (!lines.some((line) => line.includes('-----') || isKeyBody(line.trim()))) return lines;
  const begin = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
  const end = /-----END [A-Z0-9 ]*PRIVATE KEY-----/;
  const firstEnd = lines.findIndex((line) => end.test(line));
  let inside = firstEnd >= 0 && !lines.slice(0, firstEnd + 1).some((line) => begin.test(line));
  let inCertificate = false;
  return lines.map((line) => {
    if (inside) {
      if (!end.test(line)) return indentOf(line) + redacted;
      inside = false;
      return indentOf(line) + redacted + line.slice(line.search(end)).replace(end, '');
    }
    if (begin.test(line) && !end.test(line.slice(line.search(begin)))) {
      inside = true;
      return line.slice(0, line.search(begin)) + redacted;
    }
    if (line.includes('-----BEGIN ')) inCertificate = !line.includes('-----END ');
    else if (line.includes('-----END ')) inCertificate = false;
    // The body of a block whose head lies outside the excerpt; a container id is hex and stays.
    if (!inCertificate && isKeyBody(line.trim())) {
      return indentOf(line) + redacted;
    }
    return line;
  });
}

// What a Secret says besides its data.
const plainKeys = new Set(
  'apiVersion kind name namespace creationTimestamp deletionTimestamp resourceVersion uid type generation immutable controller blockOwnerDeletion selfLink manager operation time fieldsType'.split(
    ' ',
  ),
);

// `key: |` with the value below it, and the values of a Secret.
function redactBlocks(lines: readonly string[], ofSecret: boolean): string[] {
  let blockIndent = -1;
  return lines.map((line) => {
    const indent = indentOf(line).length;
    if (blockIndent >= 0 && (indent > blockIndent || line.trim() === '')) {
      return line.trim() === '' ? line : indentOf(line) + redacted;
    }
    blockIndent = -1;
    const pair = /^(\s*(?:- +)*["']?([^\s"']+?)["']?:(?:\s+|$))(\S.*?)?(,?)$/.exec(line.trimEnd());
    if (!pair) return line;
    const [, prefix = '', name = '', value = '', comma = ''] = pair;
    const hides = secretKey.test(name) || (ofSecret && hidesInSecret(name));
    if (!hides) return line;
    if (/^[|>][-+]?\d?$/.test(value)) blockIndent = prefix.length - prefix.trimStart().length;
    else if (ofSecret && value !== '' && !isSafeValue(value)) return `${prefix}${redacted}${comma}`;
    return line;
  });
}

// Annotations (`auth.openshift.io/certificate-not-after`) tell when a certificate ends; kubectl's copy of the object does not stay.
function hidesInSecret(name: string): boolean {
  if (/^[fkv]:/.test(name)) return false; // managedFields: names of fields only
  if (name.includes('/')) return name.endsWith('last-applied-configuration');
  return !plainKeys.has(name);
}

function isSafeValue(value: string): boolean {
  const bare = value.replace(/^["']|["']$/g, '');
  if (/^(?:true|false|null|\{\}?|\[\]?|)$/.test(bare)) return true;
  return isLength(bare);
}

// - --token
// - hunter2
function redactFlags(lines: readonly string[]): string[] {
  let told = false;
  return lines.map((line) => {
    const element = line.trim().replace(/^(?:- )+/, '');
    const value = element.replace(/,$/, '').replace(/^["']|["']$/g, '');
    const shown = told && value !== '' && !value.startsWith('-') ? line.replace(value, () => redacted) : line;
    told = secretFlag.test(value);
    return shown;
  });
}

// - name: DB_PASSWORD
//   value: hunter2
function redactEnvironment(lines: readonly string[]): string[] {
  let secretName = false;
  return lines.map((line) => {
    const named = /^\s*(?:- +)*"?name"?:\s*["']?([\w.-]+)["']?,?\s*$/.exec(line);
    if (named) {
      secretName = secretKey.test(named[1] ?? '');
      return line;
    }
    const inline = line.replace(
      /("name"\s*:\s*"([\w.-]+)"\s*,\s*"value"\s*:\s*")((?:[^"\\]|\\.)*)/g,
      (whole, prefix, name) => (secretKey.test(name) ? `${prefix}${redacted}` : whole),
    );
    const value = /^(\s*"?value"?:\s*)(\S.*?)(,?)$/.exec(inline.trimEnd());
    if (!value || !secretName) {
      if (line.trim() !== '') secretName = false;
      return inline;
    }
    secretName = false;
    return `${value[1]}${redacted}${value[3]}`;
  });
}
