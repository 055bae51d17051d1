import { fileTypeFromBuffer } from 'file-type';
import { invalid } from '../../platform/common/errors/refusal.js';
import { headOf } from '../../files/opened-type.js';
import type { Draft } from '../../files/storage.js';
import type { ReadableKind } from './reading/readable.js';

/** What a document of Word begins with: an archive, or something sealed. */
const WORD = ['504b0304', 'd0cf11e0a1b11ae1'].map((hex) => Buffer.from(hex, 'hex'));
const MIME_TYPES = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  plain: 'text/plain',
} as const;
export type FileKind = Exclude<ReadableKind, 'page'>;

/** What its name says that it is; null: nothing that is read. */
export function kindOfName(name: string | null): FileKind | null {
  const extension = /\.(pdf|docx|txt|md|markdown)$/i.exec(name ?? '')?.[1]?.toLowerCase();
  return extension === undefined ? null : extension === 'pdf' || extension === 'docx' ? extension : 'plain';
}

/** What a file is, as its name says and its own first bytes confirm. @throws Refusal 422 on `file` */
export async function mimeTypeOf(draft: Draft, name: string | null): Promise<string> {
  const kind = kindOfName(name);
  const head = await headOf(draft);
  if (kind === null || !(await isA(kind, head))) {
    throw invalid('file', 'The file must be a file of type: pdf, txt, md, docx.');
  }
  return MIME_TYPES[kind];
}

async function isA(kind: FileKind, head: Buffer): Promise<boolean> {
  switch (kind) {
    case 'pdf':
      return head.subarray(0, 1_024).includes('%PDF-');
    case 'docx':
      return WORD.some((beginning) => head.subarray(0, beginning.length).equals(beginning));
    case 'plain': {
      const isUtf16 = ['fffe', 'feff'].includes(head.toString('hex', 0, 2));
      const type = await fileTypeFromBuffer(head);
      return (
        isUtf16 || (!head.includes(0) && (type === undefined || /^(text|application)\/.*xml|^text\//.test(type.mime)))
      );
    }
  }
}
