// Patterns of rules are written in RE2 syntax; V8 spells some of its forms otherwise.

/** Escapes and character classes stay as they are; what is left as a dot is one. */
const dots = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\./gs;

/**
 * A JavaScript expression for a pattern that RE2 accepts: `(?P<x>…)` becomes `(?<x>…)`, a leading `(?i)` a flag.
 * To RE2 a dot is anything but a newline; V8 also stops at a carriage return, which progress bars leave in logs.
 */
export function toRegExp(pattern: string, flags = ''): RegExp {
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const allFlags = [...new Set(flags + (leading?.[1] ?? ''))].join('');
  const named = pattern.slice(leading?.[0].length ?? 0).replaceAll('(?P<', '(?<');
  const body = allFlags.includes('s') ? named : named.replace(dots, (found) => (found === '.' ? '[^\\n]' : found));
  return new RegExp(body, allFlags);
}
