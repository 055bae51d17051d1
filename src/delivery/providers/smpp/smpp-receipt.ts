import type { Pdu } from 'smpp';
import type { StatusReport } from '../provider.js';
import type { SmppSettings } from './smpp-settings.js';

/** What a server says became of a message. */
export interface Receipt {
  /** As receipts write it. */
  readonly messageId: string;
  readonly report: StatusReport;
}

type State = 'ENROUTE' | 'DELIVRD' | 'EXPIRED' | 'DELETED' | 'UNDELIV' | 'ACCEPTD' | 'UNKNOWN' | 'REJECTD';

const REPORTS: Readonly<Record<State, StatusReport>> = {
  ENROUTE: { status: 'sending' },
  ACCEPTD: { status: 'sending' },
  UNKNOWN: { status: 'sent' },
  DELIVRD: { status: 'delivered' },
  UNDELIV: { status: 'undelivered', errorCode: 'unreachable' },
  EXPIRED: { status: 'undelivered', errorCode: 'expired' },
  DELETED: { status: 'undelivered', errorCode: 'provider_error' },
  REJECTD: { status: 'undelivered', errorCode: 'blocked' },
};
/** The values of `message_state`. */
const STATES: readonly (State | undefined)[] = [
  undefined,
  ...(['ENROUTE', 'DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'ACCEPTD', 'UNKNOWN', 'REJECTD'] as const),
];
/** Of `esm_class`: what kind of message it is. A receipt, or a notification on the way to one. */
const KIND_MASK = 0x3c;
const RECEIPTS: readonly number[] = [0x04, 0x20];
const MAX_ID_LENGTH = 255;

export function isReceipt({ esm_class: esmClass }: Pdu): boolean {
  return typeof esmClass === 'number' && RECEIPTS.includes(esmClass & KIND_MASK);
}

/** By its fields, or else by its text, of which each server has its own variety. Null where it says nothing. */
export function readReceipt(pdu: Pdu, text: string): Receipt | null {
  const words = wordsOf(text);
  const messageId = textOr(pdu['receipted_message_id']) || words.get('id') || '';
  const state = STATES[pdu['message_state'] as number] ?? stateIn(words.get('stat'));
  if (messageId === '' || messageId.length > MAX_ID_LENGTH || !state) {
    return null;
  }
  const { errorCode, status } = REPORTS[state];
  if (errorCode === undefined) {
    return { messageId, report: { status } };
  }
  const providerCode = networkCode(pdu['network_error_code']) ?? words.get('err') ?? state;
  return { messageId, report: { status, errorCode, providerCode: providerCode.slice(0, MAX_ID_LENGTH) } };
}

/** What the id of a message is kept as, of the response to it. */
export function idOfResponse(messageId: string, { dlrIdFormat }: Pick<SmppSettings, 'dlrIdFormat'>): string {
  return dlrIdFormat === 'same' ? messageId : decimalOf(messageId, dlrIdFormat === 'dec' ? 'hex' : 'dec');
}

/** The same of a receipt. */
export function idOfReceipt(messageId: string, { dlrIdFormat }: Pick<SmppSettings, 'dlrIdFormat'>): string {
  return dlrIdFormat === 'same' ? messageId : decimalOf(messageId, dlrIdFormat);
}

/** Without leading zeros; as it is where it is no number. */
function decimalOf(id: string, format: 'hex' | 'dec'): string {
  const isNumber = format === 'hex' ? /^[0-9a-f]{1,32}$/i.test(id) : /^\d{1,39}$/.test(id);
  return isNumber ? BigInt(format === 'hex' ? `0x${id}` : id).toString() : id;
}

/** `id:1 sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 text:…`; what follows `text:` is the person's. */
function wordsOf(text: string): Map<string, string> {
  const own = text.replace(/\btext:.*$/is, '');
  const words = [...own.matchAll(/\b(id|stat|err):\s*([^\s]+)/gi)];
  return new Map(words.reverse().map(([, name, value]) => [name!.toLowerCase(), value!]));
}

function stateIn(word: string | undefined): State | undefined {
  const known = word?.toUpperCase().slice(0, 7);
  return known !== undefined && Object.hasOwn(REPORTS, known) ? (known as State) : undefined;
}

/** The network's kind is its first byte, and the code the two after it. */
function networkCode(bytes: unknown): string | undefined {
  return Buffer.isBuffer(bytes) && bytes.length === 3 ? String(bytes.readUInt16BE(1)) : undefined;
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
