// Names in a text: domain names by their endings, others where they were learned, and the ids that clouds give.

import type { Names } from './names.ts';
import type { Placeholders } from './placeholders.ts';
import { domainOf, isCloudName, isCommonWord, isUserName } from './well-known.ts';

const run = /[A-Za-z0-9_\ue000-\uf8ff](?:[A-Za-z0-9._\ue000-\uf8ff-]*[A-Za-z0-9_\ue000-\uf8ff])?/g;
const labelShape = /^[A-Za-z0-9_\ue000-\uf8ff](?:[A-Za-z0-9_\ue000-\uf8ff-]*[A-Za-z0-9\ue000-\uf8ff])?$/;
// `System.Net` is code.
const codeWord = /^[A-Z][a-z]/;

/** Domain names and learned names. */
export function replaceNames(text: string, names: Names, put: Placeholders['put']): string {
  return text.replace(run, (whole: string, at: number) => {
    // `\nworker-1`: the letter belongs to the escape.
    const isEscaped = text[at - 1] === '\\' && /^[nrtbf]/.test(whole);
    const shown = isEscaped ? undefined : replaced(whole, names, put);
    if (shown !== undefined && shown !== whole) return shown;
    return isEscaped ? whole[0] + replaced(whole.slice(1), names, put) : whole;
  });
}

function replaced(whole: string, names: Names, put: Placeholders['put']): string {
  // `patch-br-ex_worker-1.shop.example`: a name may stand before the domain, too.
  const dot = whole.indexOf('.');
  const begin = whole.lastIndexOf('_', dot) + 1;
  if (dot > 0 && begin > 1) {
    return known(whole.slice(0, begin), names, put) + replaced(whole.slice(begin), names, put);
  }
  const labels = whole.split('.');
  for (let end = labels.length; end >= 2; end--) {
    const before = labels.slice(0, end - 1);
    if (!before.every((label) => labelShape.test(label))) continue;
    // `worker-1.shop.example_1f3c`, `shop.example-backup`: a name may go on behind the domain.
    const last = labels[end - 1] ?? '';
    for (const tail of new Set([last, last.replace(/[_-].*$/s, '')])) {
      if (!labelShape.test(tail)) continue;
      const name = [...before, tail].join('.');
      const shown = codeWord.test(tail) ? undefined : names.domainName(name);
      if (shown !== undefined) return put(shown) + known(whole.slice(name.length), names, put);
    }
    const { kind } = domainOf([...before, last].map((label) => label.toLowerCase()));
    if (kind === 'public' || kind === 'local') break;
  }
  return known(whole, names, put);
}

function known(text: string, names: Names, put: Placeholders['put']): string {
  const shown = names.withKnown(text);
  return shown === text ? text : put(shown);
}

const mail =
  /(?<![A-Za-z0-9._%+-])([A-Za-z0-9._+-]{1,64})(@|%40)([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*\.[A-Za-z]{2,24})(?![A-Za-z0-9-])/g;
/** `getty@tty1.service` is a unit of systemd. */
const unitEnding = /\.(?:service|socket|mount|target|timer|slice|scope|device|path|swap|automount)$/i;

/** `anna@shop.example`, each part by itself. */
export function replaceMail(text: string, names: Names, put: Placeholders['put']): string {
  if (!text.includes('@') && !text.includes('%40')) return text;
  return text.replace(mail, (whole, user: string, at: string, domain: string) => {
    if (unitEnding.test(domain)) return whole;
    const shown =
      user.length > 2 && isCommonWord(user.toLowerCase())
        ? user
        : names.pseudonym(isUserName(user) ? 'user' : 'label', user);
    // The domain is looked at with all others.
    return `${put(shown)}${at}${hiddenDomain(domain, names, put)}`;
  });
}

/** Nobody writes to a group of an API: the domain is hidden unless it is a public one. */
function hiddenDomain(domain: string, names: Names, put: Placeholders['put']): string {
  const shown = names.domainName(domain);
  return shown === undefined ? domain : put(shown);
}

/** All mail addresses: their users and domains. */
export const mailIn = (text: string): { user: string; domain: string }[] =>
  [...text.matchAll(mail)].flatMap(([, user = '', , domain = '']) =>
    unitEnding.test(domain) ? [] : [{ user, domain }],
  );

const arn = /\barn:(aws[\w-]*):([\w-]*):([\w-]*):(\d{12})?:([^\s"'<>,;)\]}\\]+)/g;
const awsIds =
  /(?<![A-Za-z0-9])(?:i|vol|eni|subnet|vpc|sg|ami|snap|rtb|igw|nat|eipalloc|eipassoc|lt|acl|vpce|fs|fsap|tgw|dopt|r)-(?:[0-9a-f]{17}|[0-9a-f]{8}(?=[^0-9a-z-]|$))(?![0-9A-Za-z])/g;
const zone = /(\bhostedzone\/)([A-Z0-9]{8,32})\b/gi;
const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const subscription = new RegExp(
  `(\\b(?:subscriptions|tenants|tenantId|subscriptionId|clientId)(?:\\/|%2[Ff]|["']?\\s*[:=]\\s*["']?))(${uuid})`,
  'g',
);
const machine = new RegExp(`(\\b(?:vsphere|openstack|nutanix|ovirt):\\/\\/\\/?)(${uuid})`, 'g');
const azure =
  /(\/(?:resourceGroups|virtualMachines|virtualMachineScaleSets|disks|networkInterfaces|virtualNetworks|loadBalancers|networkSecurityGroups|storageAccounts|subnets|publicIPAddresses|availabilitySets)\/)([\w.()-]+)/gi;
const project = /(\b(?:gce:\/\/|projects\/))([a-z][a-z0-9-]{4,28}[a-z0-9])(?=\/)/g;

/** What the clouds call things: the kind of a thing stays to be seen. */
export function replaceCloudIds(text: string, names: Names, put: Placeholders['put']): string {
  const idOf = (name: string) => put(names.pseudonym(isCloudName(name) ? 'cloud' : 'label', name));
  const id = (_: string, head: string, name: string) => head + idOf(name);
  const resource = (whole: string) => put(names.pseudonym('resource', whole));
  const uuidAt = (_: string, head: string, name: string) => head + put(names.pseudonym('uuid', name));
  let out = text;
  if (text.includes('arn:'))
    out = out.replace(arn, (_, partition, service, region, account: string | undefined, rest: string) => {
      const owner = account ? put(names.pseudonym('account', account)) : '';
      const [, head = '', name = ''] = /^((?:[\w-]+[:/])?)(.*)$/s.exec(rest) ?? [];
      const shown = account || service === 's3' ? head + idOf(name) : rest;
      return `arn:${partition}:${service}:${region}:${owner}:${shown}`;
    });
  out = out.replace(awsIds, resource).replace(zone, id).replace(subscription, uuidAt).replace(machine, uuidAt);
  return out.replace(azure, id).replace(project, id);
}
