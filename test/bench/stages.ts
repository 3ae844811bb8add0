// Where the time of one run goes, as `drydock analyze --profile` tells it.

import type { Section } from './page.ts';
import { type Archive, analyze, type Setting } from './setting.ts';

export async function stages(archives: readonly Archive[], setting: Setting): Promise<Section> {
  const tables: string[] = [];
  for (const archive of archives) {
    const { said } = await analyze(setting, [archive.path, '--profile']);
    tables.push(`${archive.name}:\n\n\`\`\`\n${said.trimEnd()}\n\`\`\``);
  }
  return { title: 'Stages', text: about, table: tables.join('\n\n') };
}

const about = `One run with \`--profile\`. Of stages that run on several threads at once the times are added up: together they are more
than the time by the clock.`;
