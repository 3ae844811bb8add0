// What a command line of `analyze` asks for, beside its inputs and rules. Loads nothing that only an analysis needs.

import type { Limits } from '../bundle/limits.ts';
import type { Case } from '../bundle/read-case.ts';
import { standardInput, standardInputName } from '../bundle/stream-input.ts';
import { type Format, formats, reportFiles } from '../report/format-names.ts';
import { mapName } from '../report/redact/redaction-map.ts';
import type { RedactPlan } from './redact-words.ts';
import { UsageError } from './terminal.ts';

export interface Plan {
  readonly output: string;
  readonly formats: readonly Format[];
  readonly jobs: number;
  readonly limits: Limits;
  readonly failOn: number;
  readonly saveFacts: boolean;
  readonly evidence: boolean;
  /** Absent without --redact. */
  readonly redact?: RedactPlan | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export const factsName = 'facts.sqlite';
export const packName = 'evidence.tar.gz';

/** Files of one report, by name. */
export const reportNames = ({ formats, saveFacts, evidence, redact }: Plan): string[] => [
  ...reportFiles(formats).map(({ name }) => name),
  ...(saveFacts ? [factsName] : []),
  ...(evidence ? [packName] : []),
  ...(redact ? [mapName] : []),
];

export const nameOf = (input: string | Case): string => {
  if (typeof input !== 'string') return input.name;
  return input === standardInput ? standardInputName : input;
};

export function formatOf(word: string): Format {
  const format = formats.find((each) => each === word);
  if (!format) throw new UsageError(`--format ${word}: choose of ${formats.join(', ')}`);
  return format;
}
