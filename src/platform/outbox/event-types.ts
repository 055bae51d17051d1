/**
 * Every event, with what is stored of it. Presenters load the rest when it is sent or listed, so that an erased customer is
 * erased from old events too; only a message is stored as it was, because its event must outlive it.
 */
export interface EventData {
  'message.created': StoredMessage;
  /** `all_participants`: gone for everybody; `my_devices`: hidden from `customerId` only. */
  'message.deleted': {
    readonly id: string;
    readonly channelId: string;
    readonly mode: 'all_participants' | 'my_devices';
    readonly customerId: string | null;
  };
  'message.read': Receipt;
  /** For sockets only. */
  'message.delivered': Receipt;
  'channel.created': { readonly id: string };
  'channel.updated': { readonly id: string };
  /** Gone for everybody; `customerIds` were its members. */
  'channel.deleted': { readonly id: string; readonly customerIds: readonly string[] } & Openness;
  /** One member deleted the messages up to `position` from its own devices. For sockets only. */
  'channel.cleared': { readonly id: string; readonly customerId: string; readonly position: number };
  'customer.created': { readonly id: string };
  /** `formerExternalId` where it has changed. */
  'customer.updated': { readonly id: string; readonly formerExternalId?: string | null };
  'customer.deleted': { readonly id: string };
  'member.joined': Membership;
  'member.left': Membership & Openness;
  /** These three for sockets only. */
  'announcement.created': { readonly id: string };
  'announcement.read': { readonly id: string; readonly customerId: string };
  'announcement.deleted': { readonly id: string; readonly customerId: string };
  /** These two for sockets only. */
  'follow.created': Following;
  'follow.deleted': Following;
  'delivery.created': StoredDelivery;
  'delivery.updated': StoredDelivery;
  'opt_out.created': StoredOptOut;
  'opt_out.ended': StoredOptOut;
  /** Archived, or not any more. For sockets only. */
  'conversation.updated': { readonly id: string };
  /** A test event for one endpoint. */
  'webhook_endpoint.test': { readonly id: string };
}
export type EventType = keyof EventData;

/** An event, its type and data as one. */
export type AnyEvent = {
  readonly [Type in EventType]: { readonly type: Type; readonly data: EventData[Type] };
}[EventType];

/** A message as its row was; `createdAt` as PostgreSQL writes a timestamp into JSON. */
export interface StoredMessage {
  readonly id: string;
  readonly channelId: string;
  readonly senderId: string | null;
  readonly position: number;
  readonly type: string;
  readonly content: string;
  readonly metadata: Record<string, unknown> | null;
  /** As in MessagePart; null where `content` is all there is. Events older than message parts lack it. */
  readonly parts?: readonly StoredPart[] | null;
  readonly createdAt: string;
  /** The notification the sender asked for. For Layer's sockets only. */
  readonly notification?: StoredNotification;
}

/** How a message travels between a number of the client and a phone, as it was then. `id` is the message's. */
export interface StoredDelivery {
  readonly id: string;
  readonly channelId: string;
  readonly direction: 'inbound' | 'outbound';
  readonly medium: 'sms' | 'mms';
  readonly status: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly body: string | null;
  /** Events of before there were any lack it. */
  readonly media?: readonly StoredFile[];
  readonly errorCode: string | null;
  readonly segments: number | null;
  readonly price: string | null;
  readonly currency: string | null;
  readonly provider: string | null;
  readonly createdAt: string;
}

/** A part of a message that is a file. */
export type StoredFile = Pick<StoredPart, 'mimeType'> & { readonly fileId: string; readonly size: number };

/** `addressId` is null where all numbers of the client are meant. */
export interface StoredOptOut {
  readonly id: string;
  readonly number: string | null;
  readonly addressId: string | null;
  readonly source: string;
  readonly keyword: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

/** `recipients`: by customer id, texts that replace the others for some. */
export interface StoredNotification extends Readonly<Record<string, unknown>> {
  readonly recipients?: Readonly<Record<string, object>> | null;
}

/** `body`, or the file `fileId` of `size` bytes. */
export interface StoredPart {
  readonly id: string;
  readonly mimeType: string;
  readonly body?: string;
  readonly encoding?: 'base64';
  readonly fileId?: string;
  readonly size?: number;
}

/** A customer has read, or was delivered, everything up to `position`, which is message `messageId`. */
interface Receipt {
  readonly customerId: string;
  readonly channelId: string;
  readonly position: number;
  readonly messageId: string;
}

/** Whether the channel is an open one, in events that may be sent when the channel has no members left. */
interface Openness {
  readonly isOpen?: true;
}

interface Following {
  readonly customerId: string;
  readonly followedId: string;
}

interface Membership {
  readonly channelId: string;
  readonly customerId: string;
}

/** The types that `GET /events` shows and a webhook endpoint may subscribe to. */
export const WEBHOOK_EVENTS = [
  'message.created',
  'message.deleted',
  'message.read',
  'channel.created',
  'channel.updated',
  'channel.deleted',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'member.joined',
  'member.left',
  'delivery.created',
  'delivery.updated',
  'opt_out.created',
  'opt_out.ended',
] as const satisfies readonly EventType[];
