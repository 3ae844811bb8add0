// Pseudonyms of names: each name one, no two names the same, and what lies below a domain still lies below it.

import { keyed, keyedWord, type RedactionKey } from './key.ts';
import { createNameIndex } from './name-index.ts';
import { placeholder } from './placeholders.ts';
import { domainOf, isServiceLabel } from './well-known.ts';

export type NameKind =
  | 'host'
  | 'domain'
  | 'label'
  | 'cluster'
  | 'user'
  | 'keyword'
  | 'uuid'
  | 'cloud'
  | 'resource'
  | 'account';

export interface Pseudonym {
  readonly kind: string;
  readonly original: string;
  readonly pseudonym: string;
}

export interface Names {
  /** Makes a name known: from now on it is found wherever it stands. */
  learn(kind: NameKind, name: string): void;
  /** Makes a domain known whose last label does not tell that it is one: `shop.prod`. A `guess` may be an API group after all. */
  learnDomain(name: string, certainty?: 'certain' | 'guess'): void;
  /** API groups are no domains: `widgets.acme.io`. */
  keepGroup(name: string): void;
  isKnown(name: string): boolean;
  /** The text with each name in it that was learned, whatever its case, in place of which its pseudonym stands. */
  withKnown(text: string): string;
  pseudonym(kind: NameKind, name: string): string;
  /** Of a whole domain name; undefined where it is none, or a public one. */
  domainName(name: string): string | undefined;
  readonly entries: () => readonly Pseudonym[];
}

const prefixes: Readonly<Record<Exclude<NameKind, 'uuid' | 'resource' | 'account'>, string>> = {
  host: 'host-',
  domain: 'domain-',
  label: 'sub-',
  cluster: 'cluster-',
  user: 'user-',
  keyword: 'keyword-',
  cloud: 'id-',
};

/** `before`: pseudonyms of an earlier run with the same key. */
export function createNames(key: RedactionKey, before: readonly Pseudonym[] = []): Names {
  const given = new Map<string, Pseudonym>();
  const taken = new Map<string, string>();
  const learned = new Map<string, NameKind>();
  const domains = new Set<string>();
  const guesses = new Set<string>();
  const groups = new Set<string>();
  const aboveGroups = new Set<string>();
  const index = createNameIndex();
  for (const entry of before) {
    given.set(nameKey(entry.kind, entry.original), entry);
    taken.set(entry.pseudonym, entry.original);
  }
  const used = new Map<string, Pseudonym>();
  // What an earlier run has hidden is hidden again.
  for (const { kind, original } of before) {
    if (kind === 'domain') domains.add(original);
    else if (isNameKind(kind) && kind !== 'label' && kind !== 'keyword') learn(kind, original);
  }

  function learn(kind: NameKind, name: string): void {
    const plain = name.toLowerCase();
    if (learned.has(plain)) return;
    learned.set(plain, kind);
    index.add(plain);
  }

  function pseudonym(kind: NameKind, name: string): string {
    const original = name.toLowerCase();
    const id = nameKey(kind, original);
    let found = given.get(id);
    if (!found) {
      found = { kind, original, pseudonym: fresh(kind, original) };
      given.set(id, found);
      taken.set(found.pseudonym, original);
    }
    used.set(id, found);
    return found.pseudonym;
  }

  /** Two names with one pseudonym, or a pseudonym that is somebody's name: the next one. */
  function fresh(kind: NameKind, original: string): string {
    for (let times = 0; ; times++) {
      const made = shaped(key, kind, times === 0 ? original : `${original}\0${times}`, original);
      if (made !== original && !taken.has(made) && !learned.has(made)) return made;
    }
  }

  function label(text: string): string {
    const shown = withKnown(text);
    return shown !== text || isServiceLabel(text) || text.includes(placeholder) ? shown : pseudonym('label', text);
  }

  function known(name: string): string | undefined {
    const kind = learned.get(name.toLowerCase());
    return kind && pseudonym(kind, name);
  }

  /** `kube-apiserver-worker-1`: a known name may be a part of another. */
  const withKnown = (text: string): string => index.replace(text, known);

  function domain(root: string): string {
    const shown = pseudonym('domain', root);
    // API groups stay, so the domain above them may be seen: the gate must not look for it.
    if (aboveGroups.has(root) && !domains.has(root)) used.delete(nameKey('domain', root));
    return shown;
  }

  function domainName(name: string): string | undefined {
    const whole = name.toLowerCase();
    const labels = whole.split('.');
    const own = ownDomain(labels);
    if (own === 0) return undefined;
    const { kind, labels: tail } = own === undefined ? domainOf(labels) : { kind: 'own', labels: own };
    if (kind !== 'own' && kind !== 'provider') return undefined;
    const root = labels.slice(-tail).join('.');
    const below = labels.slice(0, -tail);
    if (kind === 'provider' && below.every(isServiceLabel)) return undefined;
    const shown = [...below.map(label), kind === 'provider' ? root : `${domain(root)}.example`].join('.');
    if (below.length > 0 && !whole.includes(placeholder))
      used.set(nameKey('name', whole), { kind: 'name', original: whole, pseudonym: shown });
    return shown;
  }

  /** How many labels a learned domain has that this name lies in; 0 for an API group. */
  function ownDomain(labels: readonly string[]): number | undefined {
    const isOwn = (domain: string) => domains.has(domain) || (guesses.has(domain) && !aboveGroups.has(domain));
    for (let count = labels.length; count >= 1; count--) {
      if (isOwn(labels.slice(-count).join('.'))) return registered(labels.slice(-count));
    }
    // `widgets.shop.example`, the definition of a kind, and its group.
    return groups.has(labels.join('.')) || groups.has(labels.slice(1).join('.')) ? 0 : undefined;
  }

  return {
    learn,
    learnDomain(name, certainty = 'certain') {
      const labels = name.toLowerCase().replace(/\.$/, '').split('.');
      const { kind } = domainOf(labels);
      if (kind !== 'own' && kind !== 'unknown') return;
      (certainty === 'certain' ? domains : guesses).add(labels.join('.'));
    },
    keepGroup(name) {
      const group = name.toLowerCase();
      groups.add(group);
      for (let at = group.indexOf('.'); at >= 0; at = group.indexOf('.', at + 1)) aboveGroups.add(group.slice(at + 1));
      aboveGroups.add(group);
    },
    isKnown: (name) => learned.has(name.toLowerCase()),
    withKnown,
    pseudonym,
    domainName,
    entries: () => [...used.values()],
  };
}

const nameKey = (kind: string, name: string) => `${kind}\0${name}`;

/** The labels that stand for the owner: two, or three below `co.uk`; all of a shorter one. */
function registered(labels: readonly string[]): number {
  return Math.min(labels.length, Math.max(1, domainOf(labels).labels));
}

function shaped(key: RedactionKey, kind: NameKind, seed: string, original: string): string {
  if (kind === 'uuid') return uuidOf(keyed(key, 'uuid', seed.replaceAll('-', '')), original.includes('-'));
  if (kind === 'account') return accountOf(keyed(key, 'account', seed), original.length);
  if (kind === 'resource') return resourceOf(keyed(key, 'resource', seed), original);
  // One word for a name, whatever it is the name of: a host is the first label of its domain name.
  return `${prefixes[kind]}${keyedWord(key, kind === 'domain' ? 'domain' : 'name', seed, 6)}`;
}

function uuidOf(bytes: Buffer, hasDashes: boolean): string {
  const hex = bytes.toString('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)];
  return uuid.join(hasDashes ? '-' : '');
}

/** As many digits. */
const accountOf = (bytes: Buffer, length: number): string =>
  BigInt(`0x${bytes.toString('hex')}`)
    .toString()
    .slice(-length)
    .padStart(length, '0');

/** `i-0123456789abcdef0`: what it is stays. */
function resourceOf(bytes: Buffer, original: string): string {
  const dash = original.indexOf('-') + 1;
  return original.slice(0, dash) + bytes.toString('hex').slice(0, original.length - dash);
}

const isNameKind = (kind: string): kind is NameKind =>
  Object.hasOwn(prefixes, kind) || ['uuid', 'resource', 'account'].includes(kind);
