// Versions, as `semver()` of Kubernetes' CEL compares them; `v1.27`, `1.28+` and `v1.23.4+abc` are read too.

import { SemVer } from 'semver';
import { define, type FunctionTable } from './function-table.ts';

export class Version {
  readonly version: SemVer;
  readonly text: string;
  constructor(version: SemVer, text: string) {
    this.version = version;
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

const form = /^\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.~-]*)?\s*$/;

export function parseVersion(text: string): Version | undefined {
  const parts = form.exec(text);
  if (!parts) return undefined;
  const [, major = '0', minor = '0', patch = '0', before = ''] = parts;
  try {
    return new Version(new SemVer(`${Number(major)}.${Number(minor)}.${Number(patch)}${before}`, true), text.trim());
  } catch {
    return undefined;
  }
}

function semver(text: string): Version {
  const parsed = parseVersion(text);
  if (!parsed) throw new Error(`"${text}" is not a version`);
  return parsed;
}

const compare = (a: Version, b: Version): bigint => BigInt(a.version.compare(b.version));

export const versionFunctions: FunctionTable = {
  types: [{ name: 'Semver', ctor: Version }],
  functions: [
    define('semver(string): Semver', 'The version a text says; an error where it says none.', semver),
    define('isSemver(string): bool', 'Whether a text is a version.', (text) => parseVersion(text) !== undefined),
    define('Semver.major(): int', 'First number.', (v) => BigInt(v.version.major)),
    define('Semver.minor(): int', 'Second number.', (v) => BigInt(v.version.minor)),
    define('Semver.patch(): int', 'Third number.', (v) => BigInt(v.version.patch)),
    define('Semver.isGreaterThan(Semver): bool', 'Whether it is newer.', (a, b) => compare(a, b) > 0n),
    define('Semver.isLessThan(Semver): bool', 'Whether it is older.', (a, b) => compare(a, b) < 0n),
    define('Semver.compareTo(Semver): int', '-1, 0 or 1.', compare),
    define('string(Semver): string', 'As it was written.', (v) => v.text),
  ],
  operators: [{ signature: 'Semver == Semver', handler: (a, b) => compare(a, b) === 0n }],
};
