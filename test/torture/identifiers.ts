// Names and addresses wherever a bundle can hold text, in every spelling: with --redact none may leave, by no way out (G02 of security.md).

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formats } from '../../src/report/formats.ts';
import { type Files, hostileFiles, list, tarOf, writeHostilePack } from './hostile-bundle.ts';
import { drydock, newScratch, type Result, tellScore } from './kit.ts';

/** What a bundle says, and what of it must not be seen; in lower case. */
const planted: readonly (readonly [said: string, ...hidden: string[]])[] = [
  ['node harbour-gw-07 is gone', 'harbour-gw'],
  ['kube-proxy-harbour-gw-07 and HARBOUR-GW-07.docks.acme.com', 'harbour-gw', 'docks.acme', 'acme.com'],
  ['https://api.docks.acme.com:6443/readyz', 'docks.acme', 'acme.com'],
  ['dial tcp 10.99.187.218:10250: refused', '10.99.187.218', '99.187'],
  ['ip-10-99-187-218.ec2.internal not found', '10-99-187-218', '99-187'],
  ['at 10_99_187_218 or 10%2E99%2E187%2E218', '10_99_187_218', '%2e99%2e187'],
  ['route fd01:db8:77::5 and FD01:0DB8:0077:0:0:0:0:0005', 'fd01:db8:77', 'fd01:0db8'],
  ['device 52:54:00:AB:CD:EF or 52-54-00-ab-cd-ef or 5254.00ab.cdef', '54:00:ab:cd', '54-00-ab-cd', '5254.00ab'],
  ['mail from anna.smith@acme.com', 'anna', 'smith', 'acme.com'],
  ['session opened for user carlajones by (uid=0)', 'carlajones'],
  ['/home/carlajones/.kube/config', 'carlajones'],
  ['aws:///us-east-1a/i-0123456789abcdef0', '0123456789abcdef0'],
  ['arn:aws:iam::123456789012:role/x', '123456789012'],
  ['cluster ae0b8a2e-6b7e-4c1e-9d0e-3a4f5b6c7d8e', 'ae0b8a2e-6b7e'],
  ['machine docks-x7k2p-master-0', 'docks-x7k2p'],
  ['the Skunkworks project', 'skunkworks'],
];

const base64 = (text: string) => Buffer.from(text).toString('base64');
const spellings = (text: string): string[] => [
  text,
  base64(text),
  encodeURIComponent(text),
  JSON.stringify({ config: JSON.stringify({ line: `a\n${text}\n` }) }),
];

function namingFiles(): Files {
  const version = 'spec:\n    clusterID: ae0b8a2e-6b7e-4c1e-9d0e-3a4f5b6c7d8e\n';
  const config = (kind: string, name: string, rest: string) =>
    list([`- apiVersion: config.openshift.io/v1\n  kind: ${kind}\n  metadata:\n    name: ${name}\n  ${rest}`]);
  const folder = 'mg/cluster-scoped-resources/config.openshift.io';
  return [
    [
      'mg/cluster-scoped-resources/core/nodes/harbour-gw-07.yaml',
      'apiVersion: v1\nkind: Node\nmetadata:\n  name: harbour-gw-07\nspec:\n  providerID: aws:///us-east-1a/i-0123456789abcdef0\nstatus:\n  addresses:\n  - address: 10.99.187.218\n    type: InternalIP\n',
    ],
    [
      `${folder}/infrastructures.yaml`,
      config(
        'Infrastructure',
        'cluster',
        'status:\n    apiServerURL: https://api.docks.acme.com:6443\n    infrastructureName: docks-x7k2p\n',
      ),
    ],
    [`${folder}/clusterversions.yaml`, config('ClusterVersion', 'version', version)],
  ];
}

/** Everything that was written, by file; what the pack holds too. The map is for the owner. */
function outputsIn(folder: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const read = (root: string, label: string) => {
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      const path = join(root, name);
      if (!statSync(path).isFile() || /redaction-map\.json$|\.tar\.gz$/.test(name)) continue;
      outputs[`${label}${name}`] = `${name}\n${readFileSync(path, 'latin1')}`;
    }
  };
  read(folder, '');
  const unpacked = newScratch();
  execFileSync('tar', ['xzf', join(folder, 'evidence.tar.gz'), '-C', unpacked]);
  read(unpacked, 'evidence.tar.gz!');
  return outputs;
}

export async function identifiers(): Promise<Result[]> {
  const scratch = newScratch();
  const rules = join(scratch, 'rules');
  writeHostilePack(rules, []);
  const inputs = join(scratch, 'inputs');
  mkdirSync(inputs);
  const said = planted.map(([text]) => text);
  const names = said.filter((text) => !text.includes('\\'));
  const bundle = join(inputs, 'sosreport-harbour-gw-07.tar');
  writeFileSync(bundle, tarOf([...hostileFiles(said.flatMap(spellings), names), ...namingFiles()]));
  writeFileSync(join(scratch, 'words'), 'Skunkworks\n');
  const out = join(scratch, 'out');
  const words = ['--redact', '--evidence', '--format', formats.join(), '--rules', rules];
  const ran = await drydock(['analyze', bundle, '-o', out, ...words, '--redact-keywords', join(scratch, 'words')], {
    timeoutMillis: 600_000,
  });
  const folder = join(out, 'sosreport-harbour-gw-07');
  if (ran.code !== 0 && ran.code !== 3) return [{ id: 'G02', ok: false, told: `${ran.code}: ${ran.err.slice(-700)}` }];
  // Where the report lies is told as it was typed.
  const told = (ran.out + ran.err).replaceAll(folder, '').replaceAll('sosreport-harbour-gw-07.tar', '');
  const ways: Record<string, string> = { ...outputsIn(folder), 'stdout and stderr': told };
  const results = Object.entries(ways).flatMap(([way, text]) => {
    const lower = text.toLowerCase();
    return planted.flatMap(([said, ...hidden]): Result[] =>
      hidden.map((word) => {
        const encoded = [...[0, 1, 2].map((shift) => middleOfBase64(word, shift)), encodeURIComponent(word)];
        const found = [word, ...encoded.filter((each) => each.length > 5)].find((each) =>
          each === word ? lower.includes(each) : text.includes(each),
        );
        const at = found === undefined ? 0 : lower.indexOf(found.toLowerCase());
        return {
          id: `G02 ${said}: ${word} in ${way}`,
          ok: found === undefined,
          told: JSON.stringify(text.slice(Math.max(0, at - 100), at + 60)),
        };
      }),
    );
  });
  const report = ways['report.json'] ?? '';
  const shown = ['host-', 'domain-', 'user-', 'cluster-', 'keyword-'].filter((begin) => !report.includes(begin));
  results.push({ id: 'G02 reached', ok: shown.length === 0, told: `no pseudonym begins with ${shown.join(', ')}` });
  const packed = Object.keys(ways).filter((name) => name.startsWith('evidence.tar.gz!')).length;
  results.push({ id: 'G02 packed', ok: packed > formats.length + 3, told: `${packed} files in the pack` });
  return results;
}

/** What every base64 has in it that holds the word, whatever stands around it. */
function middleOfBase64(word: string, shift: number): string {
  const encoded = Buffer.from('\0'.repeat(shift) + word)
    .toString('base64')
    .replace(/=+$/, '');
  return encoded.slice(shift === 0 ? 0 : shift + 1, encoded.length - 1);
}

if (import.meta.main) {
  process.exitCode = tellScore('Identifiers', await identifiers()) ? 0 : 1;
}
