// `rules new PACK/ID`: a rule and its test from the templates, ready to be changed. Nothing is overwritten.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type NewRule = { readonly ok: boolean; readonly text: string };

/** `templates` is the folder with `rule.yaml` and `rule.test.yaml`. */
export function newRule(name: string, rulesDir: string, templates: string): NewRule {
  const [, pack, id] = /^([a-z0-9]+(?:-[a-z0-9]+)*)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(name) ?? [];
  if (pack === undefined || id === undefined) {
    return { ok: false, text: `"${name}" is not PACK/ID in kebab-case, e.g. memory/unset-memory-limit` };
  }
  const targets = [
    { from: 'rule.yaml', to: join(rulesDir, pack, `${id}.yaml`) },
    { from: 'rule.test.yaml', to: join(rulesDir, pack, `${id}.test.yaml`) },
  ];
  const taken = targets.find(({ to }) => existsSync(to));
  if (taken) return { ok: false, text: `${taken.to} is there already; choose another id, or change that file` };
  mkdirSync(join(rulesDir, pack), { recursive: true });
  for (const { from, to } of targets) {
    const text = readFileSync(join(templates, from), 'utf8');
    writeFileSync(to, text.replaceAll('%id%', id).replaceAll('%title%', titleOf(id)), { flag: 'wx' });
  }
  return { ok: true, text: targets.map(({ to }) => `Wrote ${to}`).join('\n') };
}

const titleOf = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ');
