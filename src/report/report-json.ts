// `report.json` as text: written in the key order of `build-report.ts`, read back for `render` and `diff`.

import type { Report } from './report.ts';
import { reportSchema } from './report.ts';
import { visibleJson } from './visible.ts';

export function renderJson(report: Report): string {
  return visibleJson(`${JSON.stringify(report, null, 1)}\n`);
}

/** Reads a saved report. The error says what the text is instead. */
export function readReport(text: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`This is not JSON: ${(cause as Error).message}. Give the report.json that drydock wrote.`, {
      cause,
    });
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (schema !== reportSchema) {
    throw new Error(
      `This is not a report: "schema" is ${JSON.stringify(schema) ?? 'absent'}, expected "${reportSchema}".`,
    );
  }
  const missing = ['tool', 'bundle', 'findings', 'outcomes', 'timeline', 'paths', 'coverage'].filter(
    (key) => !(key in (value as object)),
  );
  if (missing.length > 0)
    throw new Error(`This report is cut: it has no ${missing.join(', ')}. Run the analysis again.`);
  return value as Report;
}
