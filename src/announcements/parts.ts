import { randomUUID } from 'node:crypto';
import type { MessagePart } from '../messages/message.entity.js';

export interface NewPart {
  readonly id?: string;
  readonly mimeType: string;
  readonly body?: string;
  readonly encoding?: 'base64';
  readonly fileId?: string;
}

/** Until messages' own is here. */
export function makeParts(parts: readonly NewPart[]): MessagePart[] {
  return parts.map((part) => ({ ...part, id: part.id ?? randomUUID() }));
}
