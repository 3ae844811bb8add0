// Texts inside of texts: base64 and %XX are undone, redacted, and done again.

import type { Placeholders } from './placeholders.ts';

const base64 = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{16,}={0,2}(?![A-Za-z0-9+/=])/g;
const percent = /[^\s"'<>`]*%[0-9A-Fa-f]{2}[^\s"'<>`]*/g;

/** Text that base64 hides; of a path or a long word nothing comes out that could be read. */
function fromBase64(run: string): string | undefined {
  if (run.length % 4 !== 0) return undefined;
  const inner = Buffer.from(run, 'base64').toString('utf8');
  return /[^\t\n\r -~\u00a0-\ud7ff]/.test(inner) ? undefined : inner;
}

function fromPercent(run: string): string | undefined {
  try {
    return decodeURIComponent(run);
  } catch {
    return undefined;
  }
}

/** What was written as %XX is again, in the same case. */
function toPercent(text: string, like: string): string {
  const escapes = like.match(/%[0-9A-Fa-f]{2}/g) ?? [];
  const escaped = new Set(fromPercent(like) === undefined ? [] : escapes.map((each) => fromPercent(each) ?? ''));
  const isLower = escapes.some((each) => /[a-f]/.test(each));
  return [...text]
    .map((char) => {
      if (char !== '%' && !escaped.has(char) && char.charCodeAt(0) < 128) return char;
      const bytes = [...Buffer.from(char)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
      return isLower ? bytes : bytes.toUpperCase();
    })
    .join('');
}

/** All that can be read inside of a text. */
export const decodedIn = (text: string): string[] => [
  ...[...text.matchAll(base64)].flatMap(([run]) => fromBase64(run) ?? []),
  ...(text.includes('%') ? [...text.matchAll(percent)].flatMap(([run]) => fromPercent(run) ?? []) : []),
];

/** The same with what `redact` makes of the texts inside, each in its own encoding. */
export function replaceEncoded(text: string, redact: (inner: string) => string, put: Placeholders['put']): string {
  const out = text.replace(base64, (run) => {
    const inner = fromBase64(run);
    const other = inner === undefined ? undefined : redact(inner);
    return inner === other || other === undefined ? run : put(Buffer.from(other).toString('base64'));
  });
  if (!out.includes('%')) return out;
  return out.replace(percent, (run) => {
    const inner = fromPercent(run);
    const other = inner === undefined ? undefined : redact(inner);
    return inner === other || other === undefined ? run : put(toPercent(other, run));
  });
}
