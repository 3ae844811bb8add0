// Texts of rules as HTML: Markdown without raw HTML and images, and links only to where links may go.

import MarkdownIt from 'markdown-it';
import { cutTo, visible, visibleLine } from './visible.ts';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
// Rendering is one step without a pause, so that what it may link to can stand here.
let allowedHosts: readonly string[] = [];
markdown.validateLink = (url) => isLinkTo(url, allowedHosts);

// Nothing is loaded: an image is its words and its address.
markdown.renderer.rules.image = (tokens, at) =>
  `${escapeHtml(tokens[at]?.content ?? '')} (<code>${escapeHtml(String(tokens[at]?.attrGet('src') ?? ''))}</code>)`;
// A heading of a rule text may not break the order of headings of the page; a style attribute breaks its policy.
markdown.renderer.rules.heading_open = () => '<p><strong>';
markdown.renderer.rules.heading_close = () => '</strong></p>\n';
markdown.renderer.rules.th_open = () => '<th>';
markdown.renderer.rules.td_open = () => '<td>';
markdown.renderer.rules.link_open = (tokens, at, options, _env, renderer) => {
  tokens[at]?.attrSet('rel', 'noopener noreferrer');
  return renderer.renderToken(tokens, at, options);
};

/** A web address or a place in this page; `//host`, `javascript:`, `ms-msdt:` and the like are not. */
export function isSafeLink(url: string): boolean {
  if (url.startsWith('#')) return true;
  if (!/^https?:\/\/[^\s/]/i.test(url)) return false;
  return URL.canParse(url);
}

/** A link in a text leads into the page, or to a host that the references of its rule name. */
export function isLinkTo(url: string, hosts: readonly string[]): boolean {
  return isSafeLink(url) && (url.startsWith('#') || hosts.includes(new URL(url).host));
}

/** The hosts that a rule names as its references. */
export const hostsOf = (references: readonly string[]): string[] =>
  references.filter((url) => isSafeLink(url) && !url.startsWith('#')).map((url) => new URL(url).host);

/** Markdown of a rule as HTML, with links to these hosts only. */
export function runbookHtml(text: string, hosts: readonly string[] = []): string {
  allowedHosts = hosts;
  // Once more at the end: `&#27;` is a character only after Markdown read it.
  return visible(markdown.render(visible(text))).trim();
}

/** Longer messages end in `…` on the page; report.json holds them whole. */
const longestSentence = 2000;

/** One line of text as HTML; `code` in backticks is the only markup it knows. */
export function inlineHtml(text: string): string {
  return escapeHtml(cutTo(visibleLine(text), longestSentence)).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** For text and for quoted attributes. */
function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
