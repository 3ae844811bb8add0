// Writes plain values as kubectl prints them: blocks, keys in order, texts in quotes where they would be read as something else.

export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain | undefined };

export function writeYaml(value: Plain): string {
  return `${lines(value).join('\n')}\n`;
}

function lines(value: Plain): string[] {
  if (Array.isArray(value)) return (value as readonly Plain[]).flatMap((each) => listed(lines(each)));
  if (typeof value !== 'object') return [scalar(value)];
  return Object.entries(value).flatMap(([key, inside]) => {
    if (inside === undefined) return [];
    if (typeof inside !== 'object') return [`${key}: ${scalar(inside)}`];
    const within = lines(inside);
    if (within.length === 0) return [`${key}: ${Array.isArray(inside) ? '[]' : '{}'}`];
    // The dashes of a list stand below its key.
    return [`${key}:`, ...within.map((line) => (Array.isArray(inside) ? line : `  ${line}`))];
  });
}

const listed = ([first = '{}', ...more]: readonly string[]): string[] => [
  `- ${first}`,
  ...more.map((line) => `  ${line}`),
];

function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return `${value}`;
  const isPlain =
    /^[A-Za-z/][\w./:@ -]*$/.test(value) &&
    !/: | #|:$/.test(value) &&
    !/^(?:true|false|null|yes|no|on|off)$/i.test(value);
  return isPlain || /^\d+(?:m|Ki|Mi|Gi|M)$/.test(value) ? value : JSON.stringify(value);
}
