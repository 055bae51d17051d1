import { setTimeout as sleep } from 'node:timers/promises';
import smpp from 'smpp';
import { ticks } from '../../../platform/common/clock.js';
import type { OutboundText, SendOutcome } from '../provider.js';
import { idOfResponse } from './smpp-receipt.js';
import type { SessionTurn, SubmitAnswer } from './smpp-session.js';
import type { SmppSettings } from './smpp-settings.js';
import { encodeText, partHeader, wholeOf } from './smpp-text.js';
import { isForLater, refusalOf } from './smpp-status.js';

/** Between two attempts at a part whose predecessors the server has taken. */
const RETRY_PART_MS = 1_000;
const RETRY_FOR_MS = 15_000;
const UDH = 0x40;
const { ESME_ROK } = smpp.errors as Record<string, number>;

type Text = Pick<OutboundText, 'from' | 'to' | 'body'>;
type Fields = Readonly<Record<string, unknown>>;

/** What a text is submitted as: one `submit_sm`, or one for each part. The receipt is asked of the last. */
export function submitsOf({ from, to, body }: Text, { longTexts }: SmppSettings, reference: number): Fields[] {
  const encoded = encodeText(body);
  const { parts, dataCoding } = encoded;
  const common = {
    ...{ source_addr: digitsOf(from), ...kindOf('source_addr', from) },
    ...{ destination_addr: digitsOf(to), ...kindOf('dest_addr', to) },
    data_coding: dataCoding,
    registered_delivery: 1,
  };
  if (parts.length === 1) {
    return [{ ...common, short_message: parts[0] }];
  }
  if (longTexts === 'payload') {
    return [{ ...common, message_payload: wholeOf(encoded) }];
  }
  return parts.map((part, at) => ({
    ...common,
    esm_class: UDH,
    registered_delivery: at === parts.length - 1 ? 1 : 0,
    short_message: Buffer.concat([partHeader(reference, parts.length, at + 1), part]),
  }));
}

/**
 * Submits a text, once. Of one in parts, what follows the first is tried a few times: nothing may be sent again from its
 * beginning.
 */
export async function sendText(
  turn: SessionTurn,
  settings: SmppSettings,
  message: Text,
  { reference, late }: { readonly reference: number; readonly late: (providerMessageId: string) => void },
): Promise<SendOutcome> {
  const submits = submitsOf(message, settings, reference);
  const hearLate = (messageId: string): void => late(idOfResponse(messageId, settings));
  for (const [at, fields] of submits.entries()) {
    const isLast = at === submits.length - 1;
    const answer = await submit(turn, fields, at > 0, isLast ? hearLate : undefined);
    if (answer.kind === 'answered' && answer.status === ESME_ROK) {
      if (isLast) {
        return acceptedAs(answer.messageId, settings);
      }
      continue;
    }
    return at === 0 ? outcomeOf(answer) : endedWithin(answer, `${at} of ${submits.length} parts were taken`);
  }
  throw new Error('A text has a part');
}

async function submit(
  turn: SessionTurn,
  fields: Fields,
  again: boolean,
  late: ((messageId: string) => void) | undefined,
): Promise<SubmitAnswer> {
  const until = ticks() + RETRY_FOR_MS;
  let answer = await turn.submit(fields, late);
  while (again && answer.kind === 'answered' && isForLater(answer.status) && ticks() < until) {
    await sleep(RETRY_PART_MS);
    answer = await turn.submit(fields, late);
  }
  return answer;
}

function acceptedAs(messageId: string, settings: SmppSettings): SendOutcome {
  return messageId === ''
    ? { kind: 'unknown', why: 'the server named no id' }
    : { kind: 'accepted', providerMessageId: idOfResponse(messageId, settings), status: 'sent' };
}

function outcomeOf(answer: SubmitAnswer): SendOutcome {
  switch (answer.kind) {
    case 'answered':
      return refusalOf(answer.status);
    case 'not_sent':
      return { kind: 'later', retryAfter: null, errorCode: 'provider_unreachable' };
    case 'unknown':
      return answer;
  }
}

/** Some parts are with the server, and the rest is not: that is final. */
function endedWithin(answer: SubmitAnswer, errorText: string): SendOutcome {
  const outcome = outcomeOf(answer);
  if (outcome.kind !== 'later') {
    return outcome.kind === 'refused' ? { ...outcome, errorText } : outcome;
  }
  const { errorCode, providerCode } = outcome;
  return { kind: 'refused', errorCode, ...(providerCode === undefined ? {} : { providerCode }), errorText };
}

function digitsOf(address: string): string {
  return address.replace(/^\+/, '');
}

/** Numbering: international, a short code, or a name. */
function kindOf(field: string, address: string): Fields {
  const [ton, npi] = address.startsWith('+') ? [1, 1] : /^\d+$/.test(address) ? [3, 0] : [5, 0];
  return { [`${field}_ton`]: ton, [`${field}_npi`]: npi };
}
