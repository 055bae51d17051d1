import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { fileTypeFromBuffer } from 'file-type';
import type { Draft } from './storage.js';

/** The bytes at the beginning of a file that tell what it is. */
export const HEAD_BYTES = 4_100;
/** What programs show as soon as they get it. Drawings are none of them: those may run what they hold. */
const OPENED = /^((image(?!\/svg)|audio|video)\/|application\/pdf$|text\/vcard$)/i;
/** Where one of these begins, a browser that guesses makes a page of it. */
const PAGE =
  /^\ufeff?\s*<(!doctype html|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|svg|!--)[\s>-]/i;

/** Whether what it is said to be has to be so. */
export const isOpened = (said: string): boolean => OPENED.test(said);

/** What a file is that is said to be something that is opened at once: that, unless its own first bytes say otherwise. */
export async function openedType(said: string, head: Buffer): Promise<string> {
  return PAGE.test(head.toString('utf8')) ? 'text/html' : ((await fileTypeFromBuffer(head))?.mime ?? said);
}

export async function headOf({ path }: Pick<Draft, 'path'>): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Nothing more is read. */
export async function headIn(bytes: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= HEAD_BYTES) {
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}
