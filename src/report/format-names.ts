// The formats of a report by name, and the files they become; what renders them is loaded by whoever renders.

export const formats = ['html', 'md', 'summary', 'json', 'sarif', 'junit', 'csv'] as const;
export type Format = (typeof formats)[number];

/** Names by which programs know them: build servers look for `.xml`, trackers and editors for `.md`. */
const endings: Partial<Readonly<Record<Format, string>>> = { summary: 'summary.md', junit: 'junit.xml' };

/** The file of each format, each once; with `md` comes the comment for the ticket. */
export function reportFiles(asked: readonly Format[]): readonly { readonly name: string; readonly format: Format }[] {
  const all = asked.flatMap((format): Format[] => (format === 'md' ? ['md', 'summary'] : [format]));
  return [...new Set(all)].map((format) => ({ name: `report.${endings[format] ?? format}`, format }));
}
