// Invented secrets wherever a bundle can hold one, in every spelling: none may leave, by no way out (G01 of security.md).

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { journalName, readJournal } from '../../src/batch/journal.ts';
import { formats } from '../../src/report/formats.ts';
import { type Files, hostileFiles, list, pathOf, scalar, tarOf, writeHostilePack } from './hostile-bundle.ts';
import { drydock, newScratch, type Result, tellScore, unpacked } from './kit.ts';

interface Canary {
  /** As the list gives it, with the words around it that tell it is a secret. */
  readonly text: string;
  /** What must not be seen. */
  readonly core: string;
}

// The secret itself in each line of the list; the words around it may stay.
const cores: readonly RegExp[] = [
  /A{43}/,
  /s{80,}/,
  /M{60}/,
  /b{50,}/,
  /dXNlcjpwYXNzdzByZC1ub3QtcmVhbA==/,
  /AKIA\w{16}/,
  /w{40}/,
  /hunter2/,
  /Q{80,}/,
  /a{36}/,
  /1234567890-a{24}/,
  /S3cr3t!/,
  /LS0tLS1\S+/,
  /abcdef\.0123456789abcdef/,
  /C{80,}/,
  /ZXlK\S+/,
];

function canariesIn(generated: string): Canary[] {
  const listed = readFileSync(join(generated, 'secrets', 'canaries.txt'), 'utf8').trim();
  const texts = listed.split(/\n(?!M{60}|-----END)/);
  return texts.map((text) => {
    const core = cores.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined);
    if (core === undefined) throw new Error(`which part of this is secret? ${text}`);
    return { text, core };
  });
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const spellings = (text: string): string[] => [
  text,
  base64(text),
  encodeURIComponent(text),
  JSON.stringify(text).slice(1, -1),
  JSON.stringify({ config: JSON.stringify({ line: text }) }),
];

/** What may be found nowhere: the secret in any spelling; of longer base64 the middle, which no neighbour changes. */
function forbidden({ text, core }: Canary): string[] {
  const whole = base64(text).replace(/=+$/, '');
  return [core, encodeURIComponent(core), whole.slice(0, 44), base64(core).replace(/=+$/, '').slice(0, 44)];
}

const block = (text: string, indent: string) =>
  text
    .split('\n')
    .map((line) => `${indent}${line}\n`)
    .join('');

/** Where a secret lies by the name it has, and the places that are files of their own. */
function keptFiles(canaries: readonly Canary[]): Files {
  const each = (make: (canary: Canary, at: number) => string) => canaries.map(make);
  const head = (kind: string, name: string, apiVersion = 'v1') =>
    `- apiVersion: ${apiVersion}\n  kind: ${kind}\n  metadata:\n    name: ${name}\n    namespace: kept\n`;
  const ignition = (source: string) =>
    `      - contents:\n          source: ${scalar(source)}\n        path: /etc/file\n`;
  const sos = 'sosreport-worker-1-2024-09-03-kxqzvbn';
  const applied = ({ core }: Canary) =>
    JSON.stringify({ apiVersion: 'v1', kind: 'Secret', stringData: { note: core }, metadata: { name: 'a' } });
  return [
    [
      'mg/namespaces/kept/core/secrets.yaml',
      list(
        each(
          ({ core, text }, at) =>
            `${head('Secret', `s-${at}`)}  data:\n    note: ${base64(core)}\n    more: ${base64(text)}\n  stringData:\n    plain: ${scalar(core)}\n  type: Opaque\n`,
        ),
      ),
    ],
    [
      'mg/namespaces/kept/core/configmaps.yaml',
      list(
        each(
          ({ core, text }, at) =>
            `${head('ConfigMap', `c-${at}`)}    annotations:\n      kubectl.kubernetes.io/last-applied-configuration: ${scalar(applied({ core, text }))}\n` +
            `  data:\n    app.properties: |\n${block(text, '      ')}    db-password: ${scalar(core)}\n` +
            `    kubeconfig: |\n      users:\n      - name: admin\n        user:\n          client-key-data: ${base64(core)}\n          password: ${scalar(core)}\n          token: ${scalar(core)}\n` +
            `    pull.json: ${scalar(JSON.stringify({ auths: { 'registry.example': { auth: base64(`user:${core}`), password: core } } }))}\n`,
        ),
      ),
    ],
    [
      'mg/namespaces/kept/core/pods.yaml',
      list(
        each(
          ({ core }, at) =>
            `${head('Pod', `p-${at}`)}  spec:\n    containers:\n    - name: main\n      image: registry.example/a:1\n      command: [run, ${scalar(`--password=${core}`)}]\n      args: [--token, ${scalar(core)}]\n` +
            `      env:\n      - name: DB_PASSWORD\n        value: ${scalar(core)}\n  status:\n    message: ${scalar(`login failed: password=${core}`)}\n`,
        ),
      ),
    ],
    [
      'mg/cluster-scoped-resources/machineconfiguration.openshift.io/machineconfigs.yaml',
      list(
        each(
          ({ text }, at) =>
            `${head('MachineConfig', `m-${at}`, 'machineconfiguration.openshift.io/v1')}  spec:\n    config:\n      storage:\n        files:\n${block(
              `${ignition(`data:,${encodeURIComponent(text)}`)}${ignition(`data:text/plain;charset=utf-8;base64,${base64(text)}`)}`.trimEnd(),
              '  ',
            )}`,
        ),
      ),
    ],
    // Broken on the very line of the secret: an error message quotes it.
    ...canaries.map(({ text, core }, at): [string, string] => [
      `mg/namespaces/broken-${at}/core/pods.yaml`,
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  password: "${core}\n  - note: ${text.split('\n')[0]}\n :\t{[\n`,
    ]),
    ...canaries.map(({ text }, at): [string, string] => [
      `mg/namespaces/all/${pathOf(text)}/broken-${at}.yaml`,
      'kind: [a\n',
    ]),
    [`${sos}/version.txt`, 'sosreport: 4.5.6\n'],
    [`${sos}/sos_commands/host/hostname`, 'worker-1\n'],
    [`${sos}/proc/cmdline`, `BOOT_IMAGE=/vmlinuz ${each(({ core }, at) => `part${at}.token=${core}`).join(' ')}\n`],
    [
      `${sos}/sos_commands/process/ps_auxwww`,
      `USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\n${each(({ core }, at) => `root ${100 + at} 0.0 0.1 1 1 ? Ss 10:00 0:00 /usr/bin/kubelet --node-password ${core} --v=2\n`).join('')}`,
    ],
    [
      `${sos}/sos_commands/kubernetes/journalctl_--no-pager_--unit_kubelet`,
      canaries
        .flatMap(({ text }) => text.split('\n'))
        .map((line) => `Sep 03 10:00:00 worker-1 kubelet[1]: said: ${line}\n`)
        .join(''),
    ],
    ...canaries.map(({ core, text }, at): [string, string] => [
      `${sos}/sos_commands/crio/crictl_inspect_${String(at).padStart(13, '0')}`,
      JSON.stringify(
        {
          status: { id: String(at).padStart(64, '0'), metadata: { name: 'main' }, state: 'CONTAINER_RUNNING' },
          info: { runtimeSpec: { process: { env: [`DB_PASSWORD=${core}`, `NOTE=${text}`] } } },
        },
        null,
        2,
      ),
    ]),
    [
      `${sos}/etc/kubernetes/kubelet.conf`,
      `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nstaticPodURLHeader:\n  Authorization:\n${each(({ core }) => `  - ${scalar(`Bearer ${core}`)}\n`).join('')}`,
    ],
  ];
}

// Rules that say aloud what a rule can get hold of.
const talkative: readonly [id: string, given: string, said: string, evidence: string][] = [
  ['map-values', 'one: ConfigMap', 'one.data.map(key, one.data[key]).join(" ")', 'one.data'],
  ['variable', 'one: Container', 'one.env.map(each, has(each.value) ? each.value : "").join(" ")', 'one.env'],
  ['command', 'one: Container', '(one.command + one.args).join(" ")', 'one'],
  ['status', 'one: Pod', 'one.message', 'one'],
  ['process', 'one: Process', 'one.command', 'one'],
  ['kernel', 'one: KernelCommandLine', 'one.raw', 'one'],
  [
    'journal',
    'one: { log: KubeletLog, pattern: "said: (?P<said>.*)", hint: "said: ", groupBy: [said] }',
    'one.said',
    'one',
  ],
  ['secret', 'one: Secret', 'one.keys.join(" ")', 'one'],
  ['machine', 'one: { object: machineconfiguration.openshift.io/MachineConfig }', 'one.metadata.name', 'one'],
  ['runtime', 'one: RuntimeContainer', 'one.name', 'one'],
  ['kubelet', 'one: KubeletConfiguration', 'one.node', 'one'],
];

function writeTalkativePack(folder: string): void {
  mkdirSync(join(folder, 'talkative'), { recursive: true });
  for (const [id, given, said, evidence] of talkative) {
    const texts = ['meaning', 'impact', 'diagnosis', 'remediation'].map((key) => `${key}: Nothing.\n`).join('');
    writeFileSync(
      join(folder, 'talkative', `${id}.yaml`),
      `id: ${id}\ntitle: Something is said\nstatus: stable\nseverity: error\ntags: [torture]\ngiven:\n  ${given}\n` +
        `failsWhen: ${scalar(`${said} != "nothing"`)}\nevidence: [${evidence}]\nsubject: ${scalar(`{{ ${said} }}`)}\nmessage: ${scalar(`It says {{ ${said} }}.`)}\n${texts}`,
    );
  }
}

/** Dozens of runs, on a machine that may have other things to do. */
const timeoutMillis = 600_000;

export async function secrets(folder: string): Promise<Result[]> {
  const canaries = canariesIn(unpacked(folder, 'generated'));
  const scratch = newScratch();
  const rules = join(scratch, 'rules');
  writeHostilePack(rules, []);
  writeTalkativePack(rules);
  const inputs = join(scratch, 'inputs');
  mkdirSync(inputs);
  const bundle = join(inputs, 'all.tar');
  const spelled = canaries.flatMap(({ text }) => spellings(text));
  // A backslash in a name is a step of the path: what it parts is JSON no longer.
  const names = spelled.filter((text) => !text.includes('\\'));
  writeFileSync(bundle, tarOf([...hostileFiles(spelled, names), ...keptFiles(canaries)]));
  // Names of inputs are said in reports, in the index and in messages.
  for (const [at, { text }] of canaries.entries())
    if (!text.includes('/'))
      writeFileSync(join(inputs, `${at} ${text.split('\n')[0]?.slice(0, 200)}.tar`), 'no archive');
  const out = join(scratch, 'out');
  const ways: Record<string, string> = {};
  const told = async (name: string, words: readonly string[]) => {
    const { out: said, err, code } = await drydock(words, { timeoutMillis });
    ways[name] = said + err;
    if (code === null || /\n {4}at /.test(err)) throw new Error(`${name} ended with ${code}: ${err.slice(0, 500)}`);
    return said;
  };
  const own = ['--save-facts', '--format', formats.join(), '--rules', rules];
  await told('analyze, stdout and stderr', ['analyze', bundle, '-o', join(out, 'one'), ...own]);
  // What a person types comes back to them as it is; in the documents it does not stand.
  await drydock(['analyze', join(inputs, '*'), '-o', out, ...own], { timeoutMillis });
  for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:html|md|json|sarif|xml|csv|sqlite)$/.test(file)) continue;
    ways[file] = file === journalName ? saidInJournal(out) : readFileSync(join(out, file), 'latin1');
  }
  await told('query', ['query', join(out, 'all'), 'SELECT * FROM fact', '-o', 'json']);
  const types = await told('facts', ['facts', join(out, 'all'), '-o', 'json']);
  for (const { type } of JSON.parse(types) as { type: string }[]) {
    if (/^(?:Pod|Container|ConfigMap|Secret|Event|Process|KernelCommandLine|KubernetesObject|Kubelet\w+)$/.test(type))
      for (const form of type === 'Container' ? ['table', 'yaml', 'json'] : ['json'])
        await told(`facts ${type} ${form}`, ['facts', bundle, type, '-o', form]);
  }
  await told('render', ['render', join(out, 'all', 'report.json'), '--format', 'md']);

  const results = Object.entries(ways).flatMap(([way, text]) =>
    canaries.map((canary, at): Result => {
      const found = forbidden(canary).filter((each) => text.includes(each));
      const place = found[0] === undefined ? 0 : text.indexOf(found[0]);
      const around = JSON.stringify(text.slice(Math.max(0, place - 120), place + 60));
      return { id: `G01 ${at} ${way}`, ok: found.length === 0, told: around };
    }),
  );
  // A test of nothing would pass too: what is said of each secret must be there, without it.
  const report = ways[join('all', 'report.json')] ?? '';
  const reached = (report.match(/\[redacted\]/g) ?? []).length;
  const rulesTold = talkative.filter(([id]) => !report.includes(`"rule": "${id}",\n   "catalog"`)).map(([id]) => id);
  results.push({
    id: 'G01 reached',
    ok: reached > 500 && rulesTold.length === 0,
    told: `${reached} redactions; no finding of ${rulesTold.join(', ')}`,
  });
  return results;
}

/** The journal finds inputs again by paths and folders, as a person named them; of the bundles it holds what the index says. */
const saidInJournal = (out: string): string =>
  readJournal(out)
    .map(({ path: _, sameAs: __, folder: ___, ...said }) => JSON.stringify(said))
    .join('\n');

if (import.meta.main) {
  process.exitCode = tellScore('Secrets', await secrets(process.argv[2] ?? '')) ? 0 : 1;
}
