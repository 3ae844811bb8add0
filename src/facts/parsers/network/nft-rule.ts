// Reads one rule in nft syntax, as `nft list ruleset` prints it, into the model that iptables rules have.
//
//   meta l4proto tcp ip daddr 10.96.0.1 tcp dport 443 counter packets 0 bytes 0 jump KUBE-SVC-NPX46M4PTMTKRN6Y

import { wordTable } from '../../text/word-table.ts';
import { nftForms } from './nft-forms.ts';
import { emptyRule, finishRule, type RuleBody } from './ruleset.ts';

/** A thousand endpoints in one verdict map need less; beyond it the text is no rule. */
const longestRule = 200_000;

/** What a bare `reject` sends. */
const defaultReject = wordTable<string>({ ip: 'icmp-port-unreachable', ip6: 'icmp6-port-unreachable' });

/** Backend `nft`: the table belongs to iptables-nft, whose comments and conntrack states nft prints wrongly or not at all. */
export function readNftRule(text: string, { family, backend }: { family: string; backend?: string }): RuleBody {
  const managed = backend === 'nft';
  const rule = emptyRule(text);
  if (text.length > longestRule) {
    rule.otherMatches.push('rule too long to read');
    return finishRule(rule);
  }
  let unknown: string[] = [];
  const flush = () => {
    if (unknown.length > 0) rule.otherMatches.push(unknown.join(' '));
    unknown = [];
  };
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    const end = readForm(rule, text, at);
    if (end !== undefined) {
      flush();
      at = end;
      continue;
    }
    const word = /\{[^{}]*\}|"[^"]*"|\S+/y;
    word.lastIndex = at;
    unknown.push(word.exec(text)![0]);
    at = word.lastIndex;
  }
  flush();
  if (managed && rule.comment === undefined && !rule.hidden.includes('comment')) rule.hidden.push('comment');
  if (rule.target === 'REJECT' && rule.rejectWith === undefined && !rule.hidden.includes('targetOptions')) {
    rule.rejectWith = defaultReject[family] ?? 'icmpx-port-unreachable';
  }
  // Of `! --ctstate RELATED,ESTABLISHED,DNAT` nft shows only the last, and not the negation.
  if (managed && rule.otherMatches.some((match) => match.startsWith('ct status'))) rule.hidden.push('ctstate');
  if (rule.packets === undefined) rule.hidden.push('packets');
  return finishRule(rule);
}

function readForm(rule: RuleBody, text: string, at: number): number | undefined {
  for (const [pattern, apply] of nftForms) {
    pattern.lastIndex = at;
    const hit = pattern.exec(text);
    if (hit && apply(rule, hit)) return pattern.lastIndex;
  }
  return undefined;
}
