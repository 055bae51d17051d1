import { verify } from 'node:crypto';
import { now, unixSeconds } from '../../../platform/common/clock.js';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import type { CallbackReader, CallbackRequest, MediaLink } from '../callback.js';
import { SENDER } from '../senders.js';
import { publicKeyIn } from './telnyx-key.js';
import { reportOf, type TelnyxMessage } from './telnyx-words.js';

/** An event may be as old, or from the future. */
const TOLERANCE_SECONDS = 300;
const MAX_MEDIA = 50;

interface Event {
  readonly event_type?: unknown;
  readonly payload?: Partial<TelnyxMessage> & {
    readonly from?: { readonly phone_number?: unknown };
    readonly text?: unknown;
    readonly media?: unknown;
  };
}

/** Events of messages, which come at least once and in any order. */
export const telnyxCallbacks: CallbackReader = {
  inboundAnswer: { type: 'application/json; charset=utf-8', text: '{}' },

  isGenuine: ({ shown }, { headers, body }) => {
    const [signature, timestamp] = [headers['telnyx-signature-ed25519'], headers['telnyx-timestamp']];
    if (typeof signature !== 'string' || typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) {
      return false;
    }
    if (Math.abs(unixSeconds(now()) - Number(timestamp)) > TOLERANCE_SECONDS) {
      return false;
    }
    const key = publicKeyIn(String(shown.publicKey));
    const signed = Buffer.concat([Buffer.from(`${timestamp}|`), body]);
    return key !== null && verify(null, signed, key, Buffer.from(signature, 'base64'));
  },

  readInbound: (_, request) => {
    const { event_type: type, payload } = eventIn(request);
    if (type !== 'message.received') {
      return null;
    }
    const [providerMessageId, from, to] = [payload?.id, payload?.from?.phone_number, payload?.to?.[0]?.phone_number];
    if (!isId(providerMessageId) || !isSender(from) || !isSender(to)) {
      throw new InvalidInput({ payload: ['The payload field must have an id, a sender and a recipient.'] });
    }
    const body = typeof payload?.text === 'string' ? storable(payload.text) : '';
    // It answers STOP, START and HELP itself.
    return { providerMessageId, from, to, body, media: mediaIn(payload?.media), isAnswered: true };
  },

  readStatus: (_, request) => {
    const { event_type: type, payload } = eventIn(request);
    if ((type !== 'message.sent' && type !== 'message.finalized') || !isId(payload?.id)) {
      return null;
    }
    return { providerMessageId: payload.id, report: reportOf({ ...payload, id: payload.id }) };
  },
};

function eventIn({ body }: CallbackRequest): Event {
  try {
    const { data } = JSON.parse(body.toString('utf8')) as { data?: Event };
    return data ?? {};
  } catch {
    throw new InvalidInput({ body: ['The body must be a JSON object.'] });
  }
}

function mediaIn(media: unknown): MediaLink[] {
  return (Array.isArray(media) ? media.slice(0, MAX_MEDIA) : []).flatMap((one: unknown) => {
    const { url, content_type: contentType } = (one ?? {}) as { url?: unknown; content_type?: unknown };
    return typeof url === 'string' ? [{ url, contentType: typeof contentType === 'string' ? contentType : null }] : [];
  });
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\da-f-]{36}$/i.test(value);
}

function isSender(value: unknown): value is string {
  return typeof value === 'string' && SENDER.test(value);
}

/** PostgreSQL keeps no U+0000, and whoever sent it can't be asked to leave it out. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
