// `drydock facts`: what was read from a bundle, type by type.

import { parseArgs } from 'node:util';
import { factTypes } from '../facts/parsers.ts';
import type { StoredFact } from '../facts/store.ts';
import { redactFact } from '../report/redact-facts.ts';
import { createFilter } from '../rules/filter.ts';
import { didYouMean } from '../rules/suggest.ts';
import { openFacts } from './open-facts.ts';
import { readLimits } from './read-limits.ts';
import { printRows } from './rows.ts';
import { type ExitCode, type Terminal, UsageError } from './terminal.ts';

const usage = `drydock facts INPUT [TYPE] [--where CEL] [-o table|json|yaml] [--limit NAME=VALUE]

  INPUT is a bundle, or saved facts (a facts.sqlite, or the report folder it lies in).
  Without TYPE: the fact types and how many facts each has. With --where, a condition in CEL on the fact:

  drydock facts must-gather.tar.gz Pod --where 'fact.phase == "Failed"'

  --limit is repeatable; \`drydock doctor\` lists the limits.`;

export async function factsCommand(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      where: { type: 'string' },
      output: { type: 'string', short: 'o', default: 'table' },
      limit: { type: 'string', multiple: true, default: [] },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    terminal.say(usage);
    return 0;
  }
  const [input, typeName] = positionals;
  if (!input) throw new UsageError(`facts needs an input\n\n${usage}`);
  const type = factTypes.find(({ name }) => name === typeName);
  if (typeName !== undefined && !type) {
    const names = factTypes.map(({ name }) => name);
    throw new UsageError(
      `no fact type '${typeName}'; ${didYouMean(typeName, names) ?? `there are: ${names.join(', ')}`}`,
    );
  }
  const isWanted = type && values.where !== undefined ? filterOf(values.where, type.name) : () => true;
  const { store, code } = await openFacts(input, readLimits(values.limit), terminal);
  if (!type) {
    const rows = store.types.map((name) => ({
      type: name,
      facts: store.read(name).length,
      meaning: factTypes.find((each) => each.name === name)?.doc ?? '',
    }));
    terminal.say(printRows(rows, values.output, terminal.columns));
    return code;
  }
  const rows = store
    .read(type.name)
    .filter(isWanted)
    .map(redactFact)
    .map(({ value, path, span }) => ({ ...value, place: `${path}:${span[0]}-${span[1]}` }));
  terminal.say(printRows(rows, values.output, terminal.columns));
  return code;
}

function filterOf(expression: string, type: string): (fact: StoredFact) => boolean {
  try {
    return createFilter(expression, type, factTypes);
  } catch (error) {
    throw new UsageError(`--where: ${error instanceof Error ? error.message : String(error)}`);
  }
}
