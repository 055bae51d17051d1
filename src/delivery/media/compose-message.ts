import type { FileRow } from '../../files/files.service.js';
import type { ChannelMessage } from '../../messages/messages.service.js';
import { MAX_BODY_BYTES, type NewPart } from '../../messages/parts.js';

/** A message of words, where it has any, and files: whoever knows no parts sees the words, or else what the first file is. */
export function composeMessage(
  body: string,
  files: readonly Pick<FileRow, 'id' | 'mimeType'>[],
): Pick<ChannelMessage, 'type' | 'content' | 'parts'> {
  const parts: NewPart[] = [
    ...inPieces(body).map((text) => ({ mimeType: 'text/plain', body: text })),
    ...files.map(({ id: fileId, mimeType }) => ({ mimeType, fileId })),
  ];
  return body === '' ? { parts } : { type: 'text', content: body, parts };
}

/** Of at most as many bytes as a part holds, cut between characters. */
function inPieces(text: string): string[] {
  const pieces: string[] = [];
  let [piece, bytes] = ['', 0];
  for (const character of text) {
    const more = Buffer.byteLength(character);
    if (bytes + more > MAX_BODY_BYTES) {
      pieces.push(piece);
      [piece, bytes] = ['', 0];
    }
    piece += character;
    bytes += more;
  }
  return piece === '' ? pieces : [...pieces, piece];
}
