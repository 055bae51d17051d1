import { uuidv7 } from 'uuidv7';
import { InvalidInput } from '../platform/common/errors/refusal.js';
import { isStorable } from '../platform/common/fields/json-value.js';
import type { MessagePart, MessageType } from './message.entity.js';

/** A part as it is sent: with a `body`, or with a file. */
export interface NewPart {
  /** A UUID, unique within the message; made where it is not given. */
  readonly id?: string | null;
  readonly mimeType: string;
  readonly body?: string | null;
  /** `base64`, or none. */
  readonly encoding?: string | null;
  readonly fileId?: string | null;
}

export const MAX_CONTENT_CHARACTERS = 16_000;
export const MAX_PARTS = 100;
/** Characters of a body that is written as text, which so has 8 KB at most; Layer's SDKs count them too. */
export const MAX_TEXT_CHARACTERS = 2_048;
/** Bytes of any other body once it is decoded. */
export const MAX_BODY_BYTES = 2_048;
export const MAX_BASE64_CHARACTERS = Math.ceil(MAX_BODY_BYTES / 3) * 4;
/** A text in the words of Layer's newer SDKs: JSON that has it as `text`. */
const LAYER_TEXT = /^application\/vnd\.layer\.text\+json\s*(;|$)/i;
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}(?:==)?|[A-Za-z\d+/]{3}=?)?$/;

/**
 * The parts of a message as they are stored.
 * @param sizeOf bytes of the file with this id; undefined where the sender may not send it
 * @throws InvalidInput on `parts`
 */
export function composeParts(
  parts: readonly NewPart[],
  sizeOf: (fileId: string) => number | undefined,
): readonly MessagePart[] {
  if (parts.length < 1 || parts.length > MAX_PARTS) {
    throw new InvalidInput({ parts: [`The parts field must have between 1 and ${MAX_PARTS} items.`] });
  }
  const ids = new Set<string>();
  return parts.map((part, at) => {
    const id = part.id ?? uuidv7();
    const problem = ids.has(id) ? (['id', 'must not be that of another part.'] as const) : problemOf(part);
    if (problem) {
      throw wrong(at, ...problem);
    }
    ids.add(id);
    return { id, mimeType: part.mimeType, ...(hasBody(part) ? bodyOf(part) : fileOf(part, at, sizeOf)) };
  });
}

/** The files that parts name, each once. */
export function filesIn(parts: readonly Pick<NewPart, 'fileId'>[]): string[] {
  return [...new Set(parts.flatMap(({ fileId }) => fileId ?? []))];
}

/**
 * What a message of these parts is to those who know no parts: of the kind of its first, in the words of its first
 * text.
 */
export function summaryOf(parts: readonly MessagePart[]): { readonly type: MessageType; readonly content: string } {
  const { mimeType } = parts[0]!;
  const text = parts.find((part) => kindOf(part.mimeType) === 'text' && part.body !== undefined);
  const words = text ? wordsOf(text) : '';
  return { type: kindOf(mimeType), content: words.trim() === '' || !isStorable(words) ? mimeType : words };
}

/** Whether the type and the content of a message say all that is in its parts: they are one plain text. */
export function isPlainText(parts: readonly MessagePart[], content: string): boolean {
  const [part, ...others] = parts;
  return others.length === 0 && part?.mimeType.toLowerCase() === 'text/plain' && textOf(part) === content;
}

function kindOf(mimeType: string): MessageType {
  if (LAYER_TEXT.test(mimeType)) {
    return 'text';
  }
  const [, kind] = /^(text|image)\//i.exec(mimeType) ?? [];
  return (kind?.toLowerCase() as 'text' | 'image' | undefined) ?? 'file';
}

/** What there is to read in a part of the kind `text`. */
function wordsOf(part: MessagePart): string {
  const text = textOf(part)!;
  if (!LAYER_TEXT.test(part.mimeType)) {
    return text;
  }
  try {
    const said = (JSON.parse(text) as { readonly text?: unknown } | null)?.text;
    return typeof said === 'string' ? said : '';
  } catch {
    return '';
  }
}

function textOf({ body, encoding }: MessagePart): string | undefined {
  return body !== undefined && encoding === 'base64' ? Buffer.from(body, 'base64').toString() : body;
}

function hasBody({ body }: NewPart): boolean {
  return typeof body === 'string';
}

/** The field of a part that is wrong, and what is wrong with it. */
function problemOf(part: NewPart): readonly [field: string, says: string] | null {
  const { body, encoding, fileId } = part;
  if (typeof body !== 'string') {
    if (typeof fileId !== 'string') {
      return ['body', 'is required, or file_uuid.'];
    }
    return typeof encoding === 'string' ? ['encoding', 'is only for a body.'] : null;
  }
  if (typeof fileId === 'string') {
    return ['file_uuid', 'must not be given next to a body.'];
  }
  if (typeof encoding === 'string' && encoding !== 'base64') {
    return ['encoding', 'must be base64, or not given.'];
  }
  if (!isStorable(body)) {
    return ['body', 'must not contain U+0000 or half a surrogate pair.'];
  }
  if (encoding === 'base64' && !BASE64.test(body)) {
    return ['body', 'must be base64.'];
  }
  if (encoding !== 'base64') {
    return isLongerThan(MAX_TEXT_CHARACTERS, body)
      ? ['body', `must not be greater than ${MAX_TEXT_CHARACTERS} characters.`]
      : null;
  }
  // What base64 decodes to, Node tells without decoding.
  return Buffer.byteLength(body, 'base64') > MAX_BODY_BYTES
    ? ['body', `must not be greater than ${MAX_BODY_BYTES / 1024} KB.`]
    : null;
}

/** The length is looked at first: an attack is a long text, and counting its characters takes time. */
function isLongerThan(max: number, text: string): boolean {
  return text.length > 2 * max || [...text].length > max;
}

function bodyOf({ body, encoding }: NewPart): Pick<MessagePart, 'body' | 'encoding'> {
  return { body: body!, ...(encoding === 'base64' ? { encoding } : {}) };
}

function fileOf(
  { fileId }: NewPart,
  at: number,
  sizeOf: (fileId: string) => number | undefined,
): Pick<MessagePart, 'fileId' | 'size'> {
  const size = sizeOf(fileId!);
  if (size === undefined) {
    throw wrong(at, 'file_uuid', 'must be a file that is uploaded, and the sender’s to send.');
  }
  return { fileId: fileId!, size };
}

function wrong(at: number, field: string, says: string): InvalidInput {
  const path = `parts.${at}.${field}`;
  return new InvalidInput({ [path]: [`The ${path} field ${says}`] });
}
