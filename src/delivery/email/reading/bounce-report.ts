import { messageIdsIn } from './mail-headers.js';
import { oneLine, wellFormed } from './well-formed.js';

export interface FailedRecipient {
  readonly address: string | null;
  readonly action: string;
  /** Class, subject, detail: `5.1.1`. */
  readonly status: string | null;
  readonly diagnostic: string | null;
}

/** What a mail server says became of a mail of ours (RFC 3464). */
export interface BounceReport {
  readonly recipients: readonly FailedRecipient[];
  /** Of the mail that came back, where it is with it. */
  readonly originalMessageId: string | null;
}

const RECIPIENTS = 20;
const DIAGNOSTIC_CHARACTERS = 500;

/** `status`: the part message/delivery-status. `original`: the mail that came back, or its headers. */
export function readBounce(status: string, original: string | null): BounceReport {
  // Its first block is of the report, each other of one recipient.
  const blocks = wellFormed(status)
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .map(fieldsOf);
  const recipients = blocks.filter((fields) => fields.has('action') || fields.has('final-recipient'));
  return {
    recipients: recipients.slice(0, RECIPIENTS).map((fields) => ({
      address: addressIn(fields.get('original-recipient') ?? fields.get('final-recipient')),
      action: (fields.get('action') ?? '').toLowerCase().split(/[\s(]/, 1)[0]!,
      status: /[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null,
      diagnostic: diagnosticIn(fields.get('diagnostic-code')),
    })),
    originalMessageId: messageIdsIn(headersOf(original ?? '').get('message-id') ?? null)[0] ?? null,
  };
}

/** Not the body: it may quote another mail. */
function headersOf(mail: string): ReadonlyMap<string, string> {
  return fieldsOf(mail.replace(/\r\n?/g, '\n').replace(/^\n+/, '').split('\n\n', 1)[0]!);
}

/** Of several with one name, the first. */
function fieldsOf(block: string): ReadonlyMap<string, string> {
  const lines = block.replace(/\n[ \t]+/g, ' ').split('\n');
  const pairs = lines.flatMap((line) => {
    const [, name, value] = /^([\w-]{1,60})[ \t]*:(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name.toLowerCase(), value!.trim()] as const];
  });
  return new Map(pairs.reverse());
}

/** `rfc822; anna@example.com` */
function addressIn(value: string | undefined): string | null {
  return /([^\s;<>]+@[^\s;<>]+)/.exec(value ?? '')?.[1]?.toLowerCase() ?? null;
}

function diagnosticIn(value: string | undefined): string | null {
  const said = oneLine((value ?? '').replace(/^[\w-]+\s*;/, ''), DIAGNOSTIC_CHARACTERS);
  return said === '' ? null : said;
}

/** What a failed recipient means for the mail, and for its address. */
export type BounceClass = 'gone' | 'failed' | 'delayed' | 'none';

/** That there is nobody: a mailbox or a domain that is not there, or is closed. */
const NOBODY = /^5\.(1\.\d+|2\.1|4\.4)$/;

/** `gone`: nothing more is sent there. `failed`: not delivered. `delayed`: still tried. `none`: no failure at all. */
export function bounceClass({ action, status }: Pick<FailedRecipient, 'action' | 'status'>): BounceClass {
  if (action === 'delayed' || (action === 'failed' && status?.startsWith('4.'))) {
    return 'delayed';
  }
  if (action !== 'failed') {
    return 'none';
  }
  return NOBODY.test(status ?? '') ? 'gone' : 'failed';
}
