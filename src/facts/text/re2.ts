// Patterns of rules are written in RE2 syntax; V8 spells some of its forms otherwise.

/** An escape, a character class, or a dot: the forms that V8 and RE2 may read otherwise. */
const forms = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\./gs;
/** What RE2 calls blank. V8 counts the no-break space and its like too. */
const blanks = '\\t\\n\\f\\r ';

/**
 * A JavaScript expression for a pattern that RE2 accepts: `(?P<x>…)` becomes `(?<x>…)`, a leading `(?i)` a flag.
 * To RE2 a dot is anything but a newline; V8 also stops at a carriage return, which progress bars leave in logs.
 */
export function toRegExp(pattern: string, flags = ''): RegExp {
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const allFlags = [...new Set(flags + (leading?.[1] ?? ''))].join('');
  const named = pattern.slice(leading?.[0].length ?? 0).replaceAll('(?P<', '(?<');
  const dot = allFlags.includes('s') ? '.' : '[^\\n]';
  return new RegExp(
    named.replace(forms, (form) => inV8(form, dot)),
    allFlags,
  );
}

function inV8(form: string, dot: string): string {
  if (form === '.') return dot;
  if (form === '\\s') return `[${blanks}]`;
  if (form === '\\S') return `[^${blanks}]`;
  return form.startsWith('[') ? form.replace(/\\./gs, (found) => (found === '\\s' ? blanks : found)) : form;
}
