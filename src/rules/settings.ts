// Settings: the thresholds that are support practice and not law, named in one file and overridable in another.
//
//   conntrackFullPercent: { value: 80, unit: percent, doc: From here on new connections are at risk. }

import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { keptSettings } from './checked-settings.ts';
import type { RuleProblem } from './rule.ts';
import { didYouMean } from './suggest.ts';
import { placesIn } from './yaml-places.ts';

export type SettingType = 'int' | 'double' | 'string' | 'bool' | 'list';
export interface Setting {
  readonly type: SettingType;
  readonly value: number | string | boolean | readonly string[];
  readonly doc: string;
  readonly unit?: string;
}
export type Settings = Readonly<Record<string, Setting>>;

const settingKeys = ['value', 'doc', 'unit', 'type'];

/**
 * Reads `settings.yaml`, and over it the values of a file that a user gave (`name: value`, or the long form). `checked`:
 * where its settings may be kept as read before.
 */
export function loadSettings(
  file: string,
  override?: string,
  checked?: string,
): { readonly settings: Settings; readonly problems: readonly RuleProblem[] } {
  const text = readFileSync(file, 'utf8');
  const kept = checked === undefined ? undefined : keptSettings(checked, text);
  const own = kept ? { settings: kept, problems: [] } : readSettings(text, file);
  if (override === undefined) return own;
  const over = readSettings(readFileSync(override, 'utf8'), override, own.settings);
  return { settings: { ...own.settings, ...over.settings }, problems: [...own.problems, ...over.problems] };
}

/** With `known`, the text overrides: only names of `known` may stand there, with values of their type. */
export function readSettings(
  text: string,
  file: string,
  known?: Settings,
): { readonly settings: Settings; readonly problems: readonly RuleProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const places = placesIn(text, lines, document);
  const problems: RuleProblem[] = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { file, line, column: col, message: error.message };
  });
  const settings: Record<string, Setting> = {};
  if (problems.length > 0 || !isMap(document.contents)) return { settings, problems };
  for (const pair of document.contents.items) {
    const name = String(isScalar(pair.key) ? pair.key.value : '');
    const place = places.of(pair.key as never);
    const complain = (message: string, suggestion?: string) =>
      problems.push({ file, ...place, message, ...(suggestion === undefined ? {} : { suggestion }) });
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
      complain(`setting "${name}" is not a name in camelCase`);
      continue;
    }
    const before = known?.[name];
    if (known && !before) {
      complain(`unknown setting "${name}"`, didYouMean(name, Object.keys(known)));
      continue;
    }
    const long = isMap(pair.value) ? (pair.value.toJSON() as Record<string, unknown>) : undefined;
    const wrong = Object.keys(long ?? {}).find((key) => !settingKeys.includes(key));
    if (wrong !== undefined) complain(`unknown key "${wrong}" in setting "${name}"`, didYouMean(wrong, settingKeys));
    const value = long ? long.value : (pair.value as { toJSON?: () => unknown } | null)?.toJSON?.();
    const type = before?.type ?? typeOf(value, long?.type);
    if (!type || !fits(value, type)) {
      complain(`setting "${name}" needs a value of type ${type ?? 'int, double, string, bool or list of strings'}`);
      continue;
    }
    const doc = before?.doc ?? long?.doc;
    if (typeof doc !== 'string' || doc === '') complain(`setting "${name}" needs a "doc": why this value`);
    const unit = before?.unit ?? long?.unit;
    settings[name] = {
      type,
      value: value as Setting['value'],
      doc: typeof doc === 'string' ? doc : '',
      ...(typeof unit === 'string' ? { unit } : {}),
    };
  }
  return { settings, problems };
}

function typeOf(value: unknown, said: unknown): SettingType | undefined {
  if (said === 'double' || said === 'int' || said === 'string' || said === 'bool' || said === 'list') return said;
  if (said !== undefined) return undefined;
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? 'list' : undefined;
}

function fits(value: unknown, type: SettingType): boolean {
  if (type === 'int') return Number.isSafeInteger(value);
  if (type === 'double') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'string') return typeof value === 'string';
  if (type === 'bool') return typeof value === 'boolean';
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
