import smpp, { type Pdu, type SmppText } from 'smpp';

/** What a phone sent, or a part of it. */
export interface InboundPart {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** Null where it is whole. */
  readonly part: { readonly reference: number; readonly total: number; readonly number: number } | null;
}

const TON_UNKNOWN = 0;
const TON_INTERNATIONAL = 1;
const IA5 = 1;
const CYRILLIC = 6;
const HEBREW = 7;
const DECODERS = new Map([
  [CYRILLIC, new TextDecoder('iso-8859-5')],
  [HEBREW, new TextDecoder('iso-8859-8')],
]);
/** Elements of a user data header: parts with a reference of one byte and of two. */
const PART = 0x00;
const PART_16 = 0x08;

/** Null where it is no text. */
export function readInbound(pdu: Pdu): InboundPart | null {
  const body = bodyOf(pdu);
  const text = textOf(body, pdu['data_coding']);
  if (text === null) {
    return null;
  }
  return {
    from: numberOf(pdu['source_addr'], pdu['source_addr_ton']),
    to: numberOf(pdu['destination_addr'], pdu['dest_addr_ton']),
    text,
    part: partIn(body.udh ?? []) ?? partOfFields(pdu),
  };
}

/** The text of a receipt, too. */
export function bodyOf(pdu: Pdu): SmppText {
  const [short, payload] = [pdu['short_message'], pdu['message_payload']].map((field) => field as SmppText | undefined);
  return short?.message.length ? short : (payload ?? short ?? { message: '' });
}

/** A lone half of a surrogate pair stays: the other one may begin the next part. */
export function textOf({ message }: SmppText, coding: unknown): string | null {
  const alphabet = Number(coding) & 0x0f;
  if (typeof message !== 'string') {
    return DECODERS.get(alphabet)?.decode(message) ?? (message.length === 0 ? '' : null);
  }
  // The package takes ASCII for the GSM alphabet, of which every byte can be told again.
  return alphabet === IA5 ? smpp.encodings.ASCII.encode(message).toString('latin1') : message;
}

/** As E.164 where it is one; else as the network wrote it: a short code, or a name. */
function numberOf(address: unknown, ton: unknown): string {
  const text = String(address);
  const isInternational =
    ton === TON_INTERNATIONAL ? /^\d{1,15}$/.test(text) : ton === TON_UNKNOWN && /^[1-9]\d{9,14}$/.test(text);
  return isInternational ? `+${text}` : text;
}

function partIn(elements: readonly Buffer[]): InboundPart['part'] {
  for (const element of elements) {
    if (element[0] === PART && element.length >= 5) {
      return checked(element[2]!, element[3]!, element[4]!);
    }
    if (element[0] === PART_16 && element.length >= 6) {
      return checked(element.readUInt16BE(2), element[4]!, element[5]!);
    }
  }
  return null;
}

function partOfFields(pdu: Pdu): InboundPart['part'] {
  const [reference, total, number] = ['sar_msg_ref_num', 'sar_total_segments', 'sar_segment_seqnum'].map(
    (field) => pdu[field],
  );
  return typeof reference === 'number' && typeof total === 'number' && typeof number === 'number'
    ? checked(reference, total, number)
    : null;
}

/** One that counts wrongly is whole. */
function checked(reference: number, total: number, number: number): InboundPart['part'] {
  return total > 1 && number >= 1 && number <= total ? { reference, total, number } : null;
}
