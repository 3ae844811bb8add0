// Reads hosts.toml of containerd: where images of one registry are fetched, and whether TLS is verified there.
//
//   server = "https://registry.example.com"
//
//   [host."http://mirror.local:5000"]
//     capabilities = ["pull", "resolve"]
//     skip_verify = true

import type { Source, Span } from '../../../bundle/source.ts';
import { bool, type Fact, factType, int, list, node, optional, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { isPlain, listOf, nonEmpty, type Plain, plainOf, textOf, textsOf } from '../../text/plain-values.ts';
import { present } from '../../text/present.ts';
import { readToml } from '../../text/toml-document.ts';

export const RegistryHost = factType(
  'RegistryHost',
  'A place that containerd fetches images of one registry from, as hosts.toml has it.',
  {
    node: node(),
    registry: string('Registry of the images, with its port; `_default` stands for all that have no folder.'),
    url: optional(
      string('The place; absent where the file sets something for the registry itself and names no server.'),
    ),
    position: int('Place in the order of trying, from 1; the server comes last.'),
    isServer: bool('True for the server: what is asked when no host had the image.'),
    plainHttp: bool('True when it is spoken to without TLS, because its URL begins with http.'),
    skipVerify: bool('True when its certificate is not verified.'),
    capabilities: list(string(), 'pull, resolve, push; all three where the file names none.'),
    certificateFiles: list(string(), 'Files of trusted certificates (ca), as written.'),
    overridePath: bool('True when the path of the URL stands in place of /v2.'),
    proxy: optional(string('Proxy for this place, in place of that of the environment.')),
  },
);

export const registryHosts = parser({
  reads: 'ContainerdHosts',
  yields: RegistryHost,
  parse(text, source) {
    const toml = readToml(text);
    const registry = registryOf(source);
    const hosts = Object.entries(plainOf(toml.value.host)).filter(([, table]) => isPlain(table));
    const facts: Fact[] = hosts.map(([url, table], index) =>
      hostFact(
        { registry, url, position: index + 1, isServer: false },
        plainOf(table),
        toml.tableSpan(`host.${url}`) ?? toml.span,
      ),
    );
    const { host: _, ...own } = toml.value;
    if (Object.keys(own).length > 0) {
      const place = { registry, url: nonEmpty(own.server), position: hosts.length + 1, isServer: true };
      facts.push(hostFact(place, own, toml.keySpan('', 'server') ?? toml.span));
    }
    const isEmpty = facts.length === 0 && toml.problems.length === 0;
    return { facts, problems: toml.problems, ...(isEmpty && { answered: [RegistryHost.name] }) };
  },
});

interface Place {
  readonly registry: string;
  readonly url: string | undefined;
  readonly position: number;
  readonly isServer: boolean;
}

function hostFact({ registry, url, position, isServer }: Place, table: Plain, span: Span): Fact {
  const capabilities = textsOf(table.capabilities);
  const single = textOf(table.ca);
  const value = present({
    registry,
    url,
    position,
    isServer,
    plainHttp: /^http:\/\//i.test(url ?? ''),
    skipVerify: table.skip_verify === true,
    capabilities: capabilities.length > 0 ? capabilities : ['pull', 'resolve', 'push'],
    certificateFiles: single !== undefined ? [single] : listOf(table.ca).flatMap((each) => textOf(each) ?? []),
    overridePath: table.override_path === true,
    proxy: nonEmpty(table.proxy),
  });
  return RegistryHost.fact(span, value);
}

/** The folder is named `registry.local:5000` or, where a name may have no colon, `registry.local_5000_`. */
function registryOf(source: Source): string {
  const folder = source.labels.registry ?? source.path.split(/[/!]/).at(-2) ?? '';
  return folder.replace(/_(\d+)_$/, ':$1');
}
