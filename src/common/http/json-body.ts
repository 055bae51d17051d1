import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Refusal } from '../errors/refusal.js';

/** Bytes, counted after decompression. */
export const MAX_BODY = 256 * 1024;

/** A Map, for the caller chooses the name: in an object, "constructor" would be one. */
const DECODERS: ReadonlyMap<string, () => ReturnType<typeof createGunzip>> = new Map([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * The JSON object or array in the body of a request; `{}` where there is no body, so that the fields it lacks are named.
 * Written out for speed and strictness: the usual parser replaces invalid UTF-8 silently and reads forms.
 * @throws Refusal 400, 413 or 415
 */
export async function readJson(request: IncomingMessage): Promise<object> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length === 0 && request.headers['transfer-encoding'] === undefined) {
    return {};
  }
  if (!isJson(request.headers['content-type'] ?? '')) {
    request.resume();
    throw unsupported('The body must be application/json in UTF-8.');
  }
  if (length > MAX_BODY) {
    request.resume();
    throw tooLarge();
  }
  return parse(await collect(request, decoded(request)));
}

function isJson(contentType: string): boolean {
  const [mediaType, ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return mediaType === 'application/json' && (charset === undefined || /^charset="?utf-?8"?$/.test(charset));
}

/** The body as it was before the sender compressed it. */
function decoded(request: IncomingMessage): Readable {
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

function collect(request: IncomingMessage, body: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) {
        chunks.push(chunk);
        return;
      }
      // The rest is read and dropped, so that the sender hears the answer instead of a reset.
      body.removeAllListeners('data');
      if (body !== request) {
        body.destroy();
      }
      request.resume();
      reject(tooLarge());
    });
    body.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    body.on('error', () => {
      request.resume();
      reject(malformed('Malformed body'));
    });
  });
}

function parse(bytes: Buffer): object {
  if (!isUtf8(bytes)) {
    throw malformed('The body is not valid UTF-8');
  }
  const text = bytes.toString('utf8');
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
  return new Refusal('malformed', 'malformed', message);
}

function tooLarge(): Refusal {
  return new Refusal('too_large', 'too_large', `The body must not exceed ${MAX_BODY / 1024} KB`);
}

function unsupported(message: string): Refusal {
  return new Refusal('unsupported_media_type', 'unsupported_media_type', message);
}
