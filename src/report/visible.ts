// Text of a bundle may hold characters that steer a terminal or turn a line around; here they become readable.

// C0 but tab and newline, DEL and C1, bidi and zero-width controls, line separators, lone surrogates, tag characters.
const steering =
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb' +
  '\\u{e0000}-\\u{e007f}]|\\p{Cs}';
const steeringPattern = new RegExp(steering, 'gu');

/** Shows control, bidi and invisible characters as `\x1b` or `\u{202e}`; tab and newline stay. */
export function visible(text: string): string {
  return text.replace(steeringPattern, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The same, in one line. */
export function visibleLine(text: string): string {
  return visible(text.replace(/\s*\n\s*/g, ' ').replace(/\t/g, ' ')).trim();
}

/** Names longer than this are no names; report.json holds them whole. */
const longestName = 500;

/** A name or a path for a page: visible, in one line, and never so long that it pushes all else out of sight. */
export const nameLine = (text: string): string => cutTo(visibleLine(text), longestName);

export function cutTo(line: string, length: number): string {
  return line.length <= length ? line : `${line.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Text for the log of a build server: `::command` and `##[command]` at the start of a line are shown, not obeyed. */
export function withoutCommands(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1\\x3a').replace(/##(?=\[|vso\[)/g, '#\\x23');
}

/**
 * JSON text in which these characters are written as `\uXXXX`, so that it can be shown on a terminal too; and `##[`, which
 * `withoutCommands` would write in a way that JSON does not know.
 */
export function visibleJson(json: string): string {
  return json
    .replace(/##(?=\[|vso\[)/g, '#\\u0023')
    .replace(steeringPattern, (char) =>
      Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
        '',
      ),
    );
}
