// Matches that have no field of their own, from their text: as iptables-save, `iptables -L` or nft print them.
//
//   statistic --mode nth --every 3 --packet 0        tcp --tcp-flags FIN,SYN,RST,ACK SYN        ct status dnat

import { unknown } from './kleene.ts';
import { ruleName } from './match-context.ts';
import type { Condition } from './match-fields.ts';
import { type Options, saveForms } from './save-forms.ts';
import { textForms } from './text-forms.ts';

export interface OtherMatch {
  readonly conditions: readonly Condition[];
  /** Dice, as far as the match is one. */
  readonly share?: number;
}

const unreadable =
  (text: string): Condition =>
  (subject) =>
    unknown(`"${text.slice(0, 80)}" of rule ${ruleName(subject)} matches`);

export function readOtherMatch(text: string): OtherMatch {
  return readOptions(text) ?? readWords(text);
}

/** `NAME --option value ! --option value`; undefined if the text is not of that form. */
function readOptions(text: string): OtherMatch | undefined {
  const head = /^([a-z0-9-]*)((?: (?:! )?--?[a-z][\w-]*(?: (?!!? ?--?[a-z])\S+)*)+)$/.exec(text);
  if (!head) return undefined;
  const options: Record<string, { readonly args: readonly string[]; readonly negated: boolean }> = {};
  for (const hit of head[2]!.matchAll(/ (! )?--?([a-z][\w-]*)((?: (?!!? ?--?[a-z])\S+)*)/g)) {
    options[hit[2]!] = { args: hit[3]!.trim().split(' '), negated: hit[1] !== undefined };
  }
  const form = saveForms[head[1]!];
  const read = form?.(options as Options);
  if (!read) return undefined;
  const rest = Object.keys(options).filter((name) => !read.understood.includes(name));
  const conditions = [...read.conditions, ...(rest.length > 0 ? [unreadable(text)] : [])];
  return read.share === undefined ? { conditions } : { conditions, share: read.share };
}

/** Forms one after the other; the words that none of them reads are one unknown condition. */
function readWords(text: string): OtherMatch {
  const conditions: Condition[] = [];
  let share: number | undefined;
  let unread = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] === ' ') {
      at += 1;
      continue;
    }
    let end = 0;
    for (const [pattern, read] of textForms) {
      pattern.lastIndex = at;
      const hit = pattern.exec(text);
      const found = hit && read(hit);
      if (!hit || !found) continue;
      if (typeof found === 'number') share = (share ?? 1) * found;
      else conditions.push(found);
      end = pattern.lastIndex;
      break;
    }
    if (end > at) at = end;
    else {
      const word = /\{[^{}]*\}|\S+/y;
      word.lastIndex = at;
      const next = word.exec(text)![0];
      unread += `${unread === '' ? '' : ' '}${next}`;
      at += next.length;
    }
  }
  if (unread !== '') conditions.push(unreadable(unread));
  return share === undefined ? { conditions } : { conditions, share };
}
