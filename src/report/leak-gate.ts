// The last look at a text before it leaves: what still has the shape of a secret goes, whoever let it through.

import { redacted, tokenShapes } from './secret-shapes.ts';

// Only what is a secret in any surroundings: the text is HTML, Markdown, JSON or a table by now, its quotes are gone.
const privateKey = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----(?:(?!-----END )[\s\S]){0,20000}/g;
const authorization = /(\bauthorization\W{1,12}(?:bearer|basic)\s+)([\w.~+/=-]{8,})/gi;
const userinfo = /(:\/\/[^\s:@/"'<>&`\\]{1,100}:)(?!\[redacted\])([^\s:@/"'<>&`\\]{1,200})(?=@[\w[])/g;
const encodedKey = /LS0tLS1CRUdJTi[A-Za-z0-9+/]{10,}={0,2}/g;

/** The same text without what has the shape of a secret. */
export function sealed(text: string): string {
  let out = text;
  for (const shape of tokenShapes) out = out.replace(shape, redacted);
  return out
    .replace(privateKey, redacted)
    .replace(authorization, `$1${redacted}`)
    .replace(userinfo, `$1${redacted}`)
    .replace(encodedKey, (run) => (Buffer.from(run, 'base64').includes('PRIVATE KEY') ? redacted : run));
}
