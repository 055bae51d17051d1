import type { Problem } from '../../common/fields/field.js';
import { isStorable } from '../../common/fields/json-value.js';
import { isMimeType } from '../../common/fields/mime-type.js';
import { parseLayerId, partUri } from '../layer-id.js';

const MAX_PARTS = 100;
/** Bytes, once decoded. */
const MAX_BODY = 2_048;
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;
const PART_URI = /^layer:\/\/\/messages\/([^/]+)\/parts\/([^/]+)$/;

/** A part as it is sent. What else it holds is what a server adds when it tells of one. */
export interface PartInput {
  readonly id?: string | null;
  readonly mime_type: string;
  readonly body?: string | null;
  readonly encoding?: 'base64' | null;
  readonly content?: { readonly id: string } | null;
}

/** The UUID of a part, from its URI or as it is; null: it is neither. */
export function parsePartId(value: unknown): string | null {
  const [, message, part] = (typeof value === 'string' && PART_URI.exec(value)) || [];
  return message === undefined
    ? parseLayerId('messages', value)
    : parseLayerId('messages', message) && parsePartId(part);
}

/** The size is checked first: an attack is a long list. */
export function checkParts(value: unknown): Problem {
  if (!Array.isArray(value)) {
    return { says: 'must be an array.' };
  }
  if (value.length < 1 || value.length > MAX_PARTS) {
    return { says: `must have between 1 and ${MAX_PARTS} items.` };
  }
  const ids = new Set<string>();
  for (const [at, part] of value.entries()) {
    const problem = checkPart(part) ?? checkUnique((part as PartInput).id, ids);
    if (problem) {
      return { at: problem.at === undefined ? String(at) : `${at}.${problem.at}`, says: problem.says };
    }
  }
  return null;
}

function checkPart(part: unknown): Problem {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) {
    return { says: 'must be an object.' };
  }
  const { id, mime_type: mimeType, body, encoding, content } = part as Readonly<Record<string, unknown>>;
  if (!isAbsent(id) && parsePartId(id) === null) {
    return { at: 'id', says: `must be ${partUri('…', '…')} with UUIDs, or a UUID.` };
  }
  if (isAbsent(mimeType)) {
    return { at: 'mime_type', says: 'is required.' };
  }
  if (!isMimeType(mimeType)) {
    return { at: 'mime_type', says: 'must be a media type, such as text/plain.' };
  }
  if (!isAbsent(encoding) && encoding !== 'base64') {
    return { at: 'encoding', says: 'must be base64, or left out.' };
  }
  if (isAbsent(content)) {
    return checkBody(body, encoding === 'base64');
  }
  if (!isAbsent(body)) {
    return { at: 'body', says: 'must be left out where there is content.' };
  }
  return parseLayerId('content', (content as { id?: unknown }).id) === null
    ? { at: 'content', says: 'must be an object with the id of a Content.' }
    : null;
}

/** Left out, it is empty: so the SDKs send an empty text. */
function checkBody(body: unknown, isBase64: boolean): Problem {
  if (isAbsent(body)) {
    return null;
  }
  if (typeof body !== 'string') {
    return { at: 'body', says: 'must be a string.' };
  }
  if (isBase64 ? !BASE64.test(body) : !isStorable(body)) {
    return { at: 'body', says: isBase64 ? 'must be in base64.' : 'must be sent in base64, for what is no text.' };
  }
  const bytes = isBase64 ? Buffer.byteLength(body, 'base64') : Buffer.byteLength(body);
  return bytes > MAX_BODY ? { at: 'body', says: `must not exceed ${MAX_BODY} bytes; send more as content.` } : null;
}

function checkUnique(id: unknown, known: Set<string>): Problem {
  const uuid = parsePartId(id);
  if (uuid === null) {
    return null;
  }
  if (known.has(uuid)) {
    return { at: 'id', says: 'must be unique within the message.' };
  }
  known.add(uuid);
  return null;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
