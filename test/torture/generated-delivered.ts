// Compares what was delivered of a generated archive with what was put in, or with what the tools of the system get out.

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base, delivered, oracles, partly } from './generated-expected.ts';
import { newScratch } from './kit.ts';

export function compareDelivered(id: string, path: string, files: ReadonlyMap<string, Buffer>): string[] {
  const expected = delivered[id];
  if (expected) return compareExact(expected, files);
  const tool = oracles[id];
  if (tool) return compareWithTool(tool, path, files);
  const names = partly[id];
  if (!names) return ['nobody wrote down what it must deliver'];
  return [...files.keys()].filter((name) => !names.includes(name)).map((name) => `delivers ${shown(name)}`);
}

function compareExact(expected: Readonly<Record<string, string>>, files: ReadonlyMap<string, Buffer>): string[] {
  const faults: string[] = [];
  for (const [name, text] of Object.entries(expected)) {
    const bytes = files.get(name);
    if (!bytes) faults.push(`does not deliver ${shown(name)}`);
    else if (!bytes.equals(Buffer.from(text, 'latin1')))
      faults.push(`${shown(name)} has ${bytes.length} bytes, ${text.length} expected, or other content`);
  }
  const surplus = [...files.keys()].filter((name) => !Object.hasOwn(expected, name));
  if (surplus.length > 0) faults.push(`delivers ${surplus.length} more: ${surplus.slice(0, 3).map(shown).join(', ')}`);
  return few(faults);
}

/** At least what the tool and tar get out of it, and nothing that was not put in. */
function compareWithTool(tool: string, path: string, files: ReadonlyMap<string, Buffer>): string[] {
  const folder = newScratch();
  const { stdout } = spawnSync(tool, ['-dc', path], { maxBuffer: 64 * 1024 * 1024 });
  spawnSync('tar', ['-xf', '-', '-C', folder], { input: stdout });
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const faults = names.length === 0 ? [`${tool} and tar get nothing out of it: there is nothing to compare with`] : [];
  for (const name of names) {
    const theirs = readFileSync(join(folder, name));
    const ours = files.get(name);
    if (!ours) faults.push(`${tool} delivers ${shown(name)}, we do not`);
    else if (!ours.subarray(0, theirs.length).equals(theirs))
      faults.push(`${shown(name)} differs from what ${tool} gives`);
  }
  for (const [name, bytes] of files) {
    const whole = base[name];
    if (whole === undefined) faults.push(`delivers ${shown(name)}`);
    else if (!names.includes(name) && !whole.startsWith(bytes.toString('latin1'))) {
      faults.push(`${shown(name)} is not what was put in`);
    }
  }
  return few(faults);
}

/** Fails when a tool that the comparison needs is not there. */
export function toolsAreThere(): void {
  for (const tool of [...new Set(Object.values(oracles)), 'tar'])
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
}

const shown = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
const few = (faults: readonly string[]): string[] =>
  faults.length > 5 ? [...faults.slice(0, 5), `and ${faults.length - 5} more`] : [...faults];
