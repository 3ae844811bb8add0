// Text of a bundle inside Markdown: shown as it is, never as markup, a link, a mention or a command.

import { isSafeLink } from './runbook-html.ts';
import { visible, visibleLine } from './visible.ts';

/** A code span that holds any text. */
export function code(text: string): string {
  const line = visibleLine(text);
  if (line === '') return '';
  const ticks = '`'.repeat(longestRun(line) + 1);
  return ticks.length === 1 ? `\`${line}\`` : `${ticks} ${line} ${ticks}`;
}

/** What stands in a cell of a table, where `|` would end it. */
export const cell = (markdown: string): string => markdown.replace(/\|/g, '\\|');

// Words of these characters alone mean nothing in Markdown, wherever they stand in a line.
const plainWord = /^[\p{L}\p{N}.,:;()'"%/°µ×–—…?-]+$/u;
// A web address, a mention or a reference would become a link by itself.
const linksItself = /:\/\/|^www\./i;

/**
 * A sentence: code spans stay, plain words stay, every other word becomes a code span.
 * A backslash would not do: trackers make `\@name` a mention all the same.
 */
export function sentence(text: string): string {
  const tokens = visibleLine(text).match(/`[^`]+`|[^\s`]+|`+|\s+/g) ?? [];
  return tokens
    .map((token) => {
      if (/^\s+$/.test(token)) return ' ';
      if (/^`[^`]+`$/.test(token)) return token;
      if (plainWord.test(token) && !linksItself.test(token)) return token;
      // Punctuation at the end belongs to the sentence: `ftype=0`.
      const [, word = token, end = ''] = /^(.*[^.,:;)])([.,:;)]+)$/.exec(token) ?? [];
      return code(word) + end;
    })
    .join('');
}

/** A fenced block whose fence is longer than any run of backticks inside. */
export function fenced(lines: readonly string[], indent = ''): string {
  const body = lines.map((line) => visible(line));
  const fence = '`'.repeat(Math.max(3, longestRun(body.join('\n')) + 1));
  return [`${fence}text`, ...body, fence].map((line) => indent + line).join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
}

/** Markdown of a rule: its own markup stays, but no HTML, no image, no mention, and links only to the web. */
export function ruleMarkdown(text: string): string {
  let fence = '';
  return visible(text)
    .trim()
    .split('\n')
    .map((line) => {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
      if (fence) {
        if (mark?.startsWith(fence) && line.trim() === mark) fence = '';
        return line;
      }
      if (mark && !line.slice(line.indexOf(mark) + mark.length).includes('`')) {
        fence = mark;
        return line;
      }
      // `::` at the start of a line is a command to some build servers.
      return ruleLine(line.replace(/^(\s*)#{1,6}\s+(.*)$/, '$1**$2**')).replace(/^(\s*)::/, '$1\\::');
    })
    .concat(fence ? [fence] : [])
    .join('\n');
}

function ruleLine(line: string): string {
  return line.replace(/`[^`]+`|(!?)\[([^\][]*)\]\(([^)\s]*)\)|[<![\]@`]|\w+:\/\/\S*/g, (token, image, label, url) => {
    if (token.startsWith('`') && token.length > 1) return token;
    if (label !== undefined) {
      const followed = image === '' && isSafeLink(url);
      return followed ? `[${ruleLine(label)}](${url})` : `${ruleLine(label)} (${code(url)})`;
    }
    if (token.includes('://')) return code(token);
    return token === '@' ? '`@`' : `\\${token}`;
  });
}
