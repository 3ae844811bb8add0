// What is learned of names before the first is replaced: from facts, from what a report says, and from its excerpts.

import type { FactStore } from '../../facts/store.ts';
import { mailIn, replaceCloudIds } from './find-names.ts';
import type { NameKind, Names } from './names.ts';
import { domainOf, isCommonWord, isUserName } from './well-known.ts';

/** Fact types that name machines, domains and people. */
export const namingFacts = [
  'Infrastructure',
  'Hostname',
  'KubernetesNode',
  'ClusterVersion',
  'MachineId',
  'SystemUuid',
  'Ingress',
  'Route',
  'ClusterProxy',
  'ResolvConf',
  'RoleBinding',
  'CustomResourceDefinition',
  'HostSubnet',
] as const;

/** Objects that hold the domains of the cluster. */
export const namingObjects = ['config.openshift.io/DNS', 'config.openshift.io/Ingress'] as const;

/** `worker-1.shop.example`: the machine and the domain that it is in. */
export function learnHost(names: Names, name: string): void {
  const labels = name.trim().toLowerCase().replace(/\.$/, '').split('.');
  const [host = '', ...domain] = labels;
  if (!labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/.test(label)) || /^[\d.]+$/.test(name)) return;
  // Its address is found wherever it stands.
  if (!/(?:^|\D)\d{1,3}(?:-\d{1,3}){3}$/.test(host) && !isCommonWord(host)) names.learn('host', host);
  if (domain.length > 0 && !(domain.length === 1 && isCommonWord(domain[0] ?? ''))) names.learnDomain(domain.join('.'));
}

export function learnUser(names: Names, name: string): void {
  if (isUserName(name)) names.learn('user', name);
}

function learnUrl(names: Names, url: string): void {
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^\s/@]*@)?([A-Za-z0-9.-]+)/i.exec(url)?.[1];
  if (host) learnHostOfUrl(names, host);
}

// Also endings that other words have: where a URL stands, they are domains.
const moreEndings = new Set(
  'io dev app cloud ai tech info biz co me tv xyz online site sh systems network zone group'.split(' '),
);

function learnHostOfUrl(names: Names, host: string): void {
  const labels = host.toLowerCase().split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length < 2 || !(moreEndings.has(last) || /^[a-z]{2}$/.test(last) || domainOf(labels).kind === 'own'))
    return;
  const { kind, labels: count } = domainOf(labels);
  if (kind === 'own' || kind === 'unknown') names.learnDomain(labels.slice(-count).join('.'), 'guess');
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** All that the facts of a bundle name. */
export function learnFacts(names: Names, store: FactStore): void {
  const each = (type: string, learn: (value: Readonly<Record<string, unknown>>) => void) => {
    for (const { value } of store.read(type)) learn(value);
  };
  const uuid = (value: unknown) => {
    if (/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(textOf(value))) {
      names.learn('uuid', textOf(value));
    }
  };
  each('ClusterVersion', ({ clusterId }) => uuid(clusterId));
  each('Infrastructure', (value) => {
    for (const url of [value.apiServerUrl, value.apiServerInternalUrl]) learnApi(names, textOf(url));
    learnCluster(names, textOf(value.infrastructureName));
  });
  each('KubernetesNode', (value) => {
    learnHost(names, textOf(value.name));
    learnHost(names, textOf(value.hostname));
    for (const address of Array.isArray(value.addresses) ? value.addresses : []) {
      const { type, address: text } = address as { type?: unknown; address?: unknown };
      if (/DNS|Hostname/i.test(textOf(type))) learnHost(names, textOf(text));
    }
    for (const id of [value.machineId, value.systemUuid, value.bootId]) uuid(id);
    for (const id of textOf(value.providerId).match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? []) uuid(id);
    const last = textOf(value.providerId).split('/').at(-1) ?? '';
    if (!/^i-|^[0-9a-f-]{36}$/.test(last)) learnHost(names, last);
  });
  each('Hostname', ({ name, node }) => {
    learnHost(names, textOf(name));
    learnHost(names, textOf(node));
  });
  each('HostSubnet', ({ host, name }) => learnHost(names, textOf(host) || textOf(name)));
  each('MachineId', ({ id }) => uuid(id));
  each('SystemUuid', ({ id, uuid: text }) => uuid(textOf(id) || textOf(text)));
  each('Ingress', ({ hosts }) => {
    for (const host of textsOf(hosts)) learnHostOfUrl(names, host);
  });
  each('Route', ({ host }) => learnHostOfUrl(names, textOf(host)));
  each('ResolvConf', ({ search }) => {
    for (const domain of textsOf(search)) if (domain.includes('.')) names.learnDomain(domain);
  });
  each('ClusterProxy', (value) => {
    for (const url of [value.httpProxy, value.httpsProxy, ...textsOf(value.noProxy)]) learnUrl(names, textOf(url));
  });
  each('RoleBinding', ({ subjects }) => {
    for (const subject of Array.isArray(subjects) ? subjects : []) {
      const { kind, name } = subject as { kind?: unknown; name?: unknown };
      if (kind === 'User' && !textOf(name).includes(':')) learnUser(names, textOf(name));
    }
  });
  each('CustomResourceDefinition', ({ name, group }) => {
    names.keepGroup(textOf(name));
    names.keepGroup(textOf(group));
  });
  each('KubernetesObject', ({ group, object }) => {
    if (textOf(group).includes('.')) names.keepGroup(textOf(group));
    const spec = (object as { spec?: Record<string, unknown> } | undefined)?.spec;
    for (const domain of [spec?.baseDomain, spec?.domain, spec?.appsDomain]) {
      if (textOf(domain).includes('.')) names.learnDomain(textOf(domain));
    }
  });
}

// https://api.shop.acme.example:6443: below `api` lies the domain of the cluster, whatever it ends in.
function learnApi(names: Names, url: string): void {
  const domain = /^https?:\/\/api(?:-int)?\.([a-z0-9.-]+\.[a-z0-9-]+)/i.exec(url)?.[1];
  if (domain) names.learnDomain(domain);
}

/** `shop-x7k2p` names the things of the cluster `shop`, which by itself is too plain a word to be looked for. */
function learnCluster(names: Names, name: string): void {
  if (!name || isCommonWord(name)) return;
  names.learn('cluster', name);
  const cluster = /^(.+)-[a-z0-9]{5}$/.exec(name)?.[1];
  if (cluster && /[-\d]/.test(cluster)) names.learn('cluster', cluster);
}

const url = /\b[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@"'<>]*@)?([A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9])/gi;
const group = /(?<![\w./-])([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+)\/v\d+(?:(?:alpha|beta)\d+)?\b/g;
const groupInPath = /cluster-scoped-resources\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)\//g;
const users: readonly RegExp[] = [
  /\/home\/([A-Za-z_][\w.-]*)/g,
  /\bUser "([\w.@+-]+)"/g,
  /\buser(?:name)?["']?(?:=["']?|:\s*["'])([A-Za-z_][\w.+-]{2,})(?=["'\s,;)]|$)/gi,
  /^\s*(?:- )?username:\s+["']?([A-Za-z_][\w.+-]{2,})["']?\s*$/gim,
  /\b(?:session (?:opened|closed) for user|Accepted \w+ for|invalid user|New user) ([A-Za-z_][\w.-]*)/g,
  /\b[ug]id=\d+\(([A-Za-z_][\w.-]*)\)/g,
];
const clusterId = /\b(?:clusterID|cluster_id|_id)["']?\s*[:=]\s*["']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/g;
const nodeKeys =
  /\b(?:nodeName|hostname|kubernetes\.io\/hostname|host_name)["']?\s*[:=]\s*["']?([A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9])(?=["'\s,;)}]|$)/g;

/** What a text tells of names by the words around them. */
export function learnText(names: Names, text: string): void {
  for (const match of text.matchAll(group)) names.keepGroup(match[1] ?? '');
  for (const match of text.matchAll(groupInPath)) names.keepGroup(match[1] ?? '');
  if (text.includes('://')) for (const match of text.matchAll(url)) learnHostOfUrl(names, match[1] ?? '');
  for (const match of text.matchAll(nodeKeys)) learnHost(names, match[1] ?? '');
  for (const match of text.matchAll(clusterId)) names.learn('uuid', match[1] ?? '');
  for (const pattern of users) for (const match of text.matchAll(pattern)) learnUser(names, match[1] ?? '');
  replaceCloudIds(text, { ...names, pseudonym: (kind, name) => learned(names, kind, name) }, (each) => each);
  if (!text.includes('@')) return;
  for (const { user, domain } of mailIn(text)) {
    learnUser(names, user);
    learnHostOfUrl(names, domain);
  }
}

function learned(names: Names, kind: NameKind, name: string): string {
  if (kind !== 'label') names.learn(kind, name);
  return name;
}
