import { checkList } from '../../../platform/common/fields/check-list.js';
import type { Problem } from '../../../platform/common/fields/field.js';
import { isObject } from '../../../platform/common/fields/json-value.js';
import { isMimeType, MAX_MIME_TYPE } from '../../../platform/common/fields/mime-type.js';
import {
  MAX_BODY_BYTES,
  MAX_PARTS,
  MAX_TEXT_CHARACTERS,
  MAX_BASE64_CHARACTERS,
  type NewPart,
} from '../../../messages/parts.js';
import { layerIdPattern, parseLayerId, partUri } from '../layer-id.js';

const PART_URI = /^layer:\/\/\/messages\/([^/]+)\/parts\/([^/]+)$/;

/** A part as it is sent. What else it holds is what a server adds when it tells of one. */
export interface PartInput {
  readonly id?: string | null;
  readonly mime_type: string;
  readonly body?: string | null;
  readonly encoding?: string | null;
  readonly content?: { readonly id: string } | null;
}

const PART_SCHEMA = {
  type: 'object',
  required: ['mime_type'] as string[],
  description: 'A part of a message; fields that are not listed here are ignored.',
  additionalProperties: true,
  properties: {
    id: {
      type: 'string',
      maxLength: 150,
      nullable: true,
      description: 'The Layer URI of the part or a UUID, unique within the message; generated if left out.',
    },
    mime_type: {
      type: 'string',
      minLength: 3,
      maxLength: MAX_MIME_TYPE,
      example: 'text/plain',
      description: 'The media type of the part.',
    },
    body: {
      type: 'string',
      maxLength: MAX_BASE64_CHARACTERS,
      nullable: true,
      example: 'Hello!',
      description: `The content: text of at most ${MAX_TEXT_CHARACTERS} characters, or base64 of at most ${MAX_BODY_BYTES / 1024} KB decoded.`,
    },
    encoding: {
      type: 'string',
      nullable: true,
      enum: ['base64', null] as unknown[],
      description: '`base64` if `body` holds encoded bytes; leave out for plain text.',
    },
    content: {
      type: 'object',
      nullable: true,
      description: 'Uploaded content, to send in place of a body.',
      additionalProperties: true,
      required: ['id'] as string[],
      properties: {
        id: {
          type: 'string',
          pattern: layerIdPattern('content'),
          description: 'The Layer URI of the content, or its UUID.',
        },
        size: { type: 'integer', minimum: 0, description: 'The size in bytes; ignored.' },
      },
    },
  },
} as const;

/** Parts, as the document describes them. */
export const PARTS_SCHEMA = {
  type: 'array',
  minItems: 1,
  maxItems: MAX_PARTS,
  items: PART_SCHEMA,
  example: [{ mime_type: 'text/plain', body: 'Hello!' }],
  description: 'The parts of the message.',
} as const;

/** Checks their shape only; the messages check what may be in their bodies. */
export function checkParts(value: unknown): Problem {
  return checkList(value, { min: 1, max: MAX_PARTS }, checkPart);
}

/** Neither a body nor a content is an empty body: so the SDKs send an empty text. */
export function newPart({ id, mime_type: mimeType, body, encoding, content }: PartInput): NewPart {
  return {
    id: partIdIn(id),
    mimeType,
    ...(isGiven(content) ? { fileId: parseLayerId('content', content.id), body } : { body: body ?? '', encoding }),
  };
}

function checkPart(part: unknown): Problem {
  if (!isObject(part)) {
    return { says: 'must be an object.' };
  }
  const { id, mime_type: mimeType, body, encoding, content } = part;
  if (isGiven(id) && partIdIn(id) === null) {
    return { at: 'id', says: `must be ${partUri('…', '…')} with two UUIDs, or a UUID.` };
  }
  if (!isGiven(mimeType)) {
    return { at: 'mime_type', says: 'is required.' };
  }
  if (!isMimeType(mimeType)) {
    return { at: 'mime_type', says: 'must be a media type, such as text/plain.' };
  }
  if (isGiven(content) && (!isObject(content) || parseLayerId('content', content.id) === null)) {
    return { at: 'content', says: 'must be an object with the id of a Content.' };
  }
  const noText = Object.entries({ body, encoding }).find(([, given]) => isGiven(given) && typeof given !== 'string');
  return noText ? { at: noText[0], says: 'must be a string.' } : null;
}

/** The UUID of a part, from its URI or as it is; null: it is neither. */
function partIdIn(value: unknown): string | null {
  const [, message, part] = (typeof value === 'string' && PART_URI.exec(value)) || [];
  return message === undefined ? uuidIn(value) : uuidIn(message) && uuidIn(part);
}

function uuidIn(value: unknown): string | null {
  return typeof value === 'string' && value.includes(':') ? null : parseLayerId('messages', value);
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}
