// What is replaced leaves the text at once, so that no later look takes a pseudonym for a name.

/** Begins what stands for something replaced; from the private use area, and never left of a bundle. */
export const placeholder = '\ue000';
const first = 0xe100;
const perDigit = 0x1000;
const pattern = /\ue000([\ue100-\uf0ff])([\ue100-\uf0ff])/g;

export interface Placeholders {
  /** What stands for the text until `restored`; the text may hold placeholders itself. */
  put(text: string): string;
  restored(text: string): string;
}

export function createPlaceholders(): Placeholders {
  const texts: string[] = [];
  const digit = (char: string) => char.charCodeAt(0) - first;
  const restored = (text: string): string =>
    text.replace(pattern, (_, high: string, low: string) => restored(texts[digit(high) * perDigit + digit(low)] ?? ''));
  return {
    put(text) {
      const at = texts.push(text) - 1;
      if (at >= perDigit * perDigit) throw new Error('too many names in one text');
      return placeholder + String.fromCharCode(first + Math.floor(at / perDigit), first + (at % perDigit));
    },
    restored,
  };
}

/** Text in which nothing looks like a placeholder. */
export const withoutPrivateUse = (text: string): string => text.replace(/[\ue000-\uf8ff]/g, '\ufffd');
