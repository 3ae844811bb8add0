// Hands a claimed file on, and says what became of it.

import type { ByteReader } from './byte-reader.ts';
import type { Claim } from './catalogue.ts';
import { Cut, Stop } from './cut.ts';
import { type Deliver, deliverLog, deliverWhole } from './deliver.ts';
import type { Class } from './ledger.ts';
import { limitText } from './limits.ts';
import type { Run } from './run.ts';

export async function handOn(
  run: Run,
  deliver: Deliver,
  path: string,
  claim: Claim | undefined,
  reader: ByteReader,
  sizeBytes = 0,
): Promise<Class> {
  if (!claim) return 'notRelevant';
  const { kind, layout, root, labels } = claim;
  const { limits, ledger } = run;
  if (!claim.log && sizeBytes > limits.fileBytes) {
    const detail = `a file of kind ${kind} with ${sizeBytes} bytes; ${limitText('fileBytes', limits.fileBytes)}`;
    throw new Cut('LIMIT_FILE', detail);
  }
  const hand = claim.log ? deliverLog : deliverWhole;
  const result = await hand(reader, { path, kind, layout, root, labels }, limits, deliver, sizeBytes);
  if (result.delivered) run.claims.push(claim);
  const { cut } = result;
  if (cut) ledger.gap(cut.code, path, cut.message);
  // what was handed on stands; the next step of any reader ends the run
  if (cut instanceof Stop) run.stop = cut;
  if (!cut && result.sizeBytes === 0) return 'empty';
  return result.delivered ? 'delivered' : 'lost';
}
