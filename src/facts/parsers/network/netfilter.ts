// Reads packet filters: iptables-save, `iptables -L` and -S in every form, ip6tables, and nft as text or JSON.
//
//   *nat                                                     Chain KUBE-SERVICES (2 references)
//   :KUBE-SERVICES - [0:0]                                    pkts bytes target  prot opt in  out  source     destination
//   -A KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-SVC-…            1760  106K KUBE-SVC-…  tcp  --  *  *  0.0.0.0/0  10.96.0.1

import type { Source } from '../../../bundle/source.ts';
import { type Parsed, parser, type Wanted } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { isListText, readListText } from './iptables-list-text.ts';
import { type Hints, isSaveText, readSaveText } from './iptables-save-text.ts';
import { readNftJson } from './nft-json.ts';
import { isNftText, readNftText } from './nft-text.ts';
import type { Ruleset } from './ruleset.ts';
import { nftFactTypes, rulesetFacts, rulesetFactTypes } from './ruleset-facts.ts';

/** `ip6tables_-t_nat_-nvL` says two things that the listing does not. */
function hintsOf({ path, labels }: Source): Hints {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const named =
    /tables\S*?-t[_ -]?(nat|filter|mangle|raw|security|broute)\b|tables\S*?-t[_ ](nat|filter|mangle|raw|security)_/.exec(
      name,
    );
  const table = labels.table ?? named?.[1] ?? named?.[2];
  return {
    family: labels.family === 'ip6' || name.includes('ip6tables') ? 'ip6' : 'ip',
    ...(table !== undefined && { table }),
  };
}

/** A file named for one form may hold another, or several after each other. */
function read(text: string, source: Source): Ruleset | undefined {
  const first = text.trimStart();
  if (first.startsWith('{')) return readJson(text);
  if (isNftText(text)) return readNftText(text);
  const found = [
    ...(isListText(text) ? [readListText(text, hintsOf(source))] : []),
    ...(isSaveText(text) ? [readSaveText(text, hintsOf(source))] : []),
  ];
  if (found.length === 0) return undefined;
  return { tables: found.flatMap(({ tables }) => tables), problems: found.flatMap(({ problems }) => problems) };
}

/** JSON nested a thousand deep ends the stack, not the program. */
function readJson(text: string): Ruleset {
  try {
    return readNftJson(text);
  } catch (error) {
    const detail = error instanceof RangeError ? 'nested too deep' : String(error);
    return { tables: [], problems: [{ code: 'YAML_DEPTH', span: [1, 1], detail }] };
  }
}

function parse(text: string, source: Source, wanted: Wanted): Parsed {
  const lines = text.trimEnd().split('\n');
  // An empty rule set prints nothing, and `-L` of a table that does not exist only a complaint.
  if (text.trim() === '') return { facts: [], problems: [] };
  const ruleset = read(text, source);
  if (!ruleset) {
    if (lines.every((line) => line.trim() === '' || line.startsWith('#'))) return { facts: [], problems: [] };
    return { facts: [], problems: failedOutput(text, 'rules of iptables or nft') };
  }
  return { facts: rulesetFacts(ruleset, source, wanted), problems: ruleset.problems };
}

export const iptables = parser({ reads: ['IptablesSave', 'IptablesList'], yields: rulesetFactTypes, parse });
export const nft = parser({ reads: 'NftRuleset', yields: nftFactTypes, parse });
