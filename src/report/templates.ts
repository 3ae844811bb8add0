// The one file that knows Handlebars: reads `templates/`, compiles once, fills in plain data.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { inlineHtml, runbookHtml } from './runbook-html.ts';

const folder = new URL('../../templates/', import.meta.url);
const pictures = ['overview', 'pack', 'nodes', 'node-cell', 'amount', 'resources', 'certificates', 'timeline'].map(
  (name) => `pictures-${name}`,
);
const partials = [
  'marks',
  'head',
  'evidence',
  'subject-body',
  'finding',
  'runbook',
  'bar',
  'trace',
  'tools',
  'contents',
  'keys',
  ...pictures,
  'causes',
  'cause',
  'cause-step',
  'caused',
];

/** The text of a file of `templates/`, or of several with blanks between their names, as it will stand in the page. */
export function templateText(names: string): string {
  const texts = names.split(' ').map((name) => readFileSync(new URL(name, folder), 'utf8').replace(/\r\n/g, '\n'));
  return texts.join('\n');
}

/** What a Content-Security-Policy says to let exactly this text in. */
function contentHash(name: string): string {
  return `sha256-${createHash('sha256').update(templateText(name)).digest('base64')}`;
}

type Template = (view: object) => string;
const compiled = new Map<string, Template>();

/** A page for people: every value is escaped for HTML, whatever it holds. */
export const htmlTemplate = (name: string): Template => template(name, false);

/** A page of Markdown: values are placed as they are, so the view must come from `markdown-view.ts`. */
export const markdownTemplate = (name: string): Template => template(name, true);

function template(name: string, noEscape: boolean): Template {
  const known = compiled.get(name);
  if (known) return known;
  const handlebars = Handlebars.create();
  // These give markup on purpose: our own files, rule texts through markdown-it, and text with code spans.
  handlebars.registerHelper('asset', (file: string) => new Handlebars.SafeString(templateText(file)));
  handlebars.registerHelper('contentHash', (file: string) => new Handlebars.SafeString(contentHash(file)));
  handlebars.registerHelper(
    'runbook',
    (text: string, hosts: readonly string[]) => new Handlebars.SafeString(runbookHtml(text, hosts)),
  );
  handlebars.registerHelper('inline', (text: string) => new Handlebars.SafeString(inlineHtml(text)));
  if (!noEscape) {
    for (const partial of partials) handlebars.registerPartial(partial, templateText(`partials/${partial}.hbs`));
  }
  const made = handlebars.compile(templateText(name), {
    noEscape,
    strict: true, // a name the view does not have is a mistake, not an empty place
    knownHelpersOnly: true,
    knownHelpers: { asset: true, contentHash: true, runbook: true, inline: true } as never,
    preventIndent: true, // an indented partial would indent the lines of an excerpt
  });
  const filled: Template = (view) => made(view);
  compiled.set(name, filled);
  return filled;
}
