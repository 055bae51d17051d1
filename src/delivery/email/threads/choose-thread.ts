import type { Automatic } from '../reading/automatic-mail.js';
import { isSameSubject } from './subject.js';

/** A conversation that a mail may belong to. */
export interface Thread {
  readonly channelId: string;
  readonly isClosed: boolean;
  /** Its contact's, former ones too; none: it was erased, or is written to without one. */
  readonly contactAddresses: readonly string[];
  readonly subject: string;
}

/** A mail that is known, in its conversation. */
export interface KnownMail {
  readonly thread: Thread;
  /** Of From, To and Cc. */
  readonly addresses: readonly string[];
}

export interface IncomingMail {
  readonly from: string;
  readonly subject: string;
  readonly automatic: Automatic;
}

export type ThreadChoice =
  /** `joins`: who wrote it was no part of it, but was given its address. */
  | { readonly kind: 'continues'; readonly channelId: string; readonly joins: boolean }
  | { readonly kind: 'begins'; readonly relatedId: string | null };

/**
 * Where a mail belongs. A token proves that its writer was given the address; a Message-ID proves nothing, as it can be
 * copied from any mail that was passed on, so there its writer must have been part of that mail.
 * @param byToken the conversation whose token it came with, the token's MAC being right
 * @param followed the known ones of the mails that it names, the newest first
 */
export function chooseThread(mail: IncomingMail, byToken: Thread | null, followed: readonly KnownMail[]): ThreadChoice {
  if (byToken) {
    return continued(mail, byToken, !isContact(mail, byToken));
  }
  const own = followed.find(({ thread, addresses }) => isContact(mail, thread) || includes(addresses, mail.from));
  if (own) {
    return continued(mail, own.thread, !isContact(mail, own.thread));
  }
  return { kind: 'begins', relatedId: followed[0]?.thread.channelId ?? null };
}

function continued({ subject, automatic }: IncomingMail, thread: Thread, joins: boolean): ThreadChoice {
  // Of what is over, another subject begins anew. What a program says never begins anything where it can be told what of.
  if (thread.isClosed && automatic === 'none' && !isSameSubject(subject, thread.subject)) {
    return { kind: 'begins', relatedId: thread.channelId };
  }
  return { kind: 'continues', channelId: thread.channelId, joins };
}

function isContact({ from }: IncomingMail, { contactAddresses }: Thread): boolean {
  return includes(contactAddresses, from);
}

function includes(addresses: readonly string[], address: string): boolean {
  return addresses.some((one) => one.toLowerCase() === address.toLowerCase());
}
