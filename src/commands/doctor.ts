// `drydock doctor`: versions, limits, and what this installation can read.

import { parseArgs } from 'node:util';
import { amountText, limitList } from '../bundle/limits.ts';
import { factTypes } from '../facts/parsers.ts';
import { loadKnowledge } from '../rules/knowledge.ts';
import { problemText } from '../rules/rule.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Exit code 2 when a rule of this installation is broken. */
export function doctorCommand(words: readonly string[], terminal: Terminal): ExitCode {
  const { values } = parseArgs({ args: [...words], options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    terminal.say(
      'drydock doctor\n\n  Versions, limits, and what this installation can read. Exit code 2: a rule of its own is broken.',
    );
    return 0;
  }
  const knowledge = loadKnowledge({ builtin: true, ruleDirs: [], packs: [] });
  const packs = new Set(knowledge.rules.map(({ pack }) => pack));
  const lines = [
    `drydock ${version}`,
    '',
    `Rules      ${knowledge.rules.length} in ${packs.size} packs, ${knowledge.digest.slice(0, 'sha256:'.length + 12)}`,
    `Facts      ${factTypes.length} types`,
    `Sources    ${knowledge.catalogue.kinds.length} kinds, ${knowledge.catalogue.logs.size} logs`,
    'Archives   tar, tar.gz, tar.xz, tar.bz2, tar.zst, zip; single gz, xz, bz2, zst; archives inside archives',
    '',
    'Limits     change one with --limit NAME=VALUE; what is left out because of one is a gap of the report',
    ...limitList.map(({ name, unit, byDefault, bounds }) => {
      return `  ${name.padEnd(14)} ${amountText(byDefault, unit).padEnd(9)} ${bounds}`;
    }),
  ];
  terminal.say(lines.join('\n'));
  for (const problem of knowledge.problems) terminal.warn(problemText(problem));
  return knowledge.problems.length > 0 ? 2 : 0;
}
