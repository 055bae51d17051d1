import type { MessagePart } from '../../../messages/message.entity.js';
import type { IdentityRow } from '../identity.presenter.js';

/** A member of a channel, and how far it has come there. */
export interface MemberRow extends IdentityRow {
  /** What was said up to here was not said to it. */
  readonly joined: number;
  readonly delivered: number;
  readonly read: number;
}

export interface MessageRow {
  readonly id: string;
  readonly position: number;
  readonly content: string;
  /** Null where `content` is all there is. */
  readonly parts: readonly MessagePart[] | null;
  /** As PostgreSQL writes a timestamp into JSON. */
  readonly createdAt: string;
  /** Null where it was erased since. */
  readonly sender: IdentityRow | null;
}

/** Messages of one channel, with its members: what a message looks like depends on how far they have come. */
export interface SaidRow {
  readonly channelId: string;
  /** Whether Layer calls it a channel, and not a conversation. */
  readonly isOpen: boolean;
  readonly members: readonly MemberRow[];
  readonly messages: readonly MessageRow[];
}

/** What a customer is to a channel; a stranger gets no row. */
export type Standing = 'member' | 'former';

/** A Standing, of a row of `channel_members` that goes by `mine`, or there is none. */
export const STANDING = `CASE WHEN mine.customer_id IS NULL THEN 'former' ELSE 'member' END`;

/** The membership, or the former one, of customer `$2` in the channel with this id: one of them there has to be, `isKnown`. */
export const standingIn = (channelId: string): string => `
    LEFT JOIN channel_members mine
      ON mine.client_id = $1 AND mine.channel_id = ${channelId} AND mine.customer_id = $2
    LEFT JOIN former_members former
      ON former.client_id = $1 AND former.channel_id = ${channelId} AND former.customer_id = $2`;
export const IS_KNOWN = `(mine.customer_id IS NOT NULL OR former.customer_id IS NOT NULL)`;

/** The MemberRows of a channel as JSON; the oldest customer first. */
export const membersOf = (channelId: string): string => `(
        SELECT coalesce(json_agg(json_build_object('id', customer.id, 'externalId', customer.external_id,
                          'name', customer.name, 'profile', customer.profile, 'joined', member.joined_position,
                          'delivered', member.delivered_position, 'read', member.read_position)
                        ORDER BY customer.id), '[]')
        FROM channel_members member
        JOIN customers customer ON customer.client_id = $1 AND customer.id = member.customer_id
        WHERE member.client_id = $1 AND member.channel_id = ${channelId})`;

/** A MessageRow as JSON, of tables that go by `message` and `sender`. */
export const MESSAGE = `json_build_object('id', message.id, 'position', message.position, 'content', message.content,
               'parts', message.parts, 'createdAt', message.created_at, 'sender', CASE WHEN sender.id IS NOT NULL THEN
                 json_build_object('id', sender.id, 'externalId', sender.external_id, 'name', sender.name,
                   'profile', sender.profile) END)`;
export const WITH_SENDER = `
        LEFT JOIN customers sender ON sender.client_id = $1 AND sender.id = message.sender_id`;

/** Of a table that goes by `message`: it is not deleted, nor hidden by customer `$2`. */
export const IS_SHOWN = `message.deleted_at IS NULL AND NOT EXISTS (
          SELECT FROM hidden_messages hidden
          WHERE hidden.client_id = $1 AND hidden.customer_id = $2 AND hidden.channel_id = message.channel_id
            AND hidden.position = message.position)`;
