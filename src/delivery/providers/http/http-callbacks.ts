import { Webhook } from 'standardwebhooks';
import { readInput } from '../../../platform/common/fields/read-input.js';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import { parseSid } from '../../../platform/common/ids/sid.js';
import type { CallbackReader, CallbackRequest } from '../callback.js';
import { isReported } from '../../deliveries/delivery-status.js';
import { HttpInbound, HttpStatus } from './http-callback-fields.js';

/** What a gateway of the client's own tells, signed as a webhook is. */
export const httpCallbacks: CallbackReader = {
  inboundAnswer: { type: 'application/json; charset=utf-8', text: '{}' },

  isGenuine: ({ secrets }, { headers, body }) =>
    secrets.some(({ secret }) => {
      try {
        new Webhook(String(secret)).verify(body, headers as Record<string, string>, { jsonParse: false });
        return true;
      } catch {
        return false;
      }
    }),

  readInbound: (_, request) => {
    const { id: providerMessageId, from, to, body, media } = readInput(HttpInbound, jsonIn(request));
    const files = (media ?? []).map((url) => ({ url, contentType: null }));
    return { providerMessageId, from, to, body: body ?? '', media: files };
  },

  readStatus: (_, request) => {
    const { sid, id, status, errorCode, price, currency } = readInput(HttpStatus, jsonIn(request));
    const report = isReported(status)
      ? {
          status,
          ...(errorCode ? { errorCode, providerCode: errorCode } : {}),
          ...(price ? { price } : {}),
          ...(currency ? { currency } : {}),
        }
      : null;
    const deliveryId = parseSid(sid);
    if (deliveryId === null) {
      throw new InvalidInput({ sid: ['The sid field must be the sid of a message.'] });
    }
    return { deliveryId, ...(id ? { providerMessageId: id } : {}), report };
  },
};

function jsonIn({ body }: CallbackRequest): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new InvalidInput({ body: ['The body must be a JSON object.'] });
  }
}
