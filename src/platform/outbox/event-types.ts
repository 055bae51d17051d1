/**
 * Every event there is, on one page: its name, and what is stored of it. What leaves through webhooks, sockets and
 * `GET /events` is made of this by the presenters, so an erased customer is erased from old events too; only a message is
 * kept as it was, because its event must outlive it.
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
  'channel.deleted': { readonly id: string; readonly customerIds: readonly string[] };
  /** One member deleted what was said up to `position` from its own devices. For sockets only. */
  'channel.cleared': { readonly id: string; readonly customerId: string; readonly position: number };
  'customer.created': { readonly id: string };
  /** `formerExternalId` where that is another now: what it was. */
  'customer.updated': { readonly id: string; readonly formerExternalId?: string | null };
  'customer.deleted': { readonly id: string };
  'member.joined': Membership;
  'member.left': Membership;
  /** These three for sockets only: said to many, and what one of them did with it. */
  'announcement.created': { readonly id: string };
  'announcement.read': { readonly id: string; readonly customerId: string };
  'announcement.deleted': { readonly id: string; readonly customerId: string };
  /** These two for sockets only: one customer wants to hear of another, or no longer. */
  'follow.created': Following;
  'follow.deleted': Following;
  /** Sent to one endpoint because somebody asked to see one arrive. */
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
  /** As MessagePart says; null where `content` is all there is. Events of before there were parts lack it. */
  readonly parts?: readonly StoredPart[] | null;
  readonly createdAt: string;
  /** What its recipients are to be notified of, where the sender wants that. For sockets of Layer's only. */
  readonly notification?: StoredNotification;
}

/** `recipients`: by customer, what replaces the rest for some. */
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

/** A customer has everything of a channel up to `position`, whose message is `messageId`. */
interface Receipt {
  readonly customerId: string;
  readonly channelId: string;
  readonly position: number;
  readonly messageId: string;
}

interface Following {
  readonly customerId: string;
  readonly followedId: string;
}

interface Membership {
  readonly channelId: string;
  readonly customerId: string;
}

/** What `GET /events` shows and a webhook endpoint may ask for. */
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
] as const satisfies readonly EventType[];
