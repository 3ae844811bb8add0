// What lies in the generated archives, by case: written down from the generator that made them, not from what we read.

const pod = 'kind: Pod\n';
const ok = { 'mg/ok.yaml': pod };
const two = { ...ok, 'mg/ok2.yaml': pod };

/** The archive that all of area B are made of: 201 files. */
export const base: Readonly<Record<string, string>> = {
  ...ok,
  ...Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`mg/n${index}.yaml`, `i: ${index}\n`.repeat(50)])),
};
const below = (prefix: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [prefix + name, text]));

/** What a tar member looks like in the archive, as text of one character a byte: header, and content to whole blocks. */
function member(name: string, content: string): string {
  const block = Buffer.alloc(512);
  const fields: [string, number][] = [
    [name, 0],
    ['0000644\0', 100],
    ['0000000\0', 108],
    ['0000000\0', 116],
    [`${content.length.toString(8).padStart(11, '0')}\0`, 124],
    ['14000000000\0', 136],
    ['        ', 148],
    ['0', 156],
    ['ustar\x0000', 257],
  ];
  for (const [text, offset] of fields) block.write(text, offset, 'latin1');
  const sum = block.reduce((before, byte) => before + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block.toString('latin1') + content.padEnd(Math.ceil(content.length / 512) * 512, '\0');
}

/**
 * The content delivered by path; a file left out of it must not be delivered. Absent for the cases that are cut or
 * damaged in their compressed data: see `oracles` and `partly`.
 */
export const delivered: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...Object.fromEntries(['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11'].map((id) => [`A${id}`, ok])),
  A12: { ...ok, 'mg/CON': pod },
  A13: { ...ok, 'mg/a.yaml:ads': pod },
  A14: { ...ok, 'mg/x.yaml. ': pod },
  A15: { ...ok, 'mg/x.yaml': pod },
  A16: { ...ok, 'mg/double/slash.yaml': pod },
  A17: { ...ok, '~/PWNED.yaml': pod },
  A18: { ...ok, '$(touch PWNED).yaml': pod },
  A19: { ...ok, '-rf.yaml': pod },
  A20: ok,
  A21: { ...ok, 'mg/\u202egpj.yaml': pod },
  A22: { 'mg/\u00e9.yaml': 'a: 1\n', 'mg/e\u0301.yaml': 'a: 2\n' },
  A23: { 'mg/Pod.yaml': 'a: 1\n', 'mg/pod.yaml': 'a: 2\n' },
  A24: { 'mg/\\xff.yaml': 'a: 1\n', 'mg/\\xfe.yaml': 'a: 2\n' },
  A25: { ...ok, 'mg/\x1b]0;pwn\x07\x1b[31m.yaml': pod },
  A26: { ...ok, 'mg/"><img src=x onerror=alert(1)>.yaml': pod },
  A27: { ...ok, 'mg/a\nFAKE finding: ok.yaml': pod },
  A28: { [`mg/${Array.from({ length: 40 }, () => 'd'.repeat(100)).join('/')}/x.yaml`]: pod },
  A29: { [`${'d/'.repeat(10)}x.yaml`]: pod },
  A30: ok,
  A31: ok,
  A32: { ...ok, 'mg/d/PWNED.yaml': pod },
  A33: ok,
  A34: ok,
  A35: ok,
  A36: ok,
  A37: two,
  A38: { 'mg/setuid.yaml': pod, 'mg/ro/x.yaml': pod },
  A39: { 'mg/x.yaml': 'v: 2\n' },
  A40: { ...ok, 'mg/outer.txt': `${member('mg/smuggled.yaml', 'x'.repeat(10))}${'\0'.repeat(512)}` },
  // what its PAX header claims for it: its own block, the member after it, and a block of the end
  A41: { 'mg/n.yml': `${'hello'.padEnd(512, '\0')}${member('mg/ok.yaml', pod)}${'\0'.repeat(512)}` },
  A42: ok,
  A43: ok,
  A44: ok,
  A45: ok,
  A46: ok,
  A47: ok,
  A48: two,
  A49: two,
  A50: two,
  A51: two,
  A52: ok,
  A53: ok,
  A54: { ...ok, 'mg/big.log': 'L'.repeat(1500) },
  A55: ok,
  A56: { 'mg/v7.yaml': pod },
  A57: {},
  A58: {},
  A59: { 'mg/p.yaml': pod },
  A60: ok,
  A61: two,
  A62: { ...ok, 'mg/sparse.log': 'x'.repeat(512) },
  B03: {},
  B12: {},
  // zeros only: an empty tar without end, of which nothing is a file
  B16: {},
  B17: {},
  B18: {},
  B19: {
    ...below('a/mg.tar.xz!', base),
    'a/mg.zip!mg/z.yaml': 'a: 1\n',
    'a/log.gz': 'line\n'.repeat(1000),
  },
  B20: {},
  ...Object.fromEntries(
    ['01', '04', '05', '06', '07', '08', '10', '11', '13', '15'].map((id) => [`B${id}`, base] as const),
  ),
  C01: { 'mg/a.yaml': 'a: 1\n', 'mg/b.yaml': 'b: 1\n' },
  C02: { 'mg/ok.yaml': 'a: 1\n' },
  C03: { 'mg/win/a.yaml': 'a: 1\n' },
  C04: { 'mg/ok.yaml': 'a: 1\n' },
  C06: { 'mg/a.yaml': 'a: 1\n'.repeat(100) },
  C07: { 'mg/a.yaml': 'a: 1\n'.repeat(100) },
  C08: {},
  C10: { k: '\0'.repeat(10) },
  C11: { 'mg/a.yaml': 'v: 2\n' },
  C12: {},
  C13: below('case/must-gather.tar.gz!', base),
};

/** Where the tools of the system are the oracle: what unpacks the file to a tar. */
export const oracles: Readonly<Record<string, string>> = { B02: 'gzip', B09: 'gzip', B14: 'xz' };

/** Damaged in their own data, or bombs: these names and no others, as much of their content as can be had. */
export const partly: Readonly<Record<string, readonly string[]>> = { C05: ['mg/a.yaml'], C09: ['k0000'] };
