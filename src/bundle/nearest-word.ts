// Finds the word that was probably meant, for error messages.

/** The word with the fewest changed letters, if they are few for its length. */
export function nearestWord(wrong: string, words: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(wrong.length / 3)) + 1;
  for (const word of words) {
    const changes = changedLetters(wrong.toLowerCase(), word.toLowerCase());
    if (changes < fewest) {
      best = word;
      fewest = changes;
    }
  }
  return best;
}

/** Levenshtein distance. */
function changedLetters(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
