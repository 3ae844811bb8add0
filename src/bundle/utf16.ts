// Texts of Windows in UTF-16 (`oc adm … > file` of PowerShell) become UTF-8 on their way, so that lines can be told by bytes.

import { ByteReader } from './byte-reader.ts';
import { Cut } from './cut.ts';

export type Utf16 = 'utf-16le' | 'utf-16be';

/** By its byte order mark, or by the zero in every other byte that ASCII text has in UTF-16. */
export function utf16Of(head: Uint8Array): Utf16 | undefined {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a && b === 0 && c && d === 0) return 'utf-16le';
  return a === 0 && b && c === 0 && d ? 'utf-16be' : undefined;
}

/** The same bytes, or what they say in UTF-8. What is no UTF-16 becomes U+FFFD, and a `Cut` at the end tells of it. */
export async function withoutUtf16(input: ByteReader): Promise<ByteReader> {
  const encoding = utf16Of(await input.peek(4));
  return encoding ? new ByteReader(transcoded(input, encoding)) : input;
}

async function* transcoded(input: ByteReader, encoding: Utf16): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  const replaced = encoder.encode('\ufffd');
  let isDamaged = false;
  const told = (text: string): Uint8Array => {
    const bytes = encoder.encode(text);
    isDamaged ||= Buffer.from(bytes.buffer).includes(replaced);
    return bytes;
  };
  try {
    for await (const chunk of input) yield told(decoder.decode(chunk, { stream: true }));
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    yield told(decoder.decode());
    throw error;
  }
  yield told(decoder.decode());
  if (isDamaged) throw new Cut('FILE_ENCODING', 'not valid UTF-16; unreadable characters are shown as U+FFFD');
}
