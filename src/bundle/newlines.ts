// Counts the line ends in bytes, by the search of Node, which takes many bytes at once.

/** Those from `from` to before `to`. */
export function newlines(bytes: Buffer, from = 0, to = bytes.length): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a, from); at >= 0 && at < to; at = bytes.indexOf(0x0a, at + 1)) count++;
  return count;
}
