import type { IncomingHttpHeaders } from 'node:http';
import type { Keyword } from '../opt-outs/keywords.js';
import type { ProviderSettings, StatusReport } from './provider.js';

/** A request of a provider, as it came. */
export interface CallbackRequest {
  /** What the provider asked: PUBLIC_URL with the path and query as they came; null where that is not set. */
  readonly url: string | null;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The account that a callback has to come from. */
export interface CallbackAccount {
  readonly shown: ProviderSettings;
  /** Those it may be signed with: the present one, and for a day the one before. */
  readonly secrets: readonly ProviderSettings[];
}

/** A file that came with a message, at the provider. */
export interface MediaLink {
  readonly url: string;
  readonly contentType: string | null;
}

/** A message that a phone sent, in the words of a callback. */
export interface InboundReport {
  readonly providerMessageId: string;
  readonly from: string;
  readonly to: string;
  /** The messaging service that it came through; absent or null: none. */
  readonly service?: string | null;
  readonly body: string;
  readonly media: readonly MediaLink[];
  /** What the provider took it for; absent where it leaves that to us. */
  readonly keyword?: Keyword;
  /** Whether the provider has answered a keyword already. */
  readonly isAnswered?: boolean;
}

/** What became of a message, in the words of a callback. */
export interface DeliveryReport {
  /** Absent where the path names it, or the provider knows it by its own id only. */
  readonly deliveryId?: string;
  readonly providerMessageId?: string;
  /** Null where the status is one that nobody knows. */
  readonly report: StatusReport | null;
}

/** The port to what a kind of provider tells us. It is read without what sends. */
export interface CallbackReader {
  /** Compares in constant time. */
  isGenuine(account: CallbackAccount, request: CallbackRequest): boolean;
  /** Null where it is about something else. @throws Refusal 403 where it is another account's, or InvalidInput */
  readInbound(account: CallbackAccount, request: CallbackRequest): InboundReport | null;
  /** The same of a status. */
  readStatus(account: CallbackAccount, request: CallbackRequest): DeliveryReport | null;
  /** What a provider wants to hear of an inbound message. */
  readonly inboundAnswer: { readonly type: string; readonly text: string };
}
