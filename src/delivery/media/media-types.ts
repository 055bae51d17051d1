import { fileTypeFromBuffer } from 'file-type';

/** What a message to a phone may hold: carriers take little else, and a browser runs none of it. */
export const MEDIA_TYPES: ReadonlySet<string> = new Set([
  ...['image/jpeg', 'image/png', 'image/gif', 'audio/mpeg', 'audio/wav', 'video/mp4', 'video/3gpp'],
  ...['application/pdf', 'text/vcard'],
]);
/** Other names that servers have for them. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/wave': 'audio/wav',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'video/3gp': 'video/3gpp',
  'text/x-vcard': 'text/vcard',
};
const VCARD = /^\ufeff?BEGIN:VCARD[ \t]*\r?\n/i;

/** What a file is by its own first bytes, where that may be sent and its server says the same; else null. */
export async function mediaTypeOf(head: Buffer, said: string): Promise<string | null> {
  const type = ALIASES[said] ?? said;
  const isOne = MEDIA_TYPES.has(type) && (await typeIn(head)) === type;
  return isOne ? type : null;
}

async function typeIn(head: Buffer): Promise<string | undefined> {
  return VCARD.test(head.toString('utf8', 0, 40)) ? 'text/vcard' : (await fileTypeFromBuffer(head))?.mime;
}
