// What secrets look like inside one line: tokens by their shape, values by the name they are given.

export const redacted = '[redacted]';

// Strings that are a secret wherever they stand.
const tokenShapes: readonly RegExp[] = [
  /sha256~[\w-]{20,}/g, // OpenShift OAuth token
  /eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, // JWT
  /ZXlK[A-Za-z0-9+/]{20,}={0,2}/g, // a JWT once more in base64
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, // AWS access key id
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g, // Slack
  /\bhv[sbr]\.[\w-]{20,}/g, // Vault
  /\bAIza[\w-]{30,}/g, // Google
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /(?<![\w./-])[a-z0-9]{6}\.(?=[a-z]*\d)[a-z0-9]{16}(?![\w./-])/g, // kubeadm bootstrap token
];

// A key that ends in one of these holds a secret: `DB_PASSWORD`, `client-key-data`, `secretKey`.
const secretWords =
  'password|passwd|passphrase|[-_.]pwd|secret|token|api[-_]?key|access[-_]?key|secret[-_]?key|private[-_]?key|' +
  'account[-_]?key|auth[-_]?key|encryption[-_]?key|client-key-data|tls\\.key|connection[-_]?string|credentials?';
const key = `(?<![\\w.-])[\\w.-]*(?:${secretWords})`;

/** Matches a whole key (not a line) that holds a secret. */
export const secretKey = new RegExp(`^[\\w.-]*(?:${secretWords})$`, 'i');

const keyAtLineStart = new RegExp(`^(\\s*(?:- +)*["']?${key}["']?\\s*:\\s+)(\\S.*)$`, 'i');
const keyInJson = new RegExp(`((\\\\*")${key}\\2\\s*:\\s*\\2)(.*?)(?=\\2|$)`, 'gi');
const authInJson = /((\\*")auth\2\s*:\s*\2)(.*?)(?=\2|$)/gi;
const keyAssigned = new RegExp(`(${key}["']?\\s*=\\s*)("[^"]*"?|'[^']*'?|[^\\s"',;&|)}\\]]+)`, 'gi');
const keyAsFlag = /(--[\w-]*(?:password|token|secret|api-key)\s+)(?!-)(\S+)/gi;
const passwordInProse = /(\bpassw(?:or)?d["']?:\s*)("[^"]*"?|'[^']*'?|[^\s,;}]+)/gi;
const authorization =
  /(authorization["']?\s*[:=]\s*["'[]*(?:(?:bearer|basic|token|digest|negotiate)\s+)?)([^\s"',\]]+)/gi;
const bearer = /\b((?:bearer|basic)\s+)([\w.~+/=-]{16,})/gi;
const signature = /([?&](?:sig|x-amz-signature|x-amz-security-token)=)[^&\s"']+/gi;
const userinfo = /((?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/[^\s:@/"']*:)([^\s@/"']+)(?=@)/gi;
// Files inside Ignition and MachineConfig; what is in them, nobody can tell from outside.
const dataUri = /(\bdata:[\w/+.;=-]*,)([^\s"]{8,})/g;
// A Secret in one line of JSON.
const secretData = /(\\*"(?:data|stringData)\\*"\s*:\s*\{)[^{}]+/g;

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

const keepOr = (prefix: string, value: string) =>
  harmless.test(value) || objectReference.test(value) || isLength(value) ? `${prefix}${value}` : `${prefix}${redacted}`;

function byShape(line: string): string {
  let out = line;
  for (const shape of tokenShapes) out = out.replace(shape, redacted);
  return out;
}

/** One line without its secrets. Private keys over several lines are the business of `redact-secrets.ts`. */
export function redactLine(line: string, depth = 0): string {
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
  out = out.replace(keyAsFlag, `$1${redacted}`).replace(passwordInProse, (_, prefix, value) => keepOr(prefix, value));
  out = out
    .replace(authorization, (whole, prefix, value) => (value === '[redacted' ? whole : `${prefix}${redacted}`))
    .replace(bearer, `$1${redacted}`);
  out = out.replace(signature, `$1${redacted}`).replace(userinfo, `$1${redacted}`);
  out = byShape(out);
  return depth < 2 ? redactEncoded(out, depth) : out;
}

// Base64 and %XX that decode to something with a secret in it go as a whole.
function redactEncoded(line: string, depth: number): string {
  const hidesSecret = (decoded: string) =>
    /PRIVATE KEY-----/.test(decoded) || decoded.split('\n').some((inner) => redactLine(inner, depth + 1) !== inner);
  const decodedBase64 = line.replace(/[A-Za-z0-9+/]{24,}={0,2}/g, (run) => {
    const decoded = Buffer.from(run, 'base64').toString('latin1');
    return isText(decoded) && hidesSecret(decoded) ? redacted : run;
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
