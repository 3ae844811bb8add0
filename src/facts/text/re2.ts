// Patterns of rules are written in RE2 syntax; V8 spells two of its forms otherwise.

/** A JavaScript expression for a pattern that RE2 accepts: `(?P<x>…)` becomes `(?<x>…)`, a leading `(?i)` a flag. */
export function toRegExp(pattern: string, flags = ''): RegExp {
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const body = pattern.slice(leading?.[0].length ?? 0).replaceAll('(?P<', '(?<');
  return new RegExp(body, [...new Set(flags + (leading?.[1] ?? ''))].join(''));
}
