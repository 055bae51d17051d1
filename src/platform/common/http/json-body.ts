import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { InvalidInput, Refusal } from '../errors/refusal.js';
import { type JsonSize, measureJson } from './measure-json.js';

/** Counted after decompression. */
export const MAX_BODY_BYTES = 256 * 1024;
const MAX_LARGE_BODY_BYTES = 1024 * 1024;

/** What a whole body has at most before it is parsed; what is taken anywhere has fewer by far. */
const MOST: Readonly<Record<keyof JsonSize, readonly [number, says: string]>> = {
  names: [10_000, 'have more than 10000 fields'],
  strings: [20_000, 'have more than 20000 strings'],
  depth: [10_000, 'be nested deeper than 10000 levels'],
};
/** Nothing here takes a form of more than a few. */
const MAX_FORM_FIELDS = 100;

/** A Map, for the caller chooses the name: in an object, "constructor" would be one. */
const DECODERS: ReadonlyMap<string, () => ReturnType<typeof createGunzip>> = new Map([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * The JSON object or array in the body of a request; `{}` where there is no body, so that the fields it lacks are named.
 * Written out for speed and strictness: the usual parser replaces invalid UTF-8 silently and reads forms.
 * @throws Refusal 400, 413, 415 or 422
 */
export function readJson(request: IncomingMessage): Promise<object> {
  return readBody(request, [JSON_BODY]);
}

/** The same where it may hold a whole document. */
export function readLargeJson(request: IncomingMessage): Promise<object> {
  return readBody(request, [JSON_BODY], MAX_LARGE_BODY_BYTES);
}

/** The same where a form is as good. */
export function readJsonOrForm(request: IncomingMessage): Promise<object> {
  return readBody(request, [JSON_BODY, FORM_BODY]);
}

/** The bytes of a body that is JSON or a form, for whoever verifies and reads them; none where there is no body. */
export async function readRaw(request: IncomingMessage): Promise<Buffer> {
  return (await bytesOf(request, [JSON_BODY, FORM_BODY]))?.bytes ?? Buffer.alloc(0);
}

interface BodyType {
  readonly mediaType: string;
  readonly parse: (text: string) => object;
}

const JSON_BODY: BodyType = { mediaType: 'application/json', parse: parseJson };
const FORM_BODY: BodyType = { mediaType: 'application/x-www-form-urlencoded', parse: parseForm };

async function readBody(request: IncomingMessage, types: readonly BodyType[], most?: number): Promise<object> {
  const body = await bytesOf(request, types, most);
  return body ? body.type.parse(textOf(body.bytes)) : {};
}

/** Undefined where there is no body. */
async function bytesOf(
  request: IncomingMessage,
  types: readonly BodyType[],
  most = MAX_BODY_BYTES,
): Promise<{ readonly type: BodyType; readonly bytes: Buffer } | undefined> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length === 0 && request.headers['transfer-encoding'] === undefined) {
    return undefined;
  }
  const type = typeOf(request.headers['content-type'] ?? '', types);
  if (!type) {
    request.resume();
    throw unsupported(`The body must be ${types.map(({ mediaType }) => mediaType).join(' or ')} in UTF-8.`);
  }
  if (length > most) {
    request.resume();
    throw tooLarge(most);
  }
  return { type, bytes: await collect(request, decoded(request), most) };
}

function typeOf(contentType: string, types: readonly BodyType[]): BodyType | undefined {
  const [mediaType, ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return charset === undefined || /^charset="?utf-?8"?$/.test(charset)
    ? types.find((type) => type.mediaType === mediaType)
    : undefined;
}

/** The body as it was before the sender compressed it. @throws Refusal 415 */
export function decoded(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') {
    return request;
  }
  const decoder = DECODERS.get(encoding);
  if (!decoder) {
    request.resume();
    throw unsupported('The Content-Encoding must be gzip, deflate or br.');
  }
  // Not pipeline(): it would end the connection on a broken body, and the sender would never read why.
  const result = request.pipe(decoder());
  request.on('error', (error) => result.destroy(error));
  return result;
}

function collect(request: IncomingMessage, body: Readable, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) {
        chunks.push(chunk);
        return;
      }
      // The rest is read and dropped, so that the sender hears the answer instead of a reset.
      body.removeAllListeners('data');
      if (body !== request) {
        body.destroy();
      }
      request.resume();
      reject(tooLarge(most));
    });
    body.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    body.on('error', () => {
      request.resume();
      reject(malformed('Malformed body'));
    });
  });
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw malformed('The body is not valid UTF-8');
  }
  return bytes.toString('utf8');
}

/** A name that is given twice has both values, which no field takes. */
function parseForm(text: string): object {
  if (text.split('&', MAX_FORM_FIELDS + 1).length > MAX_FORM_FIELDS) {
    throw malformed(`More than ${MAX_FORM_FIELDS} fields in the form`);
  }
  try {
    // An escape that is no UTF-8 would become U+FFFD silently.
    decodeURIComponent(text);
  } catch {
    throw malformed('Malformed form');
  }
  const form = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = form.get(name);
    if (Array.isArray(before)) {
      before.push(value);
    } else {
      form.set(name, before === undefined ? value : [before, value]);
    }
  }
  return Object.fromEntries(form);
}

function parseJson(text: string): object {
  const size = measureJson(text);
  for (const what of ['names', 'strings', 'depth'] as const) {
    const [most, says] = MOST[what];
    if (size[what] > most) {
      throw new InvalidInput({ body: [`The body must not ${says}.`] });
    }
  }
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    throw malformed('Malformed JSON');
  }
  if (typeof value !== 'object' || value === null) {
    throw malformed('The body must be a JSON object');
  }
  return value;
}

function malformed(message: string): Refusal {
  return new Refusal('malformed', message);
}

function tooLarge(most: number): Refusal {
  return new Refusal('too_large', `The body must not exceed ${most / 1024} KB`);
}

function unsupported(message: string): Refusal {
  return new Refusal('unsupported_media_type', message);
}
