import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import { readInput } from '../../../platform/common/fields/read-input.js';
import { CreateFileDto } from '../../../files/file.dto.js';
import { LayerRefusal } from '../layer-refusal.js';

/** What is to be uploaded is said in headers: which say what fields of a file. */
const HEADERS = { mime_type: 'Upload-Content-Type', size: 'Upload-Content-Length' } as const;

/** What a request is about to upload. `Upload-Origin` is not needed: a page from anywhere may use the URL it gets. */
export const AnnouncedUpload = createParamDecorator((_: unknown, context: ExecutionContext): CreateFileDto =>
  readUpload(context.switchToHttp().getRequest<Request>().headers),
);

/** @throws LayerRefusal 406 */
function readUpload(headers: Request['headers']): CreateFileDto {
  const [type, length] = [HEADERS.mime_type, HEADERS.size].map((name) => headers[name.toLowerCase()]);
  const size = typeof length === 'string' && /^\d{1,10}$/.test(length) ? Number(length) : length;
  try {
    return readInput(CreateFileDto, { mime_type: type, size });
  } catch (error) {
    throw error instanceof InvalidInput ? wrongHeader(error) : error;
  }
}

function wrongHeader({ details }: InvalidInput): LayerRefusal {
  const [[field, says] = ['size', []]] = Object.entries(details.errors ?? {});
  const header = HEADERS[field as keyof typeof HEADERS];
  const sentence = says[0]?.replace(`${field} field`, `${header} header`) ?? `The ${header} header is invalid.`;
  return new LayerRefusal('invalid_header', sentence, { header });
}
