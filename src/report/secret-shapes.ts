// What secrets look like inside one line: tokens by their shape, values by the name they are given.

export const redacted = '[redacted]';

// Strings that are a secret wherever they stand.
export const tokenShapes: readonly RegExp[] = [
  /sha256~[\w-]{20,}/g, // OpenShift OAuth token
  /eyJ(?:(?!eyJ)[\w-]){8,2000}\.[\w-]{4,}(?:\.[\w-]*)?/g, // JWT
  /ZXlK[A-Za-z0-9+/]{20,}={0,2}/g, // a JWT once more in base64
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, // AWS access key id
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g, // Slack
  /\bhv[sbr]\.[\w-]{20,}/g, // Vault
  /\bAIza[\w-]{30,}/g, // Google
  /\bnpm_[A-Za-z0-9]{30,}/g,
  // A kubeadm bootstrap token; the name of an Event ends in 16 hexadecimal digits.
  /(?<![\w./-])[a-z0-9]{6}\.(?=[a-z]*\d)(?![0-9a-f]{16}(?![a-z0-9]))[a-z0-9]{16}(?![\w./-])/g,
];

/** False for most lines, at the price of one look: no word that tells of a secret, and no run that could be one. */
export const mayHoldSecret = (text: string): boolean =>
  /pass|pwd|secret|token|key|auth|bearer|basic|credential|connection|data:|sig=|-signature=|%[0-9a-f]{2}|:\/{1,2}[^\s/]*@|[\w+/-]{16}|\b(?:gh[a-z]_|hv[sbr]\.|xox)/i.test(
    text,
  );

// A key that ends in one of these holds a secret: `DB_PASSWORD`, `client-key-data`, `secretKey`.
const secretWords =
  'password|passwd|passphrase|[-_.]pwd|secret|token|api[-_]?key|access[-_]?key|secret[-_]?key|private[-_]?key|' +
  'account[-_]?key|auth[-_]?key|encryption[-_]?key|client-key-data|tls\\.key|connection[-_]?string|credentials?';
const key = `(?<![\\w.-])[\\w.-]*(?:${secretWords})`;

/** Matches a whole key (not a line) that holds a secret. */
export const secretKey = new RegExp(`^[\\w.-]*(?:${secretWords})$`, 'i');

const keyAtLineStart = new RegExp(`^(\\s*(?:- +)*["']?${key}["']?\\s*:\\s+)(\\S.*)$`, 'i');
const keyInJson = new RegExp(`((?<!\\\\)(\\\\*")${key}\\2\\s*:\\s*\\2)(.*?)(?=\\2|$)`, 'gi');
const authInJson = /((?<!\\)(\\*")auth\2\s*:\s*\2)(.*?)(?=\2|$)/gi;
const keyAssigned = new RegExp(`(${key}["']?\\s*=\\s*)("[^"]*"?|'[^']*'?|[^\\s"',;&|)}\\]]+)`, 'gi');
const keyAsFlag =
  /(--[\w-]*(?:password|token|secret|api-key)["']?(?:\s+|\s*,\s*)["']?)(?![-\s"'])(?!\[redacted\])([^\s"',\]]+)/gi;
/** A flag whose value stands in the next line or the next element. */
export const secretFlag = /^--[\w-]*(?:password|token|secret|api-key)$/i;
// In running text, only names that leave no doubt: "failed to fetch token: pod not found" tells no secret.
const keyInProse =
  /(\b(?:passw(?:or)?d|passphrase|client-key-data|(?:private|access|api|account|encryption)[-_]?key)["']?:\s*)("[^"]*"?|'[^']*'?|[^\s,;}]+)/gi;
const tokenInProse = /(\b(?:token|secret|credentials?)["']?:\s*["']?)(?=[\w.~+/=-]*\d)([\w.~+/=-]{16,})/gi;
// A whole element of a list is the value of a header.
const header = /^(\s*(?:- +)+["']?(?:Bearer|Basic)\s+)([^\s"']{4,})(["']?)$/;
const authorization =
  /(authorization["']?\s*[:=]\s*["'[]*(?:(?:bearer|basic|token|digest|negotiate)\s+)?)([^\s"',\]]+)/gi;
const bearer = /\b((?:bearer|basic)\s+)([\w.~+/=-]{16,})/gi;
const signature = /([?&](?:sig|x-amz-signature|x-amz-security-token)=)[^&\s"']+/gi;
const userinfo = /((?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/{1,2}[^\s:@/"']*:)([^\s@/"']+)(?=@)/gi;
// The body of a key behind the time of a log line.
const lastRun = /(?<=\s)[A-Za-z0-9+/]{64}(?=\s*$)/;

/** A line of base64 of which nothing tells what it is. No path, digest, hash, certificate or long word is one. */
export function isKeyBody(run: string): boolean {
  if (!/^[A-Za-z0-9+/]{60,}={0,2}$/.test(run) || !/[A-Z]/.test(run) || run.startsWith('/')) return false;
  return !/^(?=.*[a-z])[A-Za-z]+$/.test(run) && !/^[0-9A-F]+$/.test(run) && !run.startsWith(encodedCertificate);
}
const encodedCertificate = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS';
// Files inside Ignition and MachineConfig; what is in them, nobody can tell from outside.
const dataUri = /(\bdata:[\w/+.;=-]*,)([^\s"]{8,})/g;
// A Secret in one line of JSON.
const secretData = /((?<!\\)\\*"(?:data|stringData)\\*"\s*:\s*\{)[^{}]+/g;

// Values that say nothing: empty, boolean, a reference to somewhere else.
const harmless =
  /^(?:["'](?:true|false|)["']|true|false|yes|no|null|nil|none|~|\{.*|\[.*|[|>][-+]?\d?|&\S+|<\w+>|["']?\$[({].*),?$/i;
// klog writes references so: secret="openshift-monitoring/grafana-config"
const objectReference = /^"[a-z0-9.-]+\/[a-z0-9.-]+"$/;

/** `oc adm inspect` puts the length in place of the value of a Secret: `6892 bytes long`, mostly in base64. */
export function isLength(value: string): boolean {
  const length = /^\d+ bytes long$/;
  const bare = value.replace(/^["']|["']$/g, '');
  return length.test(bare) || (bare.length <= 32 && length.test(Buffer.from(bare, 'base64').toString('latin1')));
}

// `--tls-secret=webhook-serving-cert`, `configSecret: alertmanager-config`: the name of a Secret, in words that say so.
const words =
  'secrets?|certs?|certificates?|tls|ca|config|webhook|key|privkey|creds?|credentials?|token|auth|serving|signer|pull';
const nameOfSecret = new RegExp(`^["']?(?=[a-z-]*\\b(?:${words})\\b)[a-z]{2,}(?:-[a-z]{2,}){1,8}(?:-[0-9])?["']?,?$`);

/** True for the name of a Secret under a key that says `secret`; a key that says `password` has no such value. */
export const namesSecret = (key: string, value: string): boolean => /secret$/i.test(key) && nameOfSecret.test(value);

function keepOr(prefix: string, value: string): string {
  const isName = namesSecret(prefix.replace(/["'\\\s]*[:=]["'\\\s]*$/, ''), value);
  const isKept = isName || harmless.test(value) || objectReference.test(value) || isLength(value);
  return `${prefix}${isKept ? value : redacted}`;
}

function byShape(line: string): string {
  let out = line;
  for (const shape of tokenShapes) out = out.replace(shape, redacted);
  return out;
}

/** One line without its secrets. Private keys over several lines are the business of `redact-secrets.ts`. */
export function redactLine(line: string, depth = 0): string {
  if (!mayHoldSecret(line)) return line;
  let out = line.replace(
    /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
    redacted,
  );
  if (/"kind\\*"\s*:\s*\\*"Secret\\*"/.test(out)) out = out.replace(secretData, `$1${redacted}`);
  out = out.replace(dataUri, `$1${redacted}`);
  out = out.replace(keyInJson, (_, prefix, _quote, value) => (value === '' ? prefix : keepOr(prefix, value)));
  out = out.replace(authInJson, `$1${redacted}`);
  out = out.replace(keyAtLineStart, (_, prefix, value) => keepOr(prefix, value));
  out = out.replace(keyAssigned, (_, prefix, value) => keepOr(prefix, value));
  out = out.replace(keyAsFlag, `$1${redacted}`).replace(keyInProse, (_, prefix, value) => keepOr(prefix, value));
  out = out.replace(tokenInProse, (_, prefix, value) => keepOr(prefix, value)).replace(header, `$1${redacted}$3`);
  out = out
    .replace(authorization, (whole, prefix, value) => (value === '[redacted' ? whole : `${prefix}${redacted}`))
    .replace(bearer, `$1${redacted}`);
  out = out.replace(signature, `$1${redacted}`).replace(userinfo, `$1${redacted}`);
  out = byShape(out).replace(lastRun, (run) => (isKeyBody(run) ? redacted : run));
  return depth < 2 ? redactEncoded(out, depth) : out;
}

// Base64 and %XX that decode to something with a secret in it go as a whole.
function redactEncoded(line: string, depth: number): string {
  const hidesSecret = (decoded: string) =>
    /PRIVATE KEY-----/.test(decoded) || decoded.split('\n').some((inner) => redactLine(inner, depth + 1) !== inner);
  const isEncoded = (run: string) => {
    const decoded = Buffer.from(run, 'base64').toString('latin1');
    return isText(decoded) && hidesSecret(decoded);
  };
  const decodedBase64 = line.replace(/[A-Za-z0-9+/]{24,}={0,2}/g, (run) => {
    if (isEncoded(run)) return redacted;
    // In a path, one step may be encoded.
    if (!run.includes('/')) return run;
    return run.replace(/[A-Za-z0-9+]{24,}={0,2}/g, (step) => (isEncoded(step) ? redacted : step));
  });
  if (!decodedBase64.includes('%')) return decodedBase64;
  return decodedBase64.replace(/[^\s"'<>]{12,}/g, (run) => {
    if (!/%[0-9A-Fa-f]{2}/.test(run)) return run;
    const decoded = run.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    return hidesSecret(decoded) ? redacted : run;
  });
}

function isText(decoded: string): boolean {
  for (let at = 0; at < decoded.length; at += 1) {
    const code = decoded.charCodeAt(at);
    if (code > 126 || (code < 32 && code !== 10 && code !== 13 && code !== 9)) return false;
  }
  return true;
}
