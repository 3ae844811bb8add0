// Reads our own HTML more strictly than a browser does: what is neither escaped text nor a tag in full form is an error.

export interface PageElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (PageElement | string)[];
}

const voidElements = new Set(['meta', 'link', 'input', 'br', 'hr', 'img', 'base']);
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
  '#x3D': '=',
  '#x60': '`',
};
const tag = /<(system-(?:out|err)|[a-z][a-z0-9]*)((?: +[a-zA-Z][\w:-]*(?:="[^"<>]*")?)*) *(\/?)>/y;
const closing = /<\/([a-z][a-z0-9]*)>/y;

/** Throws with the place of the first thing that is not in the strict form; then no parser can read it otherwise. */
export function readPage(html: string): PageElement {
  const root = { name: 'page', attributes: new Map<string, string>(), children: [] as (PageElement | string)[] };
  const open: (typeof root)[] = [root];
  const here = () => open.at(-1) ?? root;
  let at = html.startsWith('<!doctype html>') ? '<!doctype html>'.length : 0;
  while (at < html.length) {
    const next = html.indexOf('<', at);
    const text = html.slice(at, next < 0 ? html.length : next);
    if (text !== '') here().children.push(decoded(text));
    if (next < 0) break;
    closing.lastIndex = next;
    tag.lastIndex = next;
    const closed = closing.exec(html);
    const opened = closed ? null : tag.exec(html);
    if (closed) {
      if (here().name !== closed[1]) throw new Error(`</${closed[1]}> closes <${here().name}>: ${around(html, next)}`);
      open.pop();
      at = closing.lastIndex;
      continue;
    }
    if (!opened) throw new Error(`no tag of ours: ${around(html, next)}`);
    const [, name = '', attributes = '', selfClosing] = opened;
    const element = { name, attributes: attributesOf(attributes), children: [] as (PageElement | string)[] };
    here().children.push(element);
    at = tag.lastIndex;
    if (name === 'script' || name === 'style') {
      const end = html.indexOf(`</${name}>`, at);
      element.children.push(html.slice(at, end));
      at = end + `</${name}>`.length;
    } else if (!selfClosing && !voidElements.has(name)) open.push(element);
  }
  if (open.length > 1) throw new Error(`<${here().name}> is never closed`);
  return root;
}

const around = (html: string, at: number) => JSON.stringify(html.slice(Math.max(0, at - 40), at + 80));

function attributesOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/([a-zA-Z][\w:-]*)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [name, decoded(value)]),
  );
}

function decoded(text: string): string {
  if (text.includes('>')) throw new Error(`a raw > in text: ${JSON.stringify(text.slice(0, 80))}`);
  return text.replace(/&([^;]{0,6};?)/g, (_, entity: string) => {
    const char = entities[entity.replace(/;$/, '')];
    if (char === undefined || !entity.endsWith(';')) throw new Error(`an unescaped &: ${text.slice(0, 80)}`);
    return char;
  });
}

/** Every element, outermost first. */
export function elementsOf(element: PageElement): PageElement[] {
  return element.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elementsOf(child)]));
}

export const textOf = (element: PageElement): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

/** Names of elements and attributes, nested; of links where they lead. `skip` leaves out what stands inside an element. */
export function treeOf(element: PageElement, skip: (element: PageElement) => boolean = () => false): string {
  const inner = skip(element)
    ? '…'
    : element.children.map((child) => (typeof child === 'string' ? '' : treeOf(child, skip))).join('');
  const attributes = [...element.attributes].map(([name, value]) =>
    /^(?:href|src|action|http-equiv|class|style)$/.test(name) ? `${name}=${value.replace(/^#.*/s, '#')}` : name,
  );
  return `<${[element.name, ...attributes].join(' ')}>${inner}</>`;
}
