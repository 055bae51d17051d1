import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import {
  Injectable,
  UseInterceptors,
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import busboy from 'busboy';
import type { Request } from 'express';
import { finalize, from, mergeMap, type Observable } from 'rxjs';
import { Drafts } from '../../../files/drafts.js';
import type { Draft } from '../../../files/storage.js';
import { InvalidInput, Refusal } from '../../../platform/common/errors/refusal.js';
import { decoded } from '../../../platform/common/http/json-body.js';
import { field } from '../../../platform/common/fields/field.js';

/** Bytes. */
export const MAX_UPLOAD_BYTES = 10 * 1024 * 1024;
const MAX_FIELDS = 200;
const MAX_NAME = 255;
const MAX_FIELD_BYTES = 10_000;
const LIMITS = {
  ...{ files: 1, fileSize: MAX_UPLOAD_BYTES },
  ...{ fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, headerPairs: 50 },
};
/** Of a form in all, once it is unpacked: what stands before its first part is nobody's field. */
const MAX_FORM_BYTES = MAX_UPLOAD_BYTES + MAX_FIELDS * MAX_FIELD_BYTES;
const FORM = /^multipart\/form-data\b/i;

/** A file that came with a form, on the disk until the request is answered. As JSON it is what its bytes are. */
export class UploadedFile {
  readonly #draft: Draft;

  readonly #name: string | null;

  constructor(
    draft: Draft,
    readonly sha256: string,
    name: string | null,
  ) {
    this.#draft = draft;
    this.#name = name;
  }

  /** As its sender calls it, without a path. */
  get name(): string | null {
    return this.#name;
  }

  get draft(): Draft {
    return this.#draft;
  }
}

/** A file of the form. */
export function FileField(description: string, rule: { readonly optional?: boolean } = {}): PropertyDecorator {
  return field({
    ...rule,
    check: (value) => (value instanceof UploadedFile ? null : { says: 'must be a file.' }),
    schema: { type: String, format: 'binary', description },
  });
}

export function isForm({ headers }: IncomingMessage): boolean {
  return FORM.test(headers['content-type'] ?? '');
}

/** The edge leaves such a body to the route: only who may is worth the disk. */
export function leaveUnread(): Promise<object> {
  return Promise.resolve({});
}

/** Whatever it is. */
export function dropped(request: IncomingMessage): Promise<object> {
  request.resume();
  return Promise.resolve({});
}

/** A route that takes a form with a file. Below `Idempotent`, which looks at what the form holds. */
export function TakesUpload(): MethodDecorator {
  return applyDecorators(ApiConsumes('multipart/form-data'), UseInterceptors(UploadInterceptor));
}

@Injectable()
class UploadInterceptor implements NestInterceptor {
  constructor(private readonly drafts: Drafts) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    if (!isForm(request)) {
      return next.handle();
    }
    return from(readForm(request, this.drafts)).pipe(
      mergeMap(({ body, file }) => {
        request.body = body;
        return next.handle().pipe(finalize(() => void (file && this.drafts.discard(file.draft))));
      }),
    );
  }
}

interface Form {
  readonly body: object;
  readonly file: UploadedFile | null;
}

/** The fields of a form by their names; those of `tag_ids[]` are a list. @throws Refusal 400, 413 or 422 */
async function readForm(request: IncomingMessage, drafts: Drafts): Promise<Form> {
  let upload: Promise<UploadedFile> | undefined;
  try {
    return await new Promise<Form>((resolve, reject) => {
      const fields = new Map<string, unknown>();
      const parser = parserOf(request);
      const bytes = decoded(request);
      let size = 0;
      const refuse = (error: Error): void => {
        bytes.unpipe(parser);
        if (bytes !== request) {
          bytes.destroy();
        }
        parser.destroy();
        reject(error);
      };
      const refuseField = (name: string, says: string): void => refuse(new InvalidInput({ [name]: [says] }));
      parser.on('file', (name, stream, { filename }) => {
        // It may break off before anybody reads it.
        stream.on('error', () => undefined);
        upload = keep(stream, drafts, nameIn(filename));
        upload.then((file) => fields.set(String(name), file), refuse);
      });
      parser.on('field', (name, value, { nameTruncated, valueTruncated }) => {
        if (nameTruncated || valueTruncated) {
          refuseField(String(name).slice(0, 100), 'The field is too long.');
        }
        add(fields, String(name), value);
      });
      parser.on('filesLimit', () => refuseField('file', 'The file field was given more than once.'));
      parser.on('fieldsLimit', () => refuseField('body', `The body must not have more than ${MAX_FIELDS} fields.`));
      parser.on('error', () => refuse(new Refusal('malformed', 'Malformed form')));
      parser.on('close', () => {
        const end = (file: UploadedFile | null): void => resolve({ body: Object.fromEntries(fields), file });
        (upload ?? Promise.resolve(null)).then(end, reject);
      });
      request.once('close', () => request.complete || refuse(new Refusal('malformed', 'The upload broke off')));
      bytes.on('error', () => refuse(new Refusal('malformed', 'Malformed form')));
      bytes.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_FORM_BYTES) {
          refuse(tooLarge());
        }
      });
      bytes.pipe(parser);
    });
  } catch (error) {
    // What is left of it is read and dropped, so that the sender hears the answer instead of a reset.
    request.resume();
    await upload?.then(({ draft }) => drafts.discard(draft)).catch(() => undefined);
    throw error;
  }
}

function parserOf(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, limits: LIMITS, defParamCharset: 'utf8' });
  } catch {
    throw new Refusal('malformed', 'Malformed form');
  }
}

async function keep(
  stream: Readable & { readonly truncated?: boolean },
  drafts: Drafts,
  name: string | null,
): Promise<UploadedFile> {
  const hash = createHash('sha256');
  const bytes = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      yield chunk;
    }
    if (stream.truncated) {
      throw tooLarge();
    }
  };
  return new UploadedFile(await drafts.write(bytes()), hash.digest('hex'), name);
}

function tooLarge(): Refusal {
  return new Refusal('too_large', `The file must not exceed ${MAX_UPLOAD_BYTES / 1024 ** 2} MB`);
}

function nameIn(given: string | undefined): string | null {
  const name = (given ?? '').replaceAll(/\p{C}/gu, '').slice(0, MAX_NAME);
  return name === '' ? null : name;
}

function add(fields: Map<string, unknown>, name: string, value: string): void {
  const before = fields.get(name.replace(/\[\]$/, ''));
  if (name.endsWith('[]')) {
    const list: readonly unknown[] = Array.isArray(before) ? before : [];
    fields.set(name.slice(0, -2), [...list, value]);
  } else {
    // Given twice it is no text, and no field takes it.
    fields.set(name, before === undefined ? value : [before, value]);
  }
}
