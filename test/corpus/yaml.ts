// Reads every .yaml and .json file below a folder with our readers and with `yaml`, compares the values, and tells the speed.
//
//   node test/corpus/yaml.ts FOLDER [--every N]     N: compare only every N-th file, as `yaml` is slow

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocuments } from '../../src/facts/text/documents.ts';
import { firstDifference, referenceValues } from '../facts/text/reference.ts';

const [folder, ...options] = process.argv.slice(2);
if (!folder) throw new Error('usage: node test/corpus/yaml.ts FOLDER [--every N]');
const every = options[0] === '--every' ? Number(options[1]) : 1;

function filesBelow(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const below = join(path, entry.name);
    if (entry.isDirectory()) return filesBelow(below);
    return entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name) ? [below] : [];
  });
}

const files = filesBelow(folder).sort((a, b) => (a < b ? -1 : 1));
const texts = files.map((file) => readFileSync(file, 'utf8'));

let characters = 0;
let thoroughCharacters = 0;
const problems = new Map<string, number>();
for (let round = 1; round <= 3; round++) {
  const start = performance.now();
  characters = 0;
  for (const text of texts) {
    readDocuments(text);
    characters += text.length;
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`round ${round}: ${(characters / 1e6 / seconds).toFixed(1)} MB/s`);
}

let compared = 0;
let different = 0;
for (const [index, file] of files.entries()) {
  const text = texts[index]!;
  const read = readDocuments(text, (count, why) => {
    thoroughCharacters += count;
    console.log(`thorough: ${file}:${why.line} ${why.detail} (${count} characters)`);
  });
  for (const { code, span, detail } of read.problems) {
    problems.set(code, (problems.get(code) ?? 0) + 1);
    console.log(`${code}: ${file}:${span?.join('-')} ${detail}`);
  }
  if (index % every !== 0 || read.problems.some(({ code }) => code !== 'YAML_DUP_KEY')) continue;
  compared++;
  const difference = firstDifference(
    read.documents.map((document) => document.value),
    referenceValues(text),
  );
  if (!difference) continue;
  different++;
  console.log(`DIFFERENT: ${file}: ${difference}`);
}
console.log(
  `files ${files.length}, characters ${characters}, problems ${JSON.stringify(Object.fromEntries(problems))}`,
);
console.log(
  `thorough reader: ${thoroughCharacters} characters, ${((100 * thoroughCharacters) / characters).toFixed(3)} %`,
);
console.log(`compared ${compared}, different ${different}`);
