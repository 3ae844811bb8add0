// Reads the keys of a rule file with their places, and collects what is wrong instead of stopping at the first.

import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { RuleProblem, Written } from './rule.ts';
import { didYouMean } from './suggest.ts';
import type { Place, Places } from './yaml-places.ts';

/** Where a written expression's scalar is, to find the line and column of a character inside it. */
export type Locator = WeakMap<Written, (offset: number) => Place>;

/** Control characters, and those that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unseen = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

export class Reading {
  readonly problems: RuleProblem[] = [];
  readonly #file: string;
  readonly #places: Places;
  readonly #locator: Locator;

  constructor(file: string, places: Places, locator: Locator) {
    this.#file = file;
    this.#places = places;
    this.#locator = locator;
  }

  complain(node: unknown, message: string, suggestion?: string): void {
    this.complainAt(this.#places.of(node as Node), message, suggestion);
  }

  complainAt(place: Place, message: string, suggestion?: string): void {
    this.problems.push({ file: this.#file, ...place, message, ...(suggestion === undefined ? {} : { suggestion }) });
  }

  place(node: unknown): Place {
    return this.#places.of(node as Node);
  }

  /** The mapping's values by key; unknown keys and missing ones are named. */
  keys(map: YAMLMap, known: readonly string[], required: readonly string[], of: string): Map<string, Node> {
    const values = new Map<string, Node>();
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (!known.includes(key)) this.complain(pair.key, `unknown key "${key}" in ${of}`, didYouMean(key, known));
      else if (pair.value === null || (isScalar(pair.value) && pair.value.value === null)) {
        this.complain(pair.key, `"${key}" is empty`);
      } else values.set(key, pair.value as Node);
    }
    const written = new Set(map.items.map((pair) => (isScalar(pair.key) ? String(pair.key.value) : '')));
    for (const key of required) if (!written.has(key)) this.complain(map, `missing key "${key}" in ${of}`);
    return values;
  }

  /** A text that is not empty; a number or boolean counts as its text. */
  text(node: Node | undefined, name: string): string | undefined {
    if (!node) return undefined;
    if (!isScalar(node) || node.value === null) return this.#wrong(node, `"${name}" must be text`);
    const text = String(node.value).trim();
    if (text === '') return this.#wrong(node, `"${name}" is empty`);
    return unseen.test(text) ? this.#wrong(node, `"${name}" holds a character that cannot be seen`) : text;
  }

  texts(node: Node | undefined, name: string): string[] {
    if (!node) return [];
    if (isScalar(node)) return [this.text(node, name)].filter((text) => text !== undefined);
    if (!isSeq(node)) return this.#wrong(node, `"${name}" must be a list of texts`) ?? [];
    return node.items.flatMap((each) => this.text(each as Node, name) ?? []);
  }

  /** CEL, or text with CEL inside. `true` written without quotes is CEL too. */
  written(node: Node | undefined, name: string): Written | undefined {
    if (!node) return undefined;
    if (!isScalar(node) || node.value === null || String(node.value).trim() === '') {
      return this.#wrong(node, `"${name}" must be text`, isMap(node) ? 'put quotes around {{ … }}' : undefined);
    }
    const text = String(node.value);
    const inside = (offset: number): Place => this.#places.inside(node as Scalar, offset);
    const written: Written = { text, ...inside(0) };
    this.#locator.set(written, inside);
    return written;
  }

  oneOf<T extends string>(node: Node | undefined, name: string, known: readonly T[]): T | undefined {
    const text = this.text(node, name);
    if (text === undefined) return undefined;
    const found = known.find((each) => each === text);
    if (found) return found;
    return this.#wrong(node, `unknown ${name} "${text}"`, didYouMean(text, known) ?? `one of ${known.join(', ')}`);
  }

  flag(node: Node | undefined, name: string): boolean {
    if (!node) return false;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.complain(node, `"${name}" must be true or false`);
    return false;
  }

  #wrong(node: unknown, message: string, suggestion?: string): undefined {
    this.complain(node, message, suggestion);
    return undefined;
  }
}

/** `10m`, `36h`, `1h30m` in milliseconds. */
export function parseTimespan(text: string): number | undefined {
  if (!/^(\d+(ms|s|m|h|d))+$/.test(text)) return undefined;
  const sizes: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  let sum = 0;
  for (const [, count, unit = 's'] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) sum += Number(count) * (sizes[unit] ?? 0);
  return sum > 0 ? sum : undefined;
}
