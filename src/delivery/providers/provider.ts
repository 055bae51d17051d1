import type { Download } from '../../platform/common/outbound/download.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import type { Capability } from '../addresses/address.entity.js';
import type { SignedMedia } from '../media/media.service.js';
import type { ReportedStatus } from '../deliveries/delivery-status.js';

/** A message for a provider. */
export interface OutboundText {
  /** The delivery's, which is the message's. */
  readonly id: string;
  /** A number, or a messaging service. */
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Its files, for whoever fetches them; not where it is only asked about. */
  readonly media: readonly SignedMedia[];
  /** Calls to the provider, this one included. */
  readonly attempts: number;
}

/** Why something failed, in our words and the provider's. */
export interface Failure {
  readonly errorCode: string;
  readonly providerCode?: string;
  readonly errorText?: string;
}

/** What came of a call. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly providerMessageId: string; readonly status: 'sending' | 'sent' }
  | ({ readonly kind: 'refused' } & Failure)
  /** It surely did nothing, so it may be made again. */
  | ({ readonly kind: 'later'; readonly retryAfter: number | null } & Failure)
  /** It may have done something. */
  | { readonly kind: 'unknown'; readonly why: string };

/** What a provider says became of a message that it took. */
export interface StatusReport extends Partial<Failure> {
  readonly status: ReportedStatus;
  readonly providerMessageId?: string;
  /** Which of its numbers a messaging service picked. */
  readonly from?: string;
  readonly segments?: number;
  /** Exact, as text. */
  readonly price?: string;
  readonly currency?: string;
}

/** A number of an account, in international format, and what it sends. */
export interface OwnedNumber {
  readonly number: string;
  /** At the provider. */
  readonly id: string;
  /** Whether what phones send to it is said to us. */
  readonly callsUs: boolean;
  readonly capabilities: readonly Capability[];
}

/** A message of a phone that a provider has, whether or not it could hand it over. */
export interface KeptText {
  readonly providerMessageId: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly sentAt: Date;
  /** Its files, at the provider. */
  media(): Promise<readonly { readonly url: string; readonly contentType: string | null }[]>;
}

/** The port to whoever carries messages to phones: one account at one provider. */
export interface MessageProvider {
  /** Calls it once: nothing below repeats it. */
  send(tenant: Tenant, message: OutboundText): Promise<SendOutcome>;
  /**
   * What a message of which no answer came may be to it, likeliest first; one of them may be another's.
   * @param since when it was called
   */
  find(tenant: Tenant, message: OutboundText, since: Date): Promise<readonly string[]>;
  /** Null where it does not say. */
  status(tenant: Tenant, message: OutboundText, providerMessageId: string): Promise<StatusReport | null>;
  /** When to ask for the status of what it took, in seconds after that. */
  readonly pollsAfterSeconds: readonly number[];
  /** Whether a message that it is given twice goes out once: then it is given again where nobody knows what came of a call. */
  readonly isIdempotent: boolean;
  /**
   * Whether a number, or a messaging service, is the account's; 'unknown' where it can't say.
   * @throws Error where it does not answer
   */
  ownsNumber(number: string): Promise<'yes' | 'no' | 'unknown'>;
  /**
   * The numbers of the account that send texts, or those of one of its services; up to `most`. Absent where it can't say.
   * @throws InvalidInput where there is no such service, or Error where it does not answer
   */
  ownedNumbers?(serviceSid: string | null, most: number): Promise<readonly OwnedNumber[]>;
  /**
   * Has what phones send to these numbers said to us, or what they send to one of its services. It changes nothing but that.
   * @throws InvalidInput where the account is not set up for it, or Error where it does not answer
   */
  callFor?(serviceSid: string | null, numbers: readonly OwnedNumber[]): Promise<void>;
  /**
   * What phones sent to a number since then, the first first. Absent where it tells again, by itself, what nobody took.
   * @throws Error where it does not answer
   */
  received?(number: string, since: Date): Promise<readonly KeptText[]>;
  /** How a file that came with a message is asked for, where that takes more than its address. Nobody else is told it. */
  mediaRequest?(url: string): Partial<Pick<Download, 'url' | 'headers' | 'rules'>>;
  /** What it has against its settings; null: nothing. @throws Error where it does not answer */
  verify(): Promise<string | null>;
}

/** The place of one message among those that a provider takes at once. Whoever has it gives it back. */
export interface Turn extends Pick<MessageProvider, 'send'> {
  readonly providerId: string;
  end(): void;
}

/** Settings of a provider, as its kind names them. */
export type ProviderSettings = Readonly<Record<string, string | number | boolean>>;

/** An account at a provider. */
export interface ProviderAccount {
  readonly tenant: Tenant;
  /** Of the row; null while it is only tried out. */
  readonly id: string | null;
  readonly shown: ProviderSettings;
  readonly secret: ProviderSettings;
}
