// What may stand in an output and what never: HTML and Markdown as element trees, text without steering characters.

import MarkdownIt from 'markdown-it';
import { visible } from '../../src/report/visible.ts';
import { elementsOf, type PageElement, readPage, textOf, treeOf } from '../report/read-page.ts';

// C0 but tab and newline, DEL, C1, line separators, bidi controls.
const steeringClass = '[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]';
const steering = new RegExp(steeringClass, 'u');
/** Colours of the summary; nothing else may steer the terminal. */
const painted = '\\x1b\\[(?:[0-2]|3[1-6])m';
const paint = new RegExp(painted, 'g');

/** Complaints about characters that steer a terminal or turn a line around. */
export function steeringIn(where: string, text: string, isPainted = false): string[] {
  const found = steering.exec(isPainted ? text.replace(paint, '') : text);
  return found ? [`${where}: raw U+${found[0].charCodeAt(0).toString(16)} at ${found.index}`] : [];
}

/** How a text is shown: what steers in readable form, blanks and backticks left away for comparison. */
export const shown = (text: string): string => bare(visible(text));
export const bare = (text: string): string => text.replace(/[\s`]+/g, '');

const isProse = (element: PageElement) => (element.attributes.get('class') ?? '').split(' ').includes('prose');
/** Markdown of a rule may become these. */
const proseNames = new Set(
  'p strong em code pre ul ol li a table thead tbody tr th td blockquote hr br s h5'.split(' '),
);
const reference = /^https:\/\/rules\.example\//;

/** Complaints about a page of ours, and its tree. */
export function checkHtml(html: string): { complaints: string[]; page: PageElement; tree: string } {
  const complaints = steeringIn('html', html);
  let page: PageElement = { name: 'page', attributes: new Map(), children: [] };
  try {
    page = readPage(html);
  } catch (error) {
    complaints.push(String(error));
  }
  const elements = elementsOf(page);
  const scripts = elements.filter(({ name }) => name === 'script').length;
  if (scripts > 1) complaints.push(`${scripts} scripts`);
  for (const { name, attributes } of elements) {
    if (/^(?:img|iframe|object|embed|base|audio|video|source|image|math|template|textarea)$/.test(name))
      complaints.push(`<${name}>`);
    for (const [key, value] of attributes) {
      if (/^(?:src|srcset|poster|ping|style|action|formaction|background|data|on\w+)$/i.test(key))
        complaints.push(`<${name} ${key}>`);
      const leads = key === 'href' && !value.startsWith('#') && !reference.test(value);
      if (
        leads &&
        !(name === 'link' && value.startsWith('data:image/svg+xml,')) &&
        !/^[\w%.!~*'()-]+\/report\.html$/.test(value)
      )
        complaints.push(`<${name} href="${value}">`);
    }
  }
  for (const prose of elements.filter(isProse)) {
    for (const { name } of elementsOf(prose))
      if (!proseNames.has(name)) complaints.push(`<${name}> in the text of a rule`);
  }
  return { complaints, page, tree: treeOf(page, isProse) };
}

/** The text of the article of a rule, by what stands where. */
export function articleOf(page: PageElement, rule: string): { all: string; of: (className: string) => string } {
  const article = elementsOf(page).find(
    ({ name, attributes }) => name === 'article' && attributes.get('id')?.endsWith(`-${rule}`),
  );
  const inside = article ? elementsOf(article) : [];
  const classes = (element: PageElement) => (element.attributes.get('class') ?? '').split(' ');
  return {
    all: article ? bare(textOf(article)) : '',
    of: (className) =>
      bare(
        inside
          .filter((element) => classes(element).includes(className))
          .map(textOf)
          .join(' '),
      ),
  };
}

const tracker = new MarkdownIt({ html: true, linkify: true });
const isCode = ({ name }: PageElement) => name === 'code' || name === 'pre';
const isRunbook = ({ name }: PageElement) => name === 'details';

/** Complaints about Markdown as the most permissive tracker renders it, and its tree without code spans. */
export function checkMarkdown(markdown: string): { complaints: string[]; text: string; tree: string } {
  const complaints = steeringIn('md', markdown);
  let page: PageElement = { name: 'page', attributes: new Map(), children: [] };
  try {
    page = readPage(tracker.render(markdown).replaceAll('<hr>', ''));
  } catch (error) {
    complaints.push(`Markdown became ${String(error)}`);
  }
  for (const { name, attributes } of elementsOf(page)) {
    const href = attributes.get('href');
    if (href !== undefined && !reference.test(href)) complaints.push(`a link to ${href}`);
    if (/^(?:img|script|svg|style|iframe|math|base|meta|form|input)$/.test(name)) complaints.push(`<${name}>`);
  }
  for (const text of textsOutsideCode(page)) {
    // Mentions, references and addresses that GitHub or GitLab link by themselves; commands to a build server.
    const linked = /(?:^|[^\w&])@\w|:\/\/|www\.|(?:^|\s)(?:#|!|~|%|\$|GH-)\d|(?:^|\s)::/i.exec(text);
    if (linked && !reference.test(text)) complaints.push(`"${linked[0]}" outside of code: ${text.slice(0, 60)}`);
  }
  return { complaints, text: bare(textOf(page)), tree: dissolved(page) };
}

function textsOutsideCode(element: PageElement): string[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [child] : isCode(child) || isRunbook(child) ? [] : textsOutsideCode(child),
  );
}

// Words of a bundle are code or plain, as they need; all else must not depend on them.
function dissolved(element: PageElement): string {
  const inner = isRunbook(element)
    ? '…'
    : element.children.map((child) => (typeof child === 'string' || isCode(child) ? '' : dissolved(child))).join('');
  return `<${element.name}>${inner}</>`;
}
