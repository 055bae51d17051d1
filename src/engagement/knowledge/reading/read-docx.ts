import mammoth from 'mammoth';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { BROKEN, ENCRYPTED, TOO_LARGE, Unreadable } from './unreadable.js';

const MAX_ENTRIES = 2_000;
const MAX_BYTES = 50 * 1024 * 1024;
/** Of what it unpacks to, to what it is packed in. */
const MAX_RATIO = 100;
/** How a document begins whose words are sealed: no archive any more. */
const SEALED = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/** The paragraphs of a document of Word. @throws Unreadable */
export async function readDocx(bytes: Uint8Array): Promise<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.subarray(0, SEALED.length).equals(SEALED)) {
    throw new Unreadable(ENCRYPTED);
  }
  await mustUnpackWell(buffer);
  const { value } = await mammoth.extractRawText({ buffer });
  return value;
}

/** Unpacks all of it once and keeps nothing: what its directory says of sizes may be a lie. */
async function mustUnpackWell(buffer: Buffer): Promise<void> {
  const zip = await fromBufferPromise(buffer, { lazyEntries: true, validateEntrySizes: true });
  if (zip.entryCount > MAX_ENTRIES) {
    throw new Unreadable(TOO_LARGE);
  }
  const most = Math.min(MAX_BYTES, buffer.length * MAX_RATIO);
  let count = 0;
  let unpacked = 0;
  let isDocument = false;
  for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
    count += 1;
    if (count > MAX_ENTRIES) {
      throw new Unreadable(TOO_LARGE);
    }
    if (entry.isEncrypted()) {
      throw new Unreadable(ENCRYPTED);
    }
    isDocument ||= entry.fileName === 'word/document.xml';
    unpacked += await sizeOf(zip, entry, most - unpacked);
  }
  if (!isDocument) {
    throw new Unreadable(BROKEN);
  }
}

async function sizeOf(zip: ZipFile, entry: Entry, most: number): Promise<number> {
  if (entry.fileName.endsWith('/')) {
    return 0;
  }
  const stream = await zip.openReadStreamPromise(entry);
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) {
      stream.destroy();
      throw new Unreadable(TOO_LARGE);
    }
  }
  return size;
}
