// Reads the words of mount tables: octal escapes in paths, commas inside quotes in options.

/** `\040` is a blank, `\011` a tab, `\134` a backslash. */
export function unescapeMount(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** SELinux contexts hold commas: `rw,context="system_u:object_r:container_file_t:s0:c184,c371",size=64000k`. */
export function mountOptions(text: string): string[] {
  return [...text.matchAll(/(?:"[^"]*"|[^,"])+/g)].map(([option]) => option);
}
