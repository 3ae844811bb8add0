// The one file that knows Handlebars: takes `templates/` as the build made code of them, or compiles them, and fills in plain data.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
// The build takes the half of it that fills in; a template from sources needs the other half too.
import Handlebars from 'handlebars';
import { builtTemplates } from './built-templates.ts';
import { inlineHtml, runbookHtml } from './runbook-html.ts';

const folder = new URL('../../templates/', import.meta.url);

/** The text of a file of `templates/`, or of several with blanks between their names, as it will stand in the page. */
export function templateText(names: string): string {
  const texts = names.split(' ').map((name) => builtTemplates?.texts[name] ?? readText(name));
  return texts.join('\n');
}

const readText = (name: string): string => readFileSync(new URL(name, folder), 'utf8').replace(/\r\n/g, '\n');

/** What a Content-Security-Policy says to let exactly this text in. */
function contentHash(name: string): string {
  return `sha256-${createHash('sha256').update(templateText(name)).digest('base64')}`;
}

type Template = (view: object) => string;
const known = new Map<string, Template>();

/** A page for people: every value is escaped for HTML, whatever it holds. One of Markdown (`….md.hbs`): values are placed as they are, so the view must come from `markdown-view.ts`. */
export function template(name: string): Template {
  const made = known.get(name) ?? ready(name);
  known.set(name, made);
  return made;
}

let shared: typeof Handlebars | undefined;

function ready(name: string): Template {
  shared ??= withPartials();
  const made = compiled(shared, name);
  return (view) => made(view);
}

function withPartials(): typeof Handlebars {
  const handlebars = Handlebars.create();
  // These give markup on purpose: our own files, rule texts through markdown-it, and text with code spans.
  handlebars.registerHelper('asset', (file: string) => new Handlebars.SafeString(templateText(file)));
  handlebars.registerHelper('contentHash', (file: string) => new Handlebars.SafeString(contentHash(file)));
  handlebars.registerHelper(
    'runbook',
    (text: string, hosts: readonly string[]) => new Handlebars.SafeString(runbookHtml(text, hosts)),
  );
  handlebars.registerHelper('inline', (text: string) => new Handlebars.SafeString(inlineHtml(text)));
  for (const file of builtTemplates ? Object.keys(builtTemplates.code) : templateFiles()) {
    const partial = /^partials\/(.+)\.hbs$/.exec(file)?.[1];
    if (partial !== undefined) handlebars.registerPartial(partial, compiled(handlebars, file));
  }
  return handlebars;
}

const compiled = (handlebars: typeof Handlebars, file: string): Handlebars.TemplateDelegate =>
  builtTemplates
    ? handlebars.template(builtTemplates.code[file] as TemplateSpecification)
    : handlebars.compile(readText(file), optionsFor(file));

const optionsFor = (file: string): CompileOptions => ({
  noEscape: file.endsWith('.md.hbs'),
  strict: true, // a name the view does not have is a mistake, not an empty place
  knownHelpersOnly: true,
  knownHelpers: { asset: true, contentHash: true, runbook: true, inline: true } as never,
  preventIndent: true, // an indented partial would indent the lines of an excerpt
});

const templateFiles = (): string[] => filesOf(/\.hbs$/);

const filesOf = (ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => ending.test(path))
    .sort();

/** For the build: all of `templates/` as the text of the module `built-templates.ts`. */
export function templatesAsCode(): string {
  const code = templateFiles().map(
    (file) => `${JSON.stringify(file)}:${Handlebars.precompile(readText(file), optionsFor(file))}`,
  );
  const texts = Object.fromEntries(filesOf(/\.(?:css|js)$/).map((file) => [file, readText(file)]));
  return `export const builtTemplates = { code: {${code.join(',\n')}}, texts: ${JSON.stringify(texts)} };\n`;
}
