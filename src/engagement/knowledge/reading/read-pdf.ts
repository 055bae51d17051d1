import { fileURLToPath } from 'node:url';
import type { PDFDocumentLoadingTask } from 'pdfjs-dist';
import { ENCRYPTED, TOO_LARGE, Unreadable } from './unreadable.js';

const MAX_PAGES = 500;
const MAX_CHARACTERS = 6_000_000;
/** Beside the library: which character a code stands for, in fonts of Chinese, Japanese and Korean. */
const CMAPS = fileURLToPath(new URL('../../cmaps/', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')));

/** The text of its pages. Nothing is drawn, run or fetched, and files within it are left alone. @throws Unreadable */
export async function readPdf(bytes: Uint8Array): Promise<string> {
  const { getDocument, VerbosityLevel } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({
    data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    isEvalSupported: false,
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWasm: false,
    cMapUrl: CMAPS,
    cMapPacked: true,
    verbosity: VerbosityLevel.ERRORS,
  });
  try {
    return await textOf(task);
  } catch (error) {
    throw (error as Error).name === 'PasswordException' ? new Unreadable(ENCRYPTED) : error;
  } finally {
    await task.destroy();
  }
}

async function textOf(task: PDFDocumentLoadingTask): Promise<string> {
  const pdf = await task.promise;
  if (pdf.numPages > MAX_PAGES) {
    throw new Unreadable(`The file has more than ${MAX_PAGES} pages.`);
  }
  const pages: string[] = [];
  let length = 0;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
    page.cleanup();
    pages.push(text.replaceAll(/ {2,}/g, ' '));
    length += text.length;
    if (length > MAX_CHARACTERS) {
      throw new Unreadable(TOO_LARGE);
    }
  }
  return pages.join('\n\n');
}
