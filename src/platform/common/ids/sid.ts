import { isUuid, parseId } from './type-id.js';

const SID = /^(?:SM|MM)([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})$/i;

/** A message's UUID the way text messages are named: `SM` and its digits, or `MM` where it has media. */
export function formatSid(messageId: string, medium: 'sms' | 'mms'): string {
  return `${medium === 'mms' ? 'MM' : 'SM'}${messageId.replaceAll('-', '')}`;
}

/** By either prefix and in any case, or as the core names it; null where it is none of these. */
export function parseSid(text: string): string | null {
  const digits = SID.exec(text);
  if (digits) {
    return digits.slice(1).join('-').toLowerCase();
  }
  const id = parseId('message', text);
  return id !== null && isUuid(id) ? id : null;
}
