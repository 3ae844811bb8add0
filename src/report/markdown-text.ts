// Text of a bundle inside Markdown: shown as it is, never as markup, a link, a mention or a command.

import { isLinkTo } from './runbook-html.ts';
import { visible, visibleLine } from './visible.ts';

// What an editor for wiki markup, as Jira has it, obeys wherever it stands, in backticks too: macros, images from
// elsewhere, mentions, and links with other words than their address.
const macro =
  /\{(?=(?:anchor|attachments|code|color|csv|excerpt|expand|gadget|gallery|html|iframe|include|info|jira|multimedia|noformat|note|panel|quote|rss|section|sql|tip|toc|viewfile|warning|widget|xhtml)[\w-]*[:|}])/gi;
const remoteImage = /!(?=\s*(?:\w+:)?\/\/)/g;
const mention = /\[(?=~|[^\]\n|]*\|\s*(?:\w+:|\/\/|www\.|[~^#]))/g;

/** Shows the first character of these as `\x7b`, `\x21` or `\x5b`: a backslash alone would not hold after another one. */
export const withoutMacros = (text: string): string =>
  text.replace(macro, '\\x7b').replace(remoteImage, '\\x21').replace(mention, '\\x5b');

/** A code span that holds any text. */
export function code(text: string): string {
  const line = withoutMacros(visibleLine(text));
  if (line === '') return '';
  const ticks = '`'.repeat(longestRun(line) + 1);
  return ticks.length === 1 ? `\`${line}\`` : `${ticks} ${line} ${ticks}`;
}

/** What stands in a cell of a table, where `|` would end it. */
export const cell = (markdown: string): string => markdown.replace(/\|/g, '\\|');

// Words of these characters alone mean nothing in Markdown, wherever they stand in a line.
const plainWord = /^=$|^[\p{L}\p{N}.,:;()'"%/°µ×–—…?-]+$/u;
// What trackers make a link or a picture of by themselves: addresses and host names, `GH-1`, `%1`, `:name:`, the hash of
// a commit.
const linksItself =
  /:\/\/|:(?=[\w+-]*[a-z])[\w+-]+:|^www\.|^[%:][\p{L}\p{N}:]|^GH-\d|[\p{L}\p{N}]\.\p{L}{2,}|^(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}[.,:;)"']*$/iu;
const isPlain = (word: string) => plainWord.test(word) && !linksItself.test(word.replace(/^[("']+/, ''));

/**
 * A sentence: code spans stay, plain words stay, every other word becomes a code span.
 * A backslash would not do: trackers make `\@name` a mention all the same.
 */
export function sentence(text: string): string {
  const words = withoutMacros(visibleLine(text)).match(/\s+|(?:`[^`]+`|[^\s`]+|`+)+/g) ?? [];
  return words.map((word) => (/^\s+$/.test(word) ? ' ' : sentenceWord(word))).join('');
}

// One span for all that is not plain: two side by side would be read as one, and let out what stands behind them.
function sentenceWord(word: string): string {
  const parts = word.match(/`[^`]+`|[^`]+|`+/g) ?? [];
  const isSpan = (part: string) => /^`[^`]+`$/.test(part);
  if (parts.every((part) => isSpan(part) || isPlain(part))) return word;
  // Punctuation around it belongs to the sentence: (`ftype=0`).
  let [first, last] = [0, word.length];
  while (last > 1 && '.,:;)"\''.includes(word.charAt(last - 1))) last -= 1;
  while (first < last - 1 && '("\''.includes(word.charAt(first))) first += 1;
  return word.slice(0, first) + code(word.slice(first, last)) + word.slice(last);
}

/** A fenced block whose fence is longer than any run of backticks inside. */
export function fenced(lines: readonly string[], indent = ''): string {
  const body = lines.map((line) => withoutMacros(visible(line)));
  const fence = '`'.repeat(Math.max(3, longestRun(body.join('\n')) + 1));
  return [`${fence}text`, ...body, fence].map((line) => indent + line).join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
}

/** Markdown of a rule: its own markup stays, but no HTML, no image, no mention, and links only to these hosts. */
export function ruleMarkdown(text: string, hosts: readonly string[] = []): string {
  let fence = '';
  return withoutMacros(visible(text))
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
      return ruleLine(line.replace(/^(\s*)#{1,6}\s+(.*)$/, '$1**$2**'), hosts);
    })
    .concat(fence ? [fence] : [])
    .join('\n');
}

// References and commands to a build server (`#1`, `%1`, `GH-1`, `::`) become code. An escape stays one: a backslash of ours behind one of theirs would let out what it should hold.
const ruleToken =
  /(?<!\S)(?:[#!~%$]\d|GH-\d|::)\S*|\\[!-.;-@[-`{-~]|`[^`]+`|(!?)\[([^\][]*)\]\(([^)\s]*)\)|[<![\]@`]|\w*:\/\/\S*|(?<![\w/.:])\/\/\w\S*|\w*www\.\S+/gi;

function ruleLine(line: string, hosts: readonly string[]): string {
  let out = '';
  let at = 0;
  for (const match of line.matchAll(ruleToken)) {
    out += line.slice(at, match.index);
    at = match.index + match[0].length;
    const shown = shownToken(match, hosts);
    // Two spans that touch would be read as one.
    out += shown.startsWith('`') && /[`\\]$/.test(out) ? ` ${shown}` : shown;
  }
  return out + line.slice(at);
}

function shownToken([token, image, label, url = '']: RegExpExecArray, hosts: readonly string[]): string {
  if (token.startsWith('`') && token.length > 1) return token;
  if (label !== undefined) {
    const followed = image === '' && isLinkTo(url, hosts);
    return followed ? `[${ruleLine(label, hosts)}](${url})` : `${ruleLine(label, hosts)} (${code(url)})`;
  }
  if (/^(?:[#!~%$]\d|GH-\d|::)/i.test(token) || token.includes('//') || /^\w*www\./i.test(token)) return code(token);
  if (token.endsWith('@')) return code('@');
  return token.startsWith('\\') ? token : `\\${token}`;
}
