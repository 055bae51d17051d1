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
  /** Real time only; no webhook tells it. */
  'message.delivered': Receipt;
  'channel.created': { readonly id: string };
  'channel.updated': { readonly id: string };
  'customer.created': { readonly id: string };
  'customer.updated': { readonly id: string };
  'customer.deleted': { readonly id: string };
  'member.joined': Membership;
  'member.left': Membership;
  /** Sent to one endpoint because somebody asked to see one arrive. */
  'webhook_endpoint.test': { readonly id: string };
}
export type EventType = keyof EventData;

/** A message as its row was; `createdAt` as PostgreSQL writes a timestamp into JSON. */
export interface StoredMessage {
  readonly id: string;
  readonly channelId: string;
  readonly senderId: string | null;
  readonly position: number;
  readonly type: string;
  readonly content: string;
  readonly metadata: Record<string, unknown> | null;
  readonly createdAt: string;
}

/** A customer has everything of a channel up to `position`, whose message is `messageId`. */
interface Receipt {
  readonly customerId: string;
  readonly channelId: string;
  readonly position: number;
  readonly messageId: string;
}

interface Membership {
  readonly channelId: string;
  readonly customerId: string;
}

/** What a webhook endpoint may ask for. */
export const WEBHOOK_EVENTS = [
  'message.created',
  'message.deleted',
  'message.read',
  'channel.created',
  'channel.updated',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'member.joined',
  'member.left',
] as const satisfies readonly EventType[];
