// What `npm run build` puts here: every template as code, and the texts a page takes in. From sources there is none of it.

export interface BuiltTemplates {
  /** By the name of the file: what Handlebars made of it. */
  readonly code: Readonly<Record<string, unknown>>;
  /** Style sheets and scripts. */
  readonly texts: Readonly<Record<string, string>>;
}

export const builtTemplates = undefined as BuiltTemplates | undefined;
