// Breaks a line at its blanks so that it fits a width; a word longer than that is broken where it must.

/** Every line after the first begins with `indent`. */
export function wrapped(text: string, width: number, indent: string): string[] {
  const room = Math.max(20, width);
  const lines: string[] = [];
  let line = '';
  for (const whole of text.split(' ')) {
    let word = whole;
    const joined = line === '' ? word : `${line} ${word}`;
    if (joined.length <= room) {
      line = joined;
      continue;
    }
    if (line.trim() !== '') lines.push(line);
    while (word.length > room - indent.length) {
      lines.push(`${lines.length === 0 ? '' : indent}${word.slice(0, room - indent.length)}`);
      word = word.slice(room - indent.length);
    }
    line = `${lines.length === 0 ? '' : indent}${word}`;
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line);
  return lines;
}
