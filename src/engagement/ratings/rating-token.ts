import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Which closing is rated. */
export interface RatingKey {
  readonly channelId: string;
  readonly number: number;
}

const VERSION = 1;
const UUID_BYTES = 16;
const MAC_BYTES = 16;
const CHANNEL_AT = 1 + UUID_BYTES;
const NUMBER_AT = CHANNEL_AT + UUID_BYTES;
const BODY_BYTES = NUMBER_AT + 8;

/** What a link carries: whose it is and which closing it rates, and that this installation says so. Nothing else can be read of it. */
export function makeRatingToken(secret: Buffer, clientId: string, { channelId, number }: RatingKey): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUInt8(VERSION);
  bytesOf(clientId).copy(body, 1);
  bytesOf(channelId).copy(body, CHANNEL_AT);
  body.writeBigUInt64BE(BigInt(number), NUMBER_AT);
  return Buffer.concat([body, macOf(secret, clientId, body)]).toString('base64url');
}

/** Null where it can be none. Whether it is a right one, only its client's secret tells. */
export function readRatingToken(token: string): { readonly clientId: string; readonly key: RatingKey } | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes[0] !== VERSION || bytes.toString('base64url') !== token) {
    return null;
  }
  const number = Number(bytes.readBigUInt64BE(NUMBER_AT));
  const key = { channelId: uuidOf(bytes.subarray(CHANNEL_AT, NUMBER_AT)), number };
  return Number.isSafeInteger(number) ? { clientId: uuidOf(bytes.subarray(1, CHANNEL_AT)), key } : null;
}

export function isGenuine(secret: Buffer, clientId: string, token: string): boolean {
  const bytes = Buffer.from(token, 'base64url');
  const [body, given] = [bytes.subarray(0, BODY_BYTES), bytes.subarray(BODY_BYTES)];
  const right = macOf(secret, clientId, body);
  return given.length === right.length && timingSafeEqual(given, right);
}

function macOf(secret: Buffer, clientId: string, body: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', secret, bytesOf(clientId), 'parlance/rating', 32));
  return createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES);
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
