// Reads the UUID of a machine's hardware; a node's status.nodeInfo.systemUUID is the same.
//
//   6a32167a-e2c9-43a3-bc5b-ad14ced54f67        System Information
//   (/sys/class/dmi/id/product_uuid)              UUID: 6a32167a-e2c9-43a3-bc5b-ad14ced54f67   (dmidecode)

import { factType, node, string } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { type Line, lineSpan, spokenLines } from '../../text/lines.ts';

export const SystemUuid = factType('SystemUuid', 'The UUID of the hardware, as its firmware tells it.', {
  node: node(),
  uuid: string('In lower case, with hyphens.'),
});

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function factOf(line: Line, text: string) {
  return SystemUuid.fact(lineSpan(line), { uuid: text.toLowerCase() });
}

export const productUuid = parser({
  reads: 'ProductUuid',
  yields: SystemUuid,
  parse(text) {
    const [line, second] = spokenLines(text);
    const uuid = line?.text.trim() ?? '';
    if (!line || second || !uuidForm.test(uuid)) return { facts: [], problems: failedOutput(text, 'a UUID') };
    return { facts: [factOf(line, uuid)], problems: [] };
  },
});

export const dmidecode = parser({
  reads: 'Dmidecode',
  yields: SystemUuid,
  parse(text) {
    const lines = spokenLines(text);
    const head = lines.findIndex((line) => line.text.trim() === 'System Information');
    // Nothing is lost where its rights or the firmware are wanting: it is one sign of several.
    if (head < 0)
      return { facts: [], problems: /dmidecode|SMBIOS/.test(text) ? [] : failedOutput(text, 'the table of dmidecode') };
    for (const line of lines.slice(head + 1)) {
      if (/^\S/.test(line.text)) break;
      const uuid = /^\s+UUID:\s*(\S+)\s*$/.exec(line.text)?.[1];
      // A firmware that has none says `Not Settable` or `Not Present`.
      if (uuid !== undefined && uuidForm.test(uuid)) return { facts: [factOf(line, uuid)], problems: [] };
    }
    return { facts: [], problems: [] };
  },
});
