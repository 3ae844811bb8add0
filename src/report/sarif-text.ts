// Words and places of a report in the forms that SARIF has for them.

import type { Severity } from '../findings/outcome.ts';
import { visibleLine } from './visible.ts';

export type Level = 'error' | 'warning' | 'note';

const levels: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  error: 'error',
  warning: 'warning',
  info: 'note',
};
export const levelOf = (severity: Severity): Level => levels[severity];

/** What the relative addresses are relative to; where it lies is the reader's to say. */
export const inputId = 'INPUT';

/** One line of plain text. `[words](address)` is a link even there: apart, it is none. */
export const plain = (text: string): string => visibleLine(text).replace(/\](?=\()/g, '] ');

/**
 * A path of the input as a relative reference: `nodes/w1/sysinfo.tgz!proc/cmdline` → `nodes/w1/sysinfo.tgz%21proc/cmdline`.
 * Absent for a path that leads out of the input: no viewer shall open what lies there.
 */
export function uriOf(path: string): string | undefined {
  const steps = path.split('/');
  if (steps[0] === '' || steps.some((step) => step === '.' || step === '..')) return undefined;
  return steps.map(encoded).join('/');
}

const encoded = (step: string): string =>
  encodeURIComponent(step.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A physical location; a place without an address is told in words. */
export function located(uri: string | undefined, path: string, region?: object): object {
  const artifactLocation =
    uri === undefined ? { description: { text: plain(path) || 'the input' } } : { uri, uriBaseId: inputId };
  return { physicalLocation: { artifactLocation, ...(region ? { region } : {}) } };
}
