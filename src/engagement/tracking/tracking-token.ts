import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../../delivery/email/threads/tracking-secrets.js';

const KINDS = { open: 1, click: 2, unsubscribe: 3 } as const;
export type TokenKind = keyof typeof KINDS;

/** Whose mail a token is of. */
export interface Tracked {
  readonly clientId: string;
  readonly recipientId: string;
  /** Of a click: the number of the link. */
  readonly link: number;
}

const VERSION = 1;
const UUID_BYTES = 16;
const MAC_BYTES = 16;
const RECIPIENT_AT = 2 + UUID_BYTES;
const LINK_AT = RECIPIENT_AT + UUID_BYTES;

/** Makes the tokens of one client's mails: what no stranger can make, and nothing else can be read of. */
export class TokenMaker {
  private readonly keys = new Map<TokenKind, Buffer>();

  constructor(
    private readonly secret: Buffer,
    private readonly clientId: string,
  ) {}

  make(kind: TokenKind, recipientId: string, link = 0): string {
    const body = Buffer.alloc(bodyBytes(kind));
    body.writeUInt8(VERSION, 0);
    body.writeUInt8(KINDS[kind], 1);
    bytesOf(this.clientId).copy(body, 2);
    bytesOf(recipientId).copy(body, RECIPIENT_AT);
    if (kind === 'click') {
      body.writeUInt16BE(link, LINK_AT);
    }
    return Buffer.concat([body, macOf(this.keyOf(kind), body)]).toString('base64url');
  }

  private keyOf(kind: TokenKind): Buffer {
    const key = this.keys.get(kind) ?? keyOf(this.secret, this.clientId, kind);
    this.keys.set(kind, key);
    return key;
  }
}

/** What a token of this kind says; null where it is none of this installation. */
export function readToken(secrets: Secrets, kind: TokenKind, token: string): Tracked | null {
  const size = bodyBytes(kind) + MAC_BYTES;
  // Before it is read: it may be as long as a request can be.
  if (token.length !== Math.ceil((size * 8) / 6)) {
    return null;
  }
  const bytes = Buffer.from(token, 'base64url');
  // Of the bits in the last letter that say nothing, one spelling is right.
  if (bytes.length !== size || bytes.toString('base64url') !== token) {
    return null;
  }
  const [body, mac] = [bytes.subarray(0, -MAC_BYTES), bytes.subarray(-MAC_BYTES)];
  const clientId = uuidOf(body.subarray(2, RECIPIENT_AT));
  const isGenuine = secrets.some((secret) => timingSafeEqual(macOf(keyOf(secret, clientId, kind), body), mac));
  if (!isGenuine || body[0] !== VERSION || body[1] !== KINDS[kind]) {
    return null;
  }
  const recipientId = uuidOf(body.subarray(RECIPIENT_AT, LINK_AT));
  return { clientId, recipientId, link: kind === 'click' ? body.readUInt16BE(LINK_AT) : 0 };
}

function bodyBytes(kind: TokenKind): number {
  return LINK_AT + (kind === 'click' ? 2 : 0);
}

function keyOf(secret: Buffer, clientId: string, kind: TokenKind): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, bytesOf(clientId), `parlance/track/${kind}`, 32));
}

function macOf(key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES);
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
